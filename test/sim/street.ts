import type { Stamped } from "../../controller/domain/entry.ts";
import type { Screen } from "../../controller/screen/model.ts";
import type { LoadedStation } from "../../config/load.ts";
import type { LoadedDevice } from "../../config/profile.ts";
import type { Peer, PeerDefinition } from "../../devices/kit/driver.ts";
import type { Result } from "../../devices/kit/result.ts";
import { dayOf } from "../../protocol/pickup-code/calendar.ts";
import { dice as seeded, type Dice } from "../kit/dice.ts";
import { layWire, type Wire } from "../kit/wire.ts";
import { issue, type IssuedCodes } from "./codes.ts";
import type { IssuedMembers, Person } from "./members.ts";
import { noon, Powered, type AnyEnd, type Site } from "./powered.ts";

/** A model of machine and how it stands in the simulated street. */
export interface Cabinet {
  readonly device: LoadedDevice;
  readonly peer: PeerDefinition<unknown, Uint8Array, Uint8Array>;
  readonly slots: readonly string[];
}

/** A reader of the same street, and the cards that are known there. */
export interface Lobby {
  readonly readers: readonly Omit<Cabinet, "slots">[];
  readonly members: IssuedMembers;
}

/** A good that fell, and what the kiosk knew at that moment. */
export interface Drop {
  readonly at: number;
  readonly slot: string;
  /** The attempt that was on the card for it; undefined is a broken promise. */
  readonly attempt: number | undefined;
  /** What the screen showed, and whether that kiosk had made the attempt itself. */
  readonly screen: string;
  readonly sameLife: boolean;
}

export const products = [
  { id: "water", name: { zh: "冰矿泉水", en: "Iced water" } },
  { id: "soda", name: { zh: "盐汽水", en: "Salt soda" } },
] as const;

/** One kiosk in a street: its cabinet, its card, its worker, and everything that can happen to them. Same seed, same day. */
export class Street extends Powered {
  readonly dice: Dice;
  readonly codes: IssuedCodes;
  readonly wire: Wire;
  readonly peer: Peer<Uint8Array>;
  /** Readers and scanners, by the id of the device. */
  readonly readers: ReadonlyMap<string, { readonly wire: Wire; readonly peer: Peer<Uint8Array> }>;
  readonly drops: Drop[] = [];
  readonly refs = new Set<string>();
  readonly people: readonly Person[];
  #fallen = 0;
  readonly #cabinet: Cabinet;
  readonly #loaded: LoadedStation;

  constructor(cabinet: Cabinet, seed: number, lobby?: Lobby) {
    const dice = seeded(seed);
    super(dice);
    this.dice = dice;
    this.#cabinet = cabinet;
    this.codes = issue(
      dayOf(noon),
      products.map(({ id }) => id),
      lobby?.members,
    );
    const { wire, peer } = layWire(cabinet.peer, cabinet.device.options, this.clock, seed + 1);
    this.wire = wire;
    this.peer = peer;
    this.people = lobby?.members.people ?? [];
    this.readers = new Map(
      (lobby?.readers ?? []).map(({ device, peer }, index) => [
        device.id,
        layWire(peer, device.options, this.clock, seed + 2 + index),
      ]),
    );
    this.#loaded = loaded(cabinet, lobby);
    this.clock.watch = () => this.#look();
  }

  protected override site(): Site {
    return { loaded: this.#loaded, keys: this.codes.keys };
  }

  /** Every device of this street hangs on a line of bytes. */
  protected override end(match: string): Promise<Result<AnyEnd>> {
    return (this.readers.get(match)?.wire ?? this.wire).open();
  }

  protected override looks({ body }: Screen): void {
    if (body.is === "refused" && "ref" in body.refusal && body.refusal.ref) this.refs.add(body.refusal.ref);
  }

  /** Types a code as a hand does. */
  async type(code: string, pace = 250): Promise<void> {
    for (const digit of code) {
      this.press(digit);
      await this.clock.pass(pace);
    }
  }

  get shows(): string {
    const { body } = this.screen;
    return body.is === "refused" ? body.refusal.id : body.is === "enter" && body.said ? body.said.id : body.is;
  }

  /** The planogram: which product a slot holds. */
  productOf(slot: string): string {
    return this.#loaded.station.slots.find((place) => place.slot === slot)?.product ?? "";
  }

  kioskSlots(): readonly string[] {
    return this.#cabinet.slots;
  }

  entries(): readonly Stamped[] {
    return this.card.entries;
  }

  /** Looked at after each wake: what fell, and what the kiosk had promised by then. */
  #look(): void {
    const truth = this.peer.truth();
    for (; this.#fallen < truth.length; this.#fallen++) {
      const slot = truth[this.#fallen] ?? "";
      const settled = new Set(this.card.entries.flatMap(({ entry }) => (entry.kind === "outcome" ? [entry.of] : [])));
      const explained = new Set(this.drops.map((drop) => drop.attempt));
      const open = this.card.entries.filter(
        ({ seq, entry }) => entry.kind === "attempt" && entry.slot === slot && !explained.has(seq),
      );
      // The newest unsettled attempt is the one that moves; one settled as unknown may still drop late.
      const attempt = (open.findLast(({ seq }) => !settled.has(seq)) ?? open.at(-1))?.seq;
      const sameLife = attempt !== undefined && attempt > this.bornAt && !settled.has(attempt);
      this.drops.push({ at: this.clock.mono(), slot, attempt, screen: this.screen.body.is, sameLife });
    }
  }
}

function loaded({ device, slots }: Cabinet, lobby: Lobby | undefined): LoadedStation {
  const readers = (lobby?.readers ?? []).map((reader) => reader.device);
  return {
    station: {
      v: 1,
      station: {
        id: "SIM-1",
        number: 42,
        site: "42",
        name: { zh: "模拟站", en: "Simulated station" },
        machine: "01",
        phone: "12351",
        opens: "00:00",
        closes: "24:00",
      },
      screen: { widthMm: 222, attached: true },
      devices: [device, ...readers].map(({ id, profile, wiring }) => ({
        id,
        profile: profile.model,
        wiring,
        options: {},
      })),
      products: products.map(({ id, name }) => ({ id, name: { ...name } })),
      slots: slots.map((slot, index) => ({
        device: device.id,
        slot,
        product: index % 2 === 0 ? "water" : "soda",
        capacity: 10,
        critical: 2,
      })),
      trust: [],
      keyDays: 14,
      escrow: 3,
      neighbours: [],
    },
    devices: [device, ...readers],
    campaignFiles: [],
    listFiles: [],
    keyFiles: [],
    memberFiles: [],
  };
}
