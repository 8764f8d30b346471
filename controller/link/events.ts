import { millis, minutes, seconds, type Clock, type Millis, type Timer } from "../../devices/kit/clock.ts";
import { fault } from "../../devices/kit/fault.ts";
import { readAck, type Ack } from "../../protocol/events/ack.ts";
import type { Mark, Stamped } from "../domain/entry.ts";
import type { Disk, World } from "../world.ts";
import { meaningOf } from "./acknowledged.ts";
import { allowance } from "./allowance.ts";
import { Backlog, comesAfter } from "./backlog.ts";
import { openCursor } from "./cursor.ts";
import { startSending, type Sending } from "./sending.ts";
import type { Session } from "./uplink.ts";

/**
 * The outbox of the events. There is no second store: it is a cursor over the ledger, and an entry has left when the
 * cursor has passed it. Entries go in the order of the ledger, also after an outage; whatever is lost on the way, or
 * acknowledged by somebody who may not, is sent again.
 */
export interface Outbox {
  /** An entry is on the disk. */
  appended(entry: Pick<Stamped, "life" | "seq" | "at">): void;
  /** The births are told: events may go. */
  begin(session: Session): void;
  /** The connection is over. */
  ended(): void;
  /** A message on the topic of acknowledgements. */
  heard(payload: Uint8Array): void;
  /** Entries that were not delivered, and when the oldest of them was written, UTC. */
  depth(): { readonly count: number; readonly oldestAt?: Millis };
  stop(): Promise<void>;
}

export interface OutboxParts {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly log: Pick<World["log"], "note" | "fail">;
  /** An entry is delivered when our centre has it in its database, or already when the broker has it. */
  readonly mode: "central" | "broker";
  readonly topic: string;
  /** The centre holds another past of this kiosk than this card does. */
  disagreed(why: "rolled-back" | "forked"): void;
}

/** Acknowledgements are looked up on the disk at most this often: a flood of forged ones must not keep a vend waiting. */
const lookedUp = { atOnce: 5, every: millis(100) };
/** Of so many lives the newest word is kept until it can be looked up. */
const livesWaiting = 8;
/** How often it is sent again on request, and how often also what the centre had confirmed before. */
const sentAgain = { atOnce: 1, every: seconds(10) };
const goneBack = { atOnce: 3, every: minutes(10) };
/** The same disagreement is told again after so long. */
const toldAgain = minutes(1);

export function openOutbox({ disk, clock, log, mode, topic, disagreed }: OutboxParts): Outbox {
  const cursor = openCursor(disk.keep, clock, log);
  const backlog = new Backlog();
  const mayLook = allowance(clock, lookedUp);
  const maySendAgain = allowance(clock, sentAgain);
  const mayGoBack = allowance(clock, goneBack);
  const waiting = new Map<number, Ack>();
  let sending: Sending | undefined;
  let oldest: Millis | undefined;
  let told: { readonly what: string; readonly at: Millis } | undefined;
  let looking = false;
  let lookLater: Timer | undefined;
  let stopped = false;

  // Where the ledger ends ---------------------------------------------------------------------------------------------

  let surveyed = backlog.survey(disk, cursor.at());
  void surveyed.then(() => look());

  /** Knows the newest entry, or says that the disk does not answer. */
  const known = async (): Promise<boolean> => {
    if (!(await surveyed)) surveyed = backlog.survey(disk, cursor.at());
    return surveyed;
  };

  /** When the oldest entry that is not delivered was written. */
  const look = async (): Promise<void> => {
    const at = cursor.at();
    if (backlog.after(at) === 0) {
      oldest = undefined;
      return;
    }
    oldest = sending?.oldest(at);
    if (oldest !== undefined) return;
    const found = await disk.outgoing(at, 1);
    if (found.ok && cursor.at() === at) oldest = found.value[0]?.at;
  };

  // What was delivered ------------------------------------------------------------------------------------------------

  const delivered = (upTo: Mark): void => {
    if (comesAfter(upTo, cursor.at())) {
      cursor.move(upTo);
      void look();
    }
    sending?.confirmed(upTo);
  };

  /** Looks at what waits, one life after the other; what comes meanwhile replaces what waits. */
  const consider = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    while (waiting.size > 0 && !stopped && mayLook.take()) {
      const [ack] = waiting.values();
      if (ack === undefined) break;
      waiting.delete(ack.life);
      if (await known()) await obey(ack);
    }
    looking = false;
    if (waiting.size === 0 || stopped) return;
    lookLater?.cancel();
    lookLater = clock.after(lookedUp.every, "link: acknowledgements", () => void consider());
  };

  /** Every ledger has an entry before it has a link: its own start. */
  const newest = (): Mark => backlog.newest() ?? { life: Infinity, seq: 0 };

  const obey = async (ack: Ack): Promise<void> => {
    const meaning = await meaningOf(ack, disk, newest);
    if (meaning.is === "confirms") delivered(meaning.upTo);
    if (meaning.is === "disagrees") tell(ack.life, meaning.why);
    if (ack.need !== undefined && meaning.is !== "unanswered") sendAgain({ life: ack.life, seq: ack.need });
  };

  const tell = (life: number, why: "rolled-back" | "forked"): void => {
    const what = `${why} ${life} ${newest().life}`;
    if (told?.what === what && clock.mono() < told.at + toldAgain) return;
    told = { what, at: clock.mono() };
    log.fail("link.disagreed", fault("refused", sentences[why]));
    disagreed(why);
  };

  /** The centre lacks `first`. Where it had confirmed it before, it has lost something, and gets it again. */
  const sendAgain = (first: Mark): void => {
    const before: Mark = { life: first.life, seq: first.seq - 1 };
    if (comesAfter(before, newest())) return;
    if (comesAfter(cursor.at() ?? before, before)) {
      if (!mayGoBack.take()) return;
      log.note("link.events-lost-at-the-centre", { life: first.life, seq: first.seq });
      cursor.move(before);
      void look();
    } else if (!maySendAgain.take()) return;
    sending?.from(cursor.at());
  };

  return {
    appended(entry) {
      if (backlog.after(cursor.at()) === 0) oldest = entry.at;
      backlog.has(entry);
      sending?.appended();
    },
    begin(session) {
      sending?.stop();
      sending = startSending({
        session,
        disk,
        clock,
        log,
        mode,
        topic,
        after: cursor.at(),
        newest: () => backlog.newest(),
        delivered,
      });
      void known();
    },
    ended() {
      sending?.stop();
      sending = undefined;
    },
    heard(payload) {
      if (mode === "broker" || stopped) return;
      const read = readAck(payload);
      if (!read.ok) return;
      const ack = read.value;
      const { life, upTo, hash, need } = ack;
      if (need === undefined && sending?.endsWith({ life, seq: upTo }, hash)) return delivered({ life, seq: upTo });
      if (waiting.size >= livesWaiting && !waiting.has(life) && life !== newest().life) return;
      waiting.set(life, ack);
      void consider();
    },
    depth() {
      const count = backlog.after(cursor.at());
      return { count, ...(count === 0 || oldest === undefined ? {} : { oldestAt: oldest }) };
    },
    async stop() {
      stopped = true;
      sending?.stop();
      sending = undefined;
      lookLater?.cancel();
      await cursor.close();
    },
  };
}

const sentences = {
  "rolled-back":
    "The centre holds entries of this kiosk that this card lacks: an older copy of the card was put in. A new life of the ledger begins; keep the other card and tell the staff.",
  forked:
    "The centre holds other entries under the numbers of this card: two copies of the card were used. A new life of the ledger begins; find the other card and tell the staff.",
} as const;
