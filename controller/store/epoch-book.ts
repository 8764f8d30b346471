import { millis, type Clock } from "../../devices/kit/clock.ts";
import { parseDate, parseHours, type Span } from "../../protocol/pickup-code/calendar.ts";
import { codesAnEpoch, type Campaign } from "../../protocol/pickup-code/campaign.ts";
import { bodiesOf } from "../../protocol/pickup-code/derive.ts";
import { epochsOf, type Epoch } from "../../protocol/pickup-code/epochs.ts";
import type { Candidate, Day, Offer } from "../domain/credential.ts";

/** Codes derived before others have their turn: 1 ms on a laptop, 4 ms on a Raspberry Pi 4. */
const slice = 200;
/** … and no longer than until all others have had it. */
const giveWay = millis(0);
/** A place is epoch and index in one small number: 11 bits tell the epoch, 20 the index, which countLimit keeps below 2^20. */
const indexBits = 20;
const indexMask = 2 ** indexBits - 1;

interface HeldEpoch extends Epoch {
  readonly number: number;
  readonly offer: Offer;
  readonly count: number;
  readonly source: Iterator<number, never>;
  /** Bodies by index, as far as they are derived. */
  readonly bodies: number[];
}

/** What a campaign or a list gives, in the domain's terms. */
export function offerOf(file: {
  readonly id: string;
  readonly products: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly hours: string;
}): Offer {
  const { opens, closes } = parseHours(file.hours) ?? { opens: 0, closes: 1440 };
  const [from, to] = [parseDate(file.from) ?? 0, parseDate(file.to) ?? 0];
  return { id: file.id, products: file.products, from, to, opens, closes };
}

/**
 * The codes of every epoch that is held, by their body. Looking up takes the time of a map, and needs no constant time:
 * a body is the output of a keyed hash, so that how long its search takes tells nothing of any other code.
 */
export class EpochBook {
  readonly #campaigns: readonly { readonly campaign: Campaign; readonly offer: Offer }[];
  readonly #keys: ReadonlyMap<string, Uint8Array>;
  readonly #clock: Clock;
  readonly #held = new Map<string, HeldEpoch>();
  readonly #byNumber: (HeldEpoch | undefined)[] = [];
  /** Places by body: mostly one, rarely several epochs share a body. */
  readonly #byBody = new Map<number, number | readonly number[]>();

  constructor(campaigns: readonly Campaign[], keys: ReadonlyMap<string, Uint8Array>, clock: Clock) {
    this.#campaigns = campaigns.map((campaign) => ({ campaign, offer: offerOf(campaign) }));
    this.#keys = keys;
    this.#clock = clock;
  }

  /** The oldest first. Empty where no held epoch has the body. */
  find(body: number): readonly Candidate[] {
    const found = this.#byBody.get(body);
    if (found === undefined) return [];
    if (typeof found === "number") return [this.#candidate(found)];
    return found.map((place) => this.#candidate(place)).sort((a, b) => a.validFrom - b.validFrom);
  }

  /** Holds the epochs that touch `span` and whose key is there, and forgets all others. Derives nothing yet. */
  hold(span: Span): void {
    const wanted = new Set<string>();
    for (const { campaign, offer } of this.#campaigns)
      for (const epoch of epochsOf(campaign, span)) {
        const key = this.#keys.get(epoch.label);
        if (!key) continue;
        wanted.add(epoch.label);
        if (this.#held.has(epoch.label)) continue;
        const count = codesAnEpoch(campaign);
        const number = this.#freeNumber();
        const held = { ...epoch, number, offer, count, source: bodiesOf(key), bodies: [] };
        this.#held.set(epoch.label, held);
        this.#byNumber[number] = held;
      }
    for (const [label, held] of this.#held) if (!wanted.has(label)) this.#forget(held);
  }

  /** Derives what of the held epochs is not known yet: those open at `today` or the day before, else all others. Gives way after each slice, and for good once `superseded`. */
  async derive(which: "open" | "others", today: Day, superseded: () => boolean): Promise<void> {
    const open = (epoch: Epoch): boolean => epoch.first <= today && epoch.last >= today - 1;
    const past = (epoch: Epoch): number => (epoch.last < today ? 1 : 0);
    const due = [...this.#held.values()]
      .filter((held) => open(held) === (which === "open") && held.bodies.length < held.count)
      .sort((a, b) => past(a) - past(b) || Math.abs(a.first - today) - Math.abs(b.first - today));
    let room = slice;
    for (const held of due)
      while (held.bodies.length < held.count) {
        if (superseded() || this.#byNumber[held.number] !== held) return;
        this.#learn(held);
        if (--room > 0) continue;
        await new Promise<void>((resume) => this.#clock.after(giveWay, "codes: next slice", resume));
        room = slice;
      }
  }

  /** Numbers of forgotten epochs are given again, so that they stay small. */
  #freeNumber(): number {
    const free = this.#byNumber.indexOf(undefined);
    return free < 0 ? this.#byNumber.length : free;
  }

  #learn(held: HeldEpoch): void {
    const body = held.source.next().value;
    const place = (held.number << indexBits) | held.bodies.length;
    const others = this.#byBody.get(body);
    held.bodies.push(body);
    if (others === undefined) this.#byBody.set(body, place);
    else this.#byBody.set(body, typeof others === "number" ? [others, place] : [...others, place]);
  }

  #forget(held: HeldEpoch): void {
    this.#held.delete(held.label);
    this.#byNumber[held.number] = undefined;
    for (const body of held.bodies) {
      const found = this.#byBody.get(body);
      const rest = typeof found === "object" ? found.filter((place) => place >>> indexBits !== held.number) : [];
      if (rest.length === 0) this.#byBody.delete(body);
      else this.#byBody.set(body, rest);
    }
  }

  #candidate(place: number): Candidate {
    const held = this.#byNumber[place >>> indexBits];
    if (!held) throw new Error("The code book remembers a code of an epoch that it has forgotten.");
    return {
      credential: { kind: "derived", epoch: held.label, index: place & indexMask },
      offer: held.offer,
      validFrom: held.first,
      validTo: held.last,
    };
  }
}
