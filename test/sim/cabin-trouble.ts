import { millis, seconds } from "../../devices/kit/clock.ts";
import type { CabinRoom, Standing } from "./cabin-room.ts";
import { useOf } from "./cabin-uses.ts";
import type { DayValues } from "./cabin-values.ts";

/** What befalls a cabin, by chance. */
export class Trouble {
  cuts = 0;
  /** What happened, by name. */
  readonly tally = new Map<string, number>();
  /** By how many hours the clock lies. */
  wild = 0;
  /** Told before the power goes, and when the kiosk is on again. */
  going: () => void = () => {};
  jumped: () => void = () => {};
  came: () => void = () => {};
  readonly #room: CabinRoom;
  values: DayValues;

  constructor(room: CabinRoom, values: DayValues) {
    this.#room = room;
    this.values = values;
  }

  #any(): Standing {
    const { instruments, dice } = this.#room;
    return instruments[dice.between(0, instruments.length)] as Standing;
  }

  strike(): void {
    const { dice } = this.#room;
    const all = Object.entries(this.#strokes);
    const [name, stroke] = all[dice.between(0, all.length)] as [string, () => void];
    this.tally.set(name, (this.tally.get(name) ?? 0) + 1);
    stroke();
  }

  /** Twice as often as the others: power. */
  readonly #strokes: Readonly<Record<string, () => void>> = {
    unplugged: () => this.#unplugged(),
    "plugged elsewhere": () => this.#swapped(),
    "old results": () => {
      const { id } = this.#any();
      this.#stale(id);
      this.#later(20, () => this.#stale(id));
    },
    "somebody else": () => {
      const one = this.#any();
      // Who stands there sees the other come.
      if (one.usage.atOnce) return;
      const use = useOf(this.#room, one, this.values, this.values.pressures(), []);
      if (use) this.#room.use(one.id, 0, ...use);
    },
    error: () => {
      const { id } = this.#any();
      this.#room.turn(id, "error", 2);
      this.#room.turn(id, "no-result", 3);
      this.#room.turn(id, "fail", true);
      this.#room.turn(id, "weak", true);
    },
    garbled: () => this.#room.turn(this.#any().id, "garble", 1 + this.#room.dice.between(0, 3)),
    silent: () => this.#silent(this.#any()),
    slow: () => this.#room.turn(this.#any().id, "slow", this.#room.dice.between(50, 900)),
    noise: () => this.#noise(this.#any()),
    "no paper": () => this.#room.turn("roll", "paper", this.#room.dice.between(0, 25)),
    "silent printer": () => this.#silent(this.#room.printer),
    "full card": () => {
      const { card, dice } = this.#room;
      card.full = true;
      this.#later(dice.between(1, 60), () => (card.full = false));
    },
    "slow card": () => (this.#room.card.latency = 2000),
    "clock jumps": () => this.#jumps(),
    "clock is not trusted": () => {
      this.#room.clock.trusted = !this.#room.clock.trusted;
      this.jumped();
    },
    restart: () => this.#room.order({ op: "restart" }),
    lock: () => this.#room.order({ op: "lock", why: "the test wants it" }),
    unlock: () => this.#room.order({ op: "unlock" }),
    log: () => this.#room.order({ op: "log", lines: 200 }),
    "power cut": () => this.#later(this.#room.dice.between(0, 60), () => this.cut()),
    "power cut as results are there": () => this.#cutWhen("told"),
    "power cut at the end": () => this.#cutWhen("bye", "idle"),
    "power cut while measuring": () => this.#cutWhen("measuring"),
    "power cut while something is kept": () => this.#cutWhen("send", "pass-code", "pass"),
  };

  #later(span: number, then: () => void): void {
    this.#room.clock.after(seconds(span), "trouble", then);
  }

  /** Of a person of another day. What comes into a memory while somebody is led to it is taken for that person's. */
  #stale(id: string): void {
    const { page } = this.#room;
    const isLed = page !== undefined && ["prepare", "rest", "measuring", "between", "again"].includes(page.is);
    if (!isLed) this.#room.turn(id, "stale", true);
  }

  #unplugged(): void {
    const { dice } = this.#room;
    const { wire } = dice.chance(0.15) ? this.#room.printer : this.#any();
    wire.unplug();
    this.#later(dice.between(1, 40), () => wire.plug());
  }

  /** Two instruments of the same kind of wire change places. */
  #swapped(): void {
    const { sockets, instruments, dice } = this.#room;
    const one = this.#any();
    const others = instruments.filter(({ id, kind }) => id !== one.id && kind === one.kind);
    const other = others[dice.between(0, others.length)];
    if (other === undefined) return;
    const swap = (): void => {
      for (const { wire } of [one, other]) wire.unplug();
      const places = [...sockets].filter(([, id]) => id === one.id || id === other.id);
      for (const [place, id] of places) sockets.set(place, id === one.id ? other.id : one.id);
      for (const { wire } of [one, other]) wire.plug();
    };
    swap();
    this.#later(dice.between(20, 200), swap);
  }

  #silent({ id }: Standing): void {
    this.#room.turn(id, "silent", true);
    this.#later(this.#room.dice.between(1, 60), () => this.#room.turn(id, "silent", false));
  }

  #noise({ wire, usage }: Standing): void {
    const { noise } = wire;
    noise.split = true;
    noise.delay = this.#room.dice.between(0, 60);
    noise.double = 0.03;
    // Where nothing is checked a wire could make any number of another.
    if (usage.checked) Object.assign(noise, { flip: 0.02, lose: 0.02, garbage: 0.02 });
  }

  /** Forward, back, and to 1970. */
  #jumps(): void {
    const { clock, dice } = this.#room;
    const hours = [-30, -1, 1, 30, -24 * 365 * 56][dice.between(0, 5)] ?? 0;
    // No clock goes back behind 1970.
    if (clock.wall().utc + hours * 3_600_000 < 0) return;
    this.jump(hours);
    this.#later(dice.between(1, 90), () => this.jump(-hours));
    if (hours < -1000) clock.trusted = false;
  }

  jump(hours: number): void {
    this.wild += hours;
    this.jumped();
    this.#room.clock.jump(hours);
  }

  /** As soon as one of these pages comes, or a moment later. */
  #cutWhen(...pages: readonly string[]): void {
    const room = this.#room;
    const wait = millis(room.dice.between(0, room.dice.chance(0.7) ? 40 : 3000));
    const watch = (): void => {
      const { body } = room.screen;
      if (!pages.includes(body.is === "cabin" ? body.page.is : body.is)) return;
      room.watches.delete(watch);
      room.clock.after(wait, "power goes", () => this.cut());
    };
    room.watches.add(watch);
    this.#later(120, () => room.watches.delete(watch));
  }

  cut(): void {
    const room = this.#room;
    if (!room.on) return;
    this.cuts += 1;
    this.going();
    room.cut();
    const { dice } = room;
    if (dice.chance(0.5)) {
      room.turn("roll", "silent", true);
      room.turn("roll", "silent", false);
    }
    // What was on its way to the card is there by then, or is not.
    room.clock.after(millis(dice.between(room.card.latency + 25, 20_000)), "power comes", () => this.on());
  }

  on(): void {
    if (this.#room.on) return;
    this.came();
    this.#room.switchOn();
  }

  calm(): void {
    const room = this.#room;
    for (const { id, wire, usage } of room.standing.values()) {
      Object.assign(wire.noise, { flip: 0, lose: 0, garbage: 0, double: 0, split: false, delay: 0 });
      room.turn(id, "garble", 0);
      room.turn(id, "slow", 0);
      room.turn(id, "weak", false);
      room.turn(id, "fail", false);
      if (usage.wild) room.turn(id, "error", 0);
    }
    room.turn("roll", "paper", "full");
    room.card.latency = 25;
  }
}
