import { millis, type Clock, type Timer } from "../kit/clock.ts";
import { fault } from "../kit/fault.ts";
import type { Listening } from "../kit/port.ts";
import { err, type Result } from "../kit/result.ts";
import { Secret } from "../kit/secret.ts";
import type { Reading } from "./capability.ts";
import type { Chip, Found, Target } from "./pn532-chip.ts";

// Which card lies in the field. An empty field the chip watches itself, and tells of a card at once; whether one that lies
// there has gone it tells only when it is asked. While somebody talks with the card it is left alone.

/** Between two watches of an empty field, for whoever else wants to ask something. A tap lasts half a second. */
const brisk = millis(50);
/** While a card lies there nothing but its going is news. */
const calm = millis(500);
/** Looking again ends what was selected and proven on the card: so long after a command another may follow. */
const conversation = millis(400);

/** A UID of four bytes that begins so is made up anew by the card each time [ISO/IEC 14443-3, 6.5.4]. */
const madeUp = 0x08;
/** A command of the short form: head, length, 255 bytes, length wanted [ISO/IEC 7816-4, 5.1]. */
const longestCommand = 261;

const went = fault("no-device", "the card went");

/** The time from a card's coming to its going. */
interface Stay {
  /** The UID; the same for all that cannot be told apart. */
  readonly who: string;
  readonly reading: Reading;
}

export interface Field {
  seen(sink: (reading: Reading) => void): Listening;
  /** Whether something lies there, as far as is known. */
  taken(): boolean;
  close(): void;
}

const hex = (bytes: Uint8Array) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join("");

/** Empty where nothing lies there, or nothing that could be known again. */
function nameOf(found: Found): string {
  if (found.is === "nothing") return "";
  if (found.is === "strange") return "unread";
  const { uid } = found.target;
  return uid.length === 4 && uid[0] === madeUp ? "unread" : hex(uid);
}

export function watchField(chip: Chip, clock: Clock): Field {
  const sinks = new Set<{ readonly told: (reading: Reading) => void }>();
  let stay: Stay | undefined;
  let spokenAt = millis(0 - conversation);
  let toldAt = millis(0 - calm);
  let timer: Timer | undefined;
  let looking = false;
  /** A look was given up, or somebody else's before us: the chip may hold a card, which then answers no other look. */
  let unsure = true;
  let closed = false;

  /** Looking and talking exclude each other: what is begun is finished first. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const after = async () => {
      await last;
      return work();
    };
    const mine = after();
    last = mine;
    return mine;
  };

  const tell = (reading: Reading) => {
    toldAt = clock.mono();
    for (const { told } of Array.from(sinks)) told(reading);
  };

  const begin = (who: string, target: Target | undefined): Stay => {
    if (who === "unread" || target === undefined) return { who, reading: { is: "unread", of: "card" } };
    const exchange = (command: Uint8Array) => {
      // Not in turn: the field may be watched for a while now.
      if (stay !== mine) return Promise.resolve(err(went));
      return inTurn(() => talk(mine, target.number, command));
    };
    const mine: Stay = {
      who,
      reading: {
        is: "card",
        technology: "iso14443a",
        uid: new Secret(who),
        ...(target.speaks ? { exchange } : {}),
      },
    };
    return mine;
  };

  const talk = async (mine: Stay, target: number, command: Uint8Array): Promise<Result<Uint8Array>> => {
    if (stay !== mine) return err(went);
    if (command.length > longestCommand)
      return err(fault("misconfigured", `a card takes at most ${longestCommand} bytes: use short commands`));
    const said = await chip.exchange(target, command);
    spokenAt = clock.mono();
    // After a failure card and kiosk do not know where they stand with each other: the card is found anew, or went.
    if (!said.ok) stay = stay === mine ? undefined : stay;
    else if (clock.mono() - toldAt >= calm) tell(mine.reading);
    return said;
  };

  const look = async () => {
    if (stay && clock.mono() - spokenAt < conversation) return;
    if (stay || unsure) await chip.release();
    const found = await chip.look(stay ? "now" : "wait");
    unsure = !found.ok;
    // Silence is neither yes nor no.
    if (!found.ok || closed) return;
    const who = nameOf(found.value);
    if (who !== stay?.who)
      stay = who === "" ? undefined : begin(who, found.value.is === "card" ? found.value.target : undefined);
    if (stay) tell(stay.reading);
  };

  const lookOn = async () => {
    looking = true;
    timer = undefined;
    await inTurn(look);
    looking = false;
    if (!closed && sinks.size > 0) timer = clock.after(stay ? calm : brisk, "pn532: next look", () => void lookOn());
  };

  return {
    seen(sink) {
      const mine = { told: sink };
      if (closed) return { stop() {} };
      sinks.add(mine);
      if (!looking && timer === undefined) void lookOn();
      return {
        stop() {
          sinks.delete(mine);
          if (sinks.size > 0) return;
          timer?.cancel();
          timer = undefined;
        },
      };
    },
    taken: () => stay !== undefined,
    close() {
      closed = true;
      stay = undefined;
      sinks.clear();
      timer?.cancel();
    },
  };
}
