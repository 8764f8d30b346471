import { millis, minutes, seconds, type Clock, type Millis, type Timer } from "../../devices/kit/clock.ts";
import { fault } from "../../devices/kit/fault.ts";
import { batchFrame, batchItems, writeBatch } from "../../protocol/events/batch.ts";
import type { Mark } from "../domain/entry.ts";
import type { Disk, Outgoing, World } from "../world.ts";
import { comesAfter } from "./backlog.ts";
import { startPace } from "./pace.ts";
import type { Session } from "./uplink.ts";

/** The events of one connection, on their way. */
export interface Sending {
  appended(): void;
  /** Everything up to there is delivered. */
  confirmed(upTo: Mark): void;
  /** Goes back, and sends again what comes after. */
  from(after: Mark | undefined): void;
  /** Whether a batch on its way ends with that entry and hash. */
  endsWith(mark: Mark, hash: string): boolean;
  /** When the first entry after `mark` was written, where that one is on its way. */
  oldest(mark: Mark | undefined): Millis | undefined;
  stop(): void;
}

export interface SendingParts {
  readonly session: Session;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly log: Pick<World["log"], "note" | "fail">;
  readonly mode: "central" | "broker";
  readonly topic: string;
  /** Up to there everything was delivered. */
  readonly after: Mark | undefined;
  /** The newest entry of the ledger, as far as it is known. */
  newest(): Mark | undefined;
  /** In mode "broker": the broker has everything up to there. */
  delivered(upTo: Mark): void;
}

/** A batch that went and is not known to be delivered. */
interface Sent {
  readonly life: number;
  readonly from: number;
  readonly to: Mark;
  readonly hash: string;
  readonly at: Millis;
  /** The broker has it. */
  arrived: boolean;
}

/** Entries read at a time: so few that an entry that is to be saved meanwhile need not wait. */
const page = 250;
/** Batches that may go before the first of them is acknowledged by the centre. */
const ahead = 40;
/** An acknowledgement that has not come by then is not waited for, first and last. */
const patience = seconds(30);
const longestPatience = minutes(10);
/** A disk that did not answer is asked again. */
const diskAskedAgain = seconds(5);

export function startSending(parts: SendingParts): Sending {
  const { session, disk, clock, log, mode, topic } = parts;
  const pace = startPace(clock, session.limits, topic);
  let at = parts.after;
  /** Read, and not gone yet. */
  let ready: Outgoing[] = [];
  let sent: Sent[] = [];
  /** Nothing stands behind what was read. */
  let drained = false;
  let reading = false;
  /** Entries that came since the beginning: one that comes while the disk is asked may be missing in the answer. */
  let appended = 0;
  /** Goes up when it is begun anew: an answer to an older question is no answer. */
  let turnOf = 0;
  /** The centre has not answered yet, or not for long: one batch at a time, so that a dead centre costs no traffic. */
  let silent = true;
  let patient = patience;
  let underWay = 0;
  let paused: Timer | undefined;
  let waiting: Timer | undefined;
  let over = false;

  const turn = (): void => {
    while (!over && !reading && paused === undefined && pace.room() && mayGoAhead()) {
      const wait = pace.wait();
      if (wait > 0) return pause(wait, "link: the next batch");
      const count = next();
      if (!drained && count === ready.length) return void read();
      if (count === 0) return ready.length === 0 ? undefined : tooSmall();
      send(ready.splice(0, count));
    }
  };

  /** How many of the entries that were read go together. One that is larger than what goes quickly goes alone. */
  const next = (): number =>
    fitting(ready, pace.bytes() - batchFrame) || Math.min(1, fitting(ready, pace.mostBytes - batchFrame));

  const pause = (span: Millis, label: string): void => {
    paused = clock.after(span, label, () => {
      paused = undefined;
      turn();
    });
  };

  const read = async (): Promise<void> => {
    reading = true;
    const mine = turnOf;
    const before = appended;
    const found = await disk.outgoing(ready.at(-1) ?? at, page);
    if (over || mine !== turnOf) return;
    reading = false;
    if (!found.ok) {
      log.fail("link.events-not-read", found.error);
      return pause(diskAskedAgain, "link: the disk is asked again");
    }
    ready.push(...found.value);
    const [last, newest] = [ready.at(-1) ?? at, parts.newest()];
    drained = (found.value.length === 0 && before === appended) || (newest !== undefined && !comesAfter(newest, last));
    turn();
  };

  const send = (items: readonly Outgoing[]): void => {
    const [first, last] = [items[0], items.at(-1)];
    if (first === undefined || last === undefined) return;
    const { life, seq, before } = first;
    at = { life, seq: last.seq };
    const batch: Sent = { life, from: seq, to: at, hash: last.hash, at: first.at, arrived: false };
    sent.push(batch);
    pace.sent();
    underWay += 1;
    const since = clock.mono();
    const payload = writeBatch(
      { life, from: seq, prev: before },
      items.map(({ text }) => text),
    );
    void session.publish({ topic, payload, qos: 1, retain: false }).then((done) => {
      if (over) return;
      underWay -= 1;
      pace.answered(millis(clock.mono() - since));
      if (done.ok) arrived(batch);
      else {
        log.fail("link.events-refused", done.error);
        goBack();
        pause(patient, "link: events are sent again");
      }
      turn();
    });
  };

  const arrived = (batch: Sent): void => {
    batch.arrived = true;
    waitForCentre();
    if (mode === "central") return;
    for (let first = sent[0]; first?.arrived === true; first = sent[0]) {
      sent.shift();
      parts.delivered(first.to);
    }
  };

  /**
   * Of a life that is over, what the broker has is waited for no longer: where the centre keeps it apart, it cannot say
   * so. The first entry of the next life names the last of this one, and the centre asks for what it lacks.
   */
  const open = ({ arrived: has, life }: Sent): boolean => !has || life >= (parts.newest()?.life ?? life);

  const mayGoAhead = (): boolean => {
    const most = silent ? 1 : ahead;
    if (mode === "broker" || sent.length < most) return true;
    return sent.filter(open).length < most;
  };

  /** Nobody answers for long: the first batch goes again, now and then, until somebody does. */
  const waitForCentre = (): void => {
    waiting?.cancel();
    waiting = undefined;
    if (mode === "broker" || sent.length === 0) return;
    waiting = clock.after(patient, "link: an acknowledgement", () => {
      waiting = undefined;
      // What the line has not brought to the broker yet is not the centre's fault.
      if (underWay > 0) return waitForCentre();
      log.note("link.events-unacknowledged", { batches: sent.length });
      silent = true;
      patient = millis(Math.min(longestPatience, patient * 2));
      goBack();
      turn();
    });
  };

  /** To the first batch that is not known to be delivered. */
  const goBack = (): void => {
    const first = sent.find(open) ?? sent[0];
    if (first !== undefined) from({ life: first.life, seq: first.from - 1 });
  };

  const from = (after: Mark | undefined): void => {
    turnOf += 1;
    at = after;
    ready = [];
    sent = [];
    drained = false;
    reading = false;
  };

  const tooSmall = (): void => {
    const detail = `The broker takes no packet that holds entry ${ready[0]?.seq}: its maximum packet size must be 64 KiB or more.`;
    log.fail("link.packets-too-small", fault("misconfigured", detail));
    pause(longestPatience, "link: a larger packet");
  };

  turn();

  return {
    appended() {
      appended += 1;
      drained = false;
      turn();
    },
    confirmed(upTo) {
      silent = false;
      patient = patience;
      sent = sent.filter(({ to }) => comesAfter(to, upTo));
      if (comesAfter(upTo, at)) {
        at = upTo;
        ready = ready.filter((item) => comesAfter(item, upTo));
        if (reading) {
          turnOf += 1;
          reading = false;
        }
      }
      waitForCentre();
      turn();
    },
    from(after) {
      from(after);
      turn();
    },
    endsWith: ({ life, seq }, hash) =>
      sent.some((batch) => batch.life === life && batch.to.seq === seq && batch.hash === hash),
    oldest: (mark) => sent.find(({ to }) => comesAfter(to, mark))?.at ?? ready[0]?.at,
    stop() {
      over = true;
      paused?.cancel();
      waiting?.cancel();
    },
  };
}

/** How many of the items make one batch: of one life, and no more bytes than these. */
function fitting(items: readonly Outgoing[], bytes: number): number {
  let used = -1;
  let count = 0;
  for (const { life, text } of items) {
    used += 1 + Buffer.byteLength(text);
    if (life !== items[0]?.life || used > bytes || count === batchItems) break;
    count += 1;
  }
  return count;
}
