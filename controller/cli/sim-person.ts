import { millis, type Clock, type Timer } from "../../devices/kit/clock.ts";
import type { Item } from "../../devices/health/capability.ts";
import { itemsOf, wanted, type StepId } from "../domain/cabin/steps.ts";
import type { Screen } from "../screen/model.ts";
import type { Stage } from "../world.ts";
import { instruments, type Instrument } from "./demo-cabin.ts";
import { saying, type SimPerson } from "./demo-people.ts";
import type { SimWires } from "./sim-wire.ts";

/** A finger is not in the clip, nor an arm in the cuff, the moment the screen says so. */
const humanSecond = millis(1500);

export interface Chair {
  /** The stage on which the kiosk shows what whoever sits there reads. */
  readonly stage: Stage;
  /** Undefined: nobody sits there, and nobody uses what is asked for. */
  sits(person: SimPerson | undefined): void;
}

/** A simulated person reads the glass, and does what a measurement asks for. */
export function simChair(stage: Stage, peers: SimWires["peers"], clock: Clock): Chair {
  let sitting: SimPerson | undefined;
  let asked = "";
  let acting: Timer | undefined;
  /** How often each step was measured in this visit: the next strip is the next item's. */
  let strips: ReadonlyMap<StepId, number> = new Map();

  const acts = (step: StepId): void => {
    const instrument = instruments.find(({ tells }) => wanted(step).some((item) => tells[item] !== undefined));
    if (sitting === undefined || instrument === undefined) return;
    const text = saying(instrument, usedNow(instrument, step), sitting);
    if (text !== "") peers.get(instrument.id)?.turn("measure", text);
  };
  const usedNow = ({ tells, strips: hasStrips }: Instrument, step: StepId): readonly Item[] => {
    const items = Object.keys(tells) as Item[];
    if (!hasStrips) return items;
    const fitting = itemsOf[step].filter((item) => items.includes(item));
    const nth = strips.get(step) ?? 0;
    strips = new Map([...strips, [step, nth + 1]]);
    return fitting.slice(nth % fitting.length).slice(0, 1);
  };
  const reads = ({ body }: Screen): void => {
    const page = body.is === "cabin" ? body.page : undefined;
    if (page === undefined) strips = new Map();
    const now = page?.is === "measuring" ? `${page.step} ${page.reading}` : "";
    if (now === asked) return;
    asked = now;
    acting?.cancel();
    if (page?.is !== "measuring") return;
    const { step } = page;
    acting = clock.after(humanSecond, "simulated person", () => acts(step));
  };

  return {
    sits: (person) => void (sitting = person),
    stage: {
      ...stage,
      show(screen, revision) {
        stage.show(screen, revision);
        reads(screen);
      },
    },
  };
}
