import { topicsOf } from "../../protocol/fleet/topics.ts";
import type { Clock } from "../host/clock.ts";
import type { Store } from "../store/store.ts";
import type { Publish } from "./publish.ts";

export interface OrdersOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly publish: Publish;
  /** Empty: all. */
  readonly groups: readonly string[];
  readonly failed: (sentence: string) => void;
}

/** Sends commands that nobody has answered yet. Kiosks obey an id once, so that sending again does no harm. */
export interface Orders {
  /** A kiosk is there again: what waits for it is sent at once. */
  isThere(kiosk: string): void;
  /** A command was just written down. */
  written(): void;
  close(): Promise<void>;
}

interface Waiting {
  readonly id: string;
  readonly kiosk: string;
  readonly district: string;
  readonly command: object;
}

/** New commands may come from another process through the database. Milliseconds. */
const every = 1000;
/** An unanswered one is sent again. Milliseconds. */
const again = 30_000;
const atOnce = 500;

export function orders({ store, clock, publish, groups, failed }: OrdersOptions): Orders {
  /** When each was sent last, by the clock that never jumps. */
  const sent = new Map<string, { readonly kiosk: string; readonly at: number }>();
  let wait: { cancel(): void } | undefined;
  let working: Promise<void> = Promise.resolve();
  let isClosed = false;
  let isTold = false;

  const look = async (): Promise<void> => {
    try {
      const waiting = await store.query<Waiting>(
        `SELECT c.id, c.kiosk, s.district, c.command FROM commands c JOIN stations s USING (kiosk)
         WHERE c.state = 'issued' AND c.expires > $1 ORDER BY c.issued LIMIT ${atOnce}`,
        [clock.wall().utc],
      );
      isTold = false;
      const known = new Set(waiting.map(({ id }) => id));
      for (const id of sent.keys()) if (!known.has(id)) sent.delete(id);
      for (const { id, kiosk, district, command } of waiting) {
        if (groups.length > 0 && !groups.includes(district)) continue;
        const before = sent.get(id);
        if (before !== undefined && clock.mono() - before.at < again) continue;
        const put = await publish(topicsOf(district, kiosk).commands, Buffer.from(JSON.stringify(command)), false);
        if (put.ok) sent.set(id, { kiosk, at: clock.mono() });
      }
    } catch (error) {
      if (!isTold) failed(`Commands cannot be read: ${error instanceof Error ? error.message : String(error)}`);
      isTold = true;
    }
  };
  const work = () => (working = working.then(look));
  const tick = () => {
    wait = clock.after(every, "centre: commands", () => {
      void work().then(() => !isClosed && tick());
    });
  };
  tick();

  return {
    isThere(kiosk) {
      const waiting = [...sent].filter(([, order]) => order.kiosk === kiosk);
      for (const [id] of waiting) sent.delete(id);
      if (waiting.length > 0) void work();
    },
    written: () => void work(),
    async close() {
      isClosed = true;
      wait?.cancel();
      await working;
    },
  };
}
