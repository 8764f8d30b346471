import fc from "fast-check";
import { expect, it } from "vitest";
import type { Entry } from "../../../controller/domain/entry.ts";
import type { Command } from "../../../controller/domain/state.ts";
import type { Order } from "../../../protocol/commands/order.ts";
import { millis } from "../../../devices/kit/clock.ts";
import { fullShelf, hour, noon, Paper, written } from "./on-paper.ts";

// Commands that come twice and three times, before and after their time, while the disk dawdles or refuses, the motor
// fails, a worker types and the power goes: whatever the order, each is obeyed once at most, and has one end.

const orders: readonly Order[] = [
  { op: "vend", product: "water", why: "paid twice" },
  { op: "vend", product: "soda", why: "a hot day" },
  { op: "restart" },
  { op: "lock", why: "wasps" },
  { op: "unlock" },
  { op: "slot", device: "vend", slot: "1", on: false },
  { op: "refill", device: "vend", slot: "1", count: 3 },
  { op: "refill", device: "vend", slot: "1", count: 3 },
  { op: "log", lines: 10 },
  { op: "beacon", utc: noon - hour },
];
const commands: readonly Command[] = orders.map((order, index) => ({
  id: `command-${String(index).padStart(10, "0")}`,
  kid: "r1",
  role: "release",
  order,
  issued: noon,
  expires: millis(noon + (index % 3 === 0 ? 60_000 : hour)),
}));

type Step =
  | { readonly do: "send"; readonly which: number }
  | {
      readonly do: "save" | "refuse" | "cut" | "drops" | "fails" | "unclear" | "curtain" | "trust" | "doubt" | "pulled";
    }
  | { readonly do: "pass"; readonly span: number }
  | { readonly do: "jump"; readonly span: number }
  | { readonly do: "type" | "choose" | "clear" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("send" as const),
      which: fc.constantFrom(0, 0, 0, 1, 1, 1, 1, 2, 3, 4, 4, 5, 6, 7, 8, 9),
    }),
  },
  { weight: 16, arbitrary: fc.constant({ do: "save" } as const) },
  { weight: 1, arbitrary: fc.constant({ do: "refuse" } as const) },
  { weight: 2, arbitrary: fc.constant({ do: "cut" } as const) },
  {
    weight: 6,
    arbitrary: fc.constantFrom<Step>(
      { do: "drops" },
      { do: "drops" },
      { do: "fails" },
      { do: "unclear" },
      { do: "curtain" },
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom<Step>({ do: "trust" }, { do: "doubt" }, { do: "pulled" }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("pass" as const), span: fc.constantFrom(10, 1000, 9000, 30_000, 200_000) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("jump" as const), span: fc.constantFrom(-hour, -60_000, 60_000, hour) }),
  },
  { weight: 2, arbitrary: fc.constantFrom<Step>({ do: "type" }, { do: "choose" }, { do: "clear" }) },
);

class Tale {
  paper = new Paper({ disk: written(fullShelf) });
  /** What commands did in all lives of the kiosk, by what it was. */
  readonly did = new Map<string, number>();
  readonly fell = new Map<string, number>();
  readonly mistakes: string[] = [];
  #looked = 0;

  act(one: Step): void {
    const { paper } = this;
    switch (one.do) {
      case "send":
        return void paper.send({ kind: "command", command: commands[one.which] as Command });
      case "save":
        return void (paper.waits("save") > 0 && paper.save());
      case "refuse":
        return void (paper.waits("save") > 0 && paper.refuse());
      case "cut":
        this.paper = paper.reboot();
        this.#looked = 0;
        return;
      case "drops":
      case "fails":
      case "unclear":
        return this.#ends(one.do);
      case "curtain":
        return void (paper.waits("curtain") > 0 && paper.curtain());
      case "trust":
        return void (paper.trusted = true);
      case "doubt":
        return void (paper.trusted = false);
      case "pulled":
        return void (paper.waits("pull-log") > 0 && paper.send({ kind: "log-pulled", id: paper.take("pull-log").id }));
      case "pass":
        return void paper.pass(one.span);
      case "jump":
        return void (paper.utc += one.span);
      case "type":
        return void paper.type("1111111111");
      case "choose":
        return void paper.press("choose:1");
      case "clear":
        return void paper.press("clear");
    }
  }

  #ends(how: "drops" | "fails" | "unclear"): void {
    if (this.paper.waits("release") === 0) return;
    const [release] = this.paper.waiting.filter((effect) => effect.kind === "release");
    const attempt = this.paper.disk.find(({ seq }) => release?.kind === "release" && seq === release.seq)?.entry;
    if (how === "drops" && attempt?.kind === "attempt" && attempt.credential.kind === "command")
      this.fell.set(attempt.credential.id, (this.fell.get(attempt.credential.id) ?? 0) + 1);
    this.paper[how]();
  }

  /** Nothing is done but what the disk says was ordered. */
  look(): void {
    const onDisk = new Set(this.#entries("command").map(({ id }) => id));
    for (const effect of this.paper.performed.slice(this.#looked)) {
      if (effect.kind === "pull-log") this.#count(`log ${effect.id}`);
      if (effect.kind === "restart") this.#count("a restart");
      if (effect.kind === "answer" && ["accepted", "running", "done", "failed"].includes(effect.answer.state))
        if (!onDisk.has(effect.answer.id))
          this.mistakes.push(`${effect.answer.id} is answered before it is written down`);
    }
    this.#looked = this.paper.performed.length;
  }

  #count(what: string): void {
    this.did.set(what, (this.did.get(what) ?? 0) + 1);
  }

  #entries<K extends Entry["kind"]>(kind: K): readonly Extract<Entry, { kind: K }>[] {
    return this.paper.disk.flatMap(({ entry }) => (entry.kind === kind ? [entry as Extract<Entry, { kind: K }>] : []));
  }

  /** Everything comes to rest, and is counted. */
  end(): readonly string[] {
    this.paper.trusted = true;
    this.paper.utc = Math.max(this.paper.utc, noon + 2 * hour);
    for (let round = 0; round < 40; round++) {
      if (this.paper.waits("restart") > 0) this.act({ do: "cut" });
      const { paper } = this;
      paper.saveAll();
      while (paper.waits("curtain") > 0) paper.curtain();
      this.#ends("drops");
      this.look();
      paper.pass(200_000);
    }
    const { paper } = this;
    paper.saveAll();
    const written = this.#entries("command").map(({ id }) => id);
    const ends = this.#entries("command-ended").map(({ id }) => id);
    if (new Set(written).size < written.length) this.mistakes.push("a command was written down twice");
    if ([...ends].sort().join() !== [...written].sort().join()) this.mistakes.push("a command has not one end");
    if (
      this.#entries("refill").filter(({ by }) => by === "centre").length >
      written.filter((id) => opOf(id) === "refill").length
    )
      this.mistakes.push("a slot was filled twice for one command");
    for (const [id, times] of this.fell) if (times > 1) this.mistakes.push(`${id} dropped ${times} goods`);
    for (const [what, times] of this.did) if (times > 1) this.mistakes.push(`${what} came ${times} times`);
    for (const entry of this.#entries("command-ended"))
      if (opOf(entry.id) === "vend" && entry.ended === "done" && !this.fell.has(entry.id))
        this.mistakes.push(`${entry.id} is called done, and nothing fell`);
    if (paper.state.obeying.size > 0) this.mistakes.push("something is still being obeyed");
    return this.mistakes;
  }
}

const opOf = (id: string): string | undefined => commands.find((one) => one.id === id)?.order.op;

it.each([1, 2, 3, 4, 5])("each command is obeyed once at most, and has one end: tales of seed %i", (seed) => {
  let obeyed = 0;
  let fell = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 60 }), (steps) => {
      const tale = new Tale();
      for (const one of steps) {
        tale.act(one);
        tale.look();
      }
      expect(tale.end()).toEqual([]);
      obeyed += tale.paper.state.books.orders.size;
      fell += tale.fell.size;
    }),
    { numRuns: 2000, seed },
  );
  // The tales are worth telling.
  expect(obeyed).toBeGreaterThan(4000);
  expect(fell).toBeGreaterThan(300);
});
