import { millis, minutes, type Clock, type Timer } from "../../devices/kit/clock.ts";
import type { Mark } from "../domain/entry.ts";
import { decode, encode } from "../store/json.ts";
import type { World } from "../world.ts";

/** Up to where the ledger has been delivered. */
export interface Cursor {
  /** The last entry that was, undefined where none was. */
  at(): Mark | undefined;
  move(to: Mark | undefined): void;
  close(): Promise<void>;
}

const keptAs = "link.cursor";
/** A card wears out by commits: a start that knows a minute less sends some entries twice, which harms nobody. */
const keptEvery = minutes(1);

export function openCursor(keep: World["disk"]["keep"], clock: Clock, log: Pick<World["log"], "fail">): Cursor {
  const said = decode<Mark>(keep.get(keptAs));
  let at = isMark(said) ? { life: said.life, seq: said.seq } : undefined;
  let kept = at;
  let keptWhen = millis(clock.mono() - keptEvery);
  let timer: Timer | undefined;
  let writing = Promise.resolve();
  let closed = false;

  const write = async (): Promise<void> => {
    timer = undefined;
    if (at?.life === kept?.life && at?.seq === kept?.seq) return;
    keptWhen = clock.mono();
    const mark = at;
    const done = await keep.put(keptAs, encode(mark ?? {}));
    if (done.ok) kept = mark;
    else log.fail("link.cursor-not-kept", done.error);
  };

  return {
    at: () => at,
    move(to) {
      at = to;
      // What is heard while the kiosk stops finds the disk closed, and is heard again.
      if (closed) return;
      timer ??= clock.after(millis(Math.max(0, keptWhen + keptEvery - clock.mono())), "link: keep the cursor", () => {
        writing = write();
      });
    },
    async close() {
      closed = true;
      timer?.cancel();
      await writing;
      await write();
    },
  };
}

const isMark = (said: Mark | undefined): said is Mark =>
  said !== undefined && Number.isSafeInteger(said.life) && Number.isSafeInteger(said.seq);
