import { fstatSync } from "node:fs";
import { createInterface, type Interface } from "node:readline";
import type { Peer } from "../../devices/kit/driver.ts";
import type { Drawer } from "../screen/drawer.ts";
import { ways, type Prop } from "./demo-members.ts";
import type { CabinHands } from "./sim-cabin-hands.ts";
import type { simCable } from "./sim-cable.ts";
import type { SimWires } from "./sim-wire.ts";

/** What whoever tries the simulation can do to it besides pressing keys: at the terminal and in the page's drawer. */
export interface SimHands {
  readonly drawer: Drawer;
  /** A line of the terminal. Undefined where it was done, else the sentence to print. */
  does(line: string): string | undefined;
}

export interface HandsAsked {
  readonly peers: SimWires["peers"];
  readonly props: readonly Prop[];
  /** Absent where there is no way to a centre. */
  readonly cable: Pick<ReturnType<typeof simCable>, "pull" | "plug"> | undefined;
  /** Absent where there is no health cabin. */
  readonly cabin?: CabinHands | undefined;
}

type SimPeer = Peer<unknown>;

const cabinetKnobs: Readonly<Record<string, (cabinet: SimPeer, to: string) => void>> = {
  jam: (cabinet, slot) => cabinet.turn("jam", slot),
  "no-drop": (cabinet, slot) => cabinet.turn("no-drop", slot),
  mend: (cabinet, slot) => cabinet.turn("mend", slot || "*"),
  curtain: (cabinet, how) => cabinet.turn("curtain", how),
};

export function simHands({ peers, props, cable, cabin }: HandsAsked): SimHands {
  const shown = (how: Prop["how"], what: string): void =>
    how === "tap" ? peers.get("cards")?.turn("card", what) : peers.get("scanner")?.turn("scan", what);
  const isOfCabin = (id: string): boolean =>
    cabin?.sections.some(({ items }) => items.some((item) => item.id === id)) ?? false;
  const play = (id: string): boolean => {
    const prop = props.find((one) => one.id === id);
    if (prop === undefined) return isOfCabin(id) && does(id) === undefined;
    shown(prop.how, prop.what);
    return true;
  };
  const listed = (how: Prop["how"]) => props.filter((prop) => prop.how === how);
  const names = (how: Prop["how"]): string =>
    listed(how)
      .map(({ id }) => id)
      .join(", ");

  /** A prop by its word, or any card or text. */
  const hold = (how: Prop["how"], what: string): string | undefined => {
    if (what === "") return `What? There are: ${names(how)}.`;
    const prop = listed(how).find(({ id }) => id === what);
    try {
      shown(how, prop?.what ?? what);
      return undefined;
    } catch {
      return how === "tap" ? `No such card. There are: ${names("tap")}, or a UID in hex.` : "No scanner reads that.";
    }
  };

  const does = (line: string): string | undefined => {
    const [word = "", ...rest] = line.trim().split(/\s+/);
    const to = rest.join(" ");
    const cabinet = peers.get("vend");
    const knob = cabinetKnobs[word];
    if (word === "tap" || word === "scan") return hold(word, to);
    if (cabin?.words.includes(word)) return cabin.does(word, to);
    if (word === "offline") cable?.pull();
    else if (word === "online") cable?.plug();
    else if (knob && cabinet) knob(cabinet, to);
    else {
      const words = ["tap", "scan", ...Object.keys(cabinetKnobs), ...(cabin?.words ?? []), "offline", "online", "quit"];
      return `No such word. There are: ${words.join(", ")}.`;
    }
    return undefined;
  };

  return {
    does,
    drawer: {
      sections: [
        ...(cabin?.sections ?? []),
        ...(["tap", "scan"] as const).map((how) => ({
          name: ways[how],
          items: listed(how).map(({ id, name }) => ({ id, name })),
        })),
      ],
      play,
      scan: (text) => void hold("scan", text),
    },
  };
}

/** "quit" and the end of the typing end it all; where nobody can type, it goes on. */
export function listenAtTheTerminal({ does }: SimHands, order: AbortController): Interface {
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    const said = line.trim();
    if (said === "quit") return order.abort("quit");
    if (said !== "") console.log(does(said) ?? `${said}: done.`);
  });
  if (someoneMayType()) lines.on("close", () => order.abort("nobody types any more"));
  return lines;
}

/** At a terminal or through a pipe; not at /dev/null, which a service has. */
function someoneMayType(): boolean {
  const input = fstatSync(process.stdin.fd);
  return process.stdin.isTTY || input.isFIFO() || input.isSocket();
}
