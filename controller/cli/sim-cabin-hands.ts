import type { Drawer } from "../screen/drawer.ts";
import { errorOf, instruments, printer, sitsFirst, troubles } from "./demo-cabin.ts";
import type { SimPerson } from "./demo-people.ts";
import type { Chair } from "./sim-person.ts";
import type { SimWires } from "./sim-wire.ts";

/** What is done to the health cabin, by its words at the terminal: "sit miner", "unplug pressure". */
export interface CabinHands {
  readonly words: readonly string[];
  readonly sections: Drawer["sections"];
  /** Undefined where it was done, else the sentence to print. */
  does(word: string, to: string): string | undefined;
}

const nobody = "nobody";

export function cabinHands(
  { peers, plug, unplug }: Omit<SimWires, "wires">,
  chair: Pick<Chair, "sits">,
  people: readonly SimPerson[],
): CabinHands {
  const sit = (to: string): string | undefined => {
    const person = people.find(({ id }) => id === to);
    if (person === undefined && to !== nobody)
      return `Who? There are: ${[...people.map(({ id }) => id), nobody].join(", ")}.`;
    chair.sits(person);
    return undefined;
  };
  /** The knob of an instrument, or of the printer, that has it. */
  const turned = (to: string, knob: string, turnedTo: number | boolean | string | undefined): boolean => {
    const peer = peers.get(to);
    if (turnedTo === undefined || !peer?.knobs.includes(knob)) return false;
    peer.turn(knob, turnedTo);
    return true;
  };
  const acts: Readonly<Record<string, (to: string) => boolean>> = {
    unplug,
    plug,
    stale: (to) => turned(to, "stale", true),
    error: (to) => turned(to, "error", errorOf[to]),
  };
  let torn = 0;
  /** What was printed since it was last torn off. */
  const tornOff = (): string => {
    const roll = peers.get(printer.id)?.truth() ?? [];
    const slip = roll.slice(torn);
    torn = roll.length;
    return slip.length > 0 ? slip.join("\n") : "Nothing was printed since.";
  };
  const paper = (to: string): string | undefined => {
    if (to === "") return tornOff();
    const left = to === "out" ? 0 : to === "full" ? "full" : undefined;
    return turned(printer.id, "paper", left) ? undefined : 'Say "paper out", "paper full", or "paper" to tear it off.';
  };
  return {
    words: ["sit", "paper", ...Object.keys(acts)],
    sections: [
      {
        name: { zh: "谁坐在健康小屋里", en: "Who sits in the cabin" },
        items: [
          ...people.map(({ id, name }) => ({ id: `sit ${id}`, name })),
          { id: `sit ${nobody}`, name: { zh: "没有人", en: "nobody" } },
        ],
      },
      {
        name: { zh: "健康小屋的毛病", en: "Troubles of the cabin" },
        items: troubles.map(({ line, name }) => ({ id: line, name })),
      },
    ],
    does(word, to) {
      if (word === "sit") return sit(to);
      if (word === "paper") return paper(to);
      const done = acts[word]?.(to) ?? false;
      return done ? undefined : `That cannot be done to it. There are: ${instruments.map(({ id }) => id).join(", ")}.`;
    },
  };
}

/** For the terminal: who there is, and what goes wrong. */
export const cabinInvitation = (people: readonly SimPerson[]): string => `
Health cabin: press its key on the screen. The ${sitsFirst} sits there and does what each instrument asks for:
${people
  .map(
    ({ id, name, person, shows }) => `  ${`sit ${id}`.padEnd(24)} ${name.en}, ${person.sex}, ${person.age}: ${shows}`,
  )
  .join("\n")}
  ${"paper".padEnd(24)} tears off, and shows, what was printed
  ${"sit nobody".padEnd(24)} nobody uses what is asked for
${troubles.map(({ line, name }) => `  ${line.padEnd(24)} ${name.en}`).join("\n")}
`;
