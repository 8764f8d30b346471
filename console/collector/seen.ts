import type { Sighting } from "../host/sighting.ts";
import type { Value } from "../../protocol/sparkplug/datatype.ts";

/** One value for the history. */
export interface Point {
  readonly kiosk: string;
  readonly device: string;
  readonly metric: string;
  readonly at: number;
  readonly value: Value;
}

/** The newest of a metric. */
interface Newest {
  readonly value: Value;
  readonly at: number;
  readonly stale: boolean;
}

/** One kiosk or one of its devices: what must happen to what the database holds of it. */
export interface Subject {
  readonly kiosk: string;
  /** "" is the kiosk itself. */
  readonly device: string;
  /** A birth: what it does not name is no more. */
  reborn: boolean;
  /** Nobody is there, or what is known is in doubt. */
  stale: boolean;
  readonly newest: Map<string, Newest>;
}

/** What became of a kiosk's presence; the last counts, the losses add up. */
export interface Coming {
  readonly kiosk: string;
  readonly group: string;
  /** Undefined: it spoke, which tells nothing new but when. */
  online: boolean | undefined;
  /** By our clock. */
  since: number;
  heard: number;
  bdseq: number | undefined;
  readonly losses: number[];
}

interface Dated {
  readonly name: string;
}

/** Sightings that are not stored yet, folded: a storm of a thousand is no more than the fleet. */
export class Seen {
  readonly subjects = new Map<string, Subject>();
  readonly coming = new Map<string, Coming>();
  points: Point[] = [];

  get isEmpty(): boolean {
    return this.coming.size === 0 && this.points.length === 0;
  }

  /** Gives how many values have a time that does not fit; these are left out of the history. */
  take(sighting: Sighting, fits: (point: Point) => boolean): number {
    const { is, node: kiosk, metrics } = sighting;
    const device = clean(sighting.device ?? "");
    this.#present(sighting);
    const subject = this.#subject(kiosk, device);
    if (is === "died" || is === "stale") {
      subject.stale = true;
      for (const [metric, newest] of subject.newest) subject.newest.set(metric, { ...newest, stale: true });
      return 0;
    }
    if (is === "born") {
      subject.reborn = true;
      subject.newest.clear();
    }
    let strange = 0;
    for (const { name, value, at, historical } of metrics) {
      const metric = clean(name);
      const point = { kiosk, device, metric, at, value };
      const isTime = Number.isSafeInteger(at) && at >= 0;
      if (!historical && isTime) renew(subject, metric, { value, at, stale: false });
      if (isTime && fits(point)) this.points.push(point);
      else strange += 1;
    }
    return strange;
  }

  /** Drops the oldest values of the history beyond `most`. Gives how many. */
  shorten(most: number): number {
    const over = this.points.length - most;
    if (over <= 0) return 0;
    this.points = this.points.slice(over);
    return over;
  }

  /** Adds what was seen after this. */
  follow(later: Seen): void {
    for (const { kiosk, device, reborn, stale, newest } of later.subjects.values()) {
      const subject = this.#subject(kiosk, device);
      if (reborn) {
        subject.reborn = true;
        subject.newest.clear();
      }
      if (stale) {
        subject.stale = true;
        for (const [metric, value] of subject.newest) subject.newest.set(metric, { ...value, stale: true });
      }
      for (const [metric, value] of newest) renew(subject, metric, value);
    }
    for (const [kiosk, next] of later.coming) {
      const before = this.coming.get(kiosk);
      const since = next.online === undefined && before !== undefined ? before.since : next.since;
      this.coming.set(kiosk, {
        ...next,
        since,
        online: next.online ?? before?.online,
        bdseq: next.bdseq ?? before?.bdseq,
        losses: [...(before?.losses ?? []), ...next.losses].slice(-lossesKept),
      });
    }
    this.points = [...this.points, ...later.points];
  }

  /** The months that the history touches. */
  months<M extends Dated>(monthOf: (at: number) => M): readonly M[] {
    const months = new Map<string, M>();
    for (const { at } of this.points) {
      const month = monthOf(at);
      months.set(month.name, month);
    }
    return [...months.values()];
  }

  #subject(kiosk: string, device: string): Subject {
    const key = `${kiosk}/${device}`;
    const subject = this.subjects.get(key) ?? { kiosk, device, reborn: false, stale: false, newest: new Map() };
    this.subjects.set(key, subject);
    return subject;
  }

  #present({ is, group, node: kiosk, device, heard, metrics }: Sighting): void {
    const blank: Coming = { kiosk, group, online: undefined, since: heard, heard: 0, bdseq: undefined, losses: [] };
    const coming = this.coming.get(kiosk) ?? blank;
    this.coming.set(kiosk, coming);
    // A broker tells of a death; the kiosk itself says nothing then.
    if (is === "born" || is === "data") coming.heard = heard;
    if (device !== undefined) return;
    if (is === "born") {
      const number = metrics.find(({ name }) => name === "bdSeq")?.value;
      coming.bdseq = number === undefined || number === null ? coming.bdseq : Number(number);
      if (coming.online !== true) coming.since = heard;
      coming.online = true;
    }
    if (is === "died") {
      if (coming.online !== false) {
        coming.since = heard;
        coming.losses.push(heard);
        if (coming.losses.length > lossesKept) coming.losses.shift();
      }
      coming.online = false;
    }
  }
}

const longestName = 200;

/** Neither jsonb nor text holds a NUL or half a surrogate pair, and no index a name without end. */
export const clean = (text: string, longest = longestName): string =>
  text.toWellFormed().replaceAll("\0", "\uFFFD").slice(0, longest).toWellFormed();

/** So many losses of a kiosk are remembered: enough to see that it flaps. */
export const lossesKept = 10;

/** Messages of QoS 0 may come in any order. */
function renew(subject: Subject, metric: string, value: Newest): void {
  const known = subject.newest.get(metric);
  if (known === undefined || known.at <= value.at) subject.newest.set(metric, value);
}
