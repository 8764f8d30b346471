import type { LoadedStation } from "../config/load.ts";
import { fault } from "../devices/kit/fault.ts";
import { err, type Result } from "../devices/kit/result.ts";
import type { CabinSetting } from "./domain/cabin/setting.ts";
import type { Entry, Stamped } from "./domain/entry.ts";
import type { Effect, Event } from "./domain/state.ts";
import type { Machines } from "./machines.ts";
import type { Passes } from "./store/passes.ts";
import type { World } from "./world.ts";

export interface CabinAsked {
  readonly world: Pick<World, "clock" | "dice" | "disk" | "log">;
  readonly loaded: Pick<LoadedStation, "station">;
  readonly setting: Pick<CabinSetting, "instruments"> | undefined;
  readonly machines: Pick<Machines, "meters" | "printer" | "print">;
  /** Under which passes are kept; without it none are. */
  readonly kioskKey: Uint8Array | undefined;
  /** Writes into the ledger, as every entry is written. */
  append(entry: Entry): Promise<Result<Stamped>>;
  send(event: Event): void;
}

type Kind = "measure" | "stop-measuring" | "print" | "seal" | "pass";
export type CabinEffect = Extract<Effect, { readonly kind: Kind }>;
type Wanted<K extends Kind> = Extract<Effect, { readonly kind: K }>;

/**
 * What the person in the health cabin sets going: instruments, printer, letter, pass. Each answer bears the number of
 * its effect; nothing of it stays here. What slips, letters and passes need is loaded when the first is asked for.
 */
export function openCabin(asked: CabinAsked): { perform(effect: CabinEffect): void } {
  const { machines, send } = asked;
  let passes: Promise<Passes> | undefined;

  const print = async ({ number, device, results, language }: Wanted<"print">): Promise<void> => {
    const columns = machines.printer(device)?.columns;
    if (columns === undefined) return send({ kind: "printed", number, result: err(noPrinter) });
    const { slipOf } = await import("./takeaway/slip.ts");
    const slip = slipOf({ results, station: asked.loaded.station.station, language, columns });
    send({ kind: "printed", number, result: await machines.print(device, slip) });
  };

  const seal = async ({ number, results }: Wanted<"seal">): Promise<void> =>
    send({ kind: "sealed", number, result: await handOver(asked, results) });

  const pass = async ({ number, code, sex, ticks }: Wanted<"pass">): Promise<void> => {
    passes ??= keptPasses(asked);
    const found = await passes?.then((kept) => kept.ask({ ...(code === undefined ? {} : { code }), sex, ticks }));
    send({ kind: "pass", number, pass: found ?? { is: "failed" } });
  };

  return {
    perform(effect) {
      switch (effect.kind) {
        case "measure": {
          const { number, device, began, person } = effect;
          return machines.meters.measure(device, {
            number,
            began,
            person,
            heard: (progress) => send({ kind: "progress", number, progress }),
            ended: (result) => send({ kind: "measured", number, result }),
          });
        }
        case "stop-measuring":
          return machines.meters.stop(effect.number);
        case "print":
          return void print(effect);
        case "seal":
          return void seal(effect);
        case "pass":
          return void pass(effect);
      }
    },
  };
}

const noPrinter = fault("no-device", "the printer is not there: is it plugged in, and on?");
const noRecipient = fault("misconfigured", "the station file names no recipient under cabin");

/** Only what is sealed reaches the disk; from there it goes to the centre as every entry does. */
async function handOver(asked: CabinAsked, results: Wanted<"seal">["results"]): Promise<Result<void>> {
  const { station } = asked.loaded;
  const recipient = station.cabin?.recipient?.key;
  if (recipient === undefined) return err(noRecipient);
  const { sealed } = await import("./takeaway/sealing.ts");
  const { dice } = asked.world;
  const { instruments = [] } = asked.setting ?? {};
  const letter = await sealed({ results, kiosk: station.station.id, recipient, instruments, dice });
  if (!letter.ok) {
    asked.world.log.fail("letter.not-sealed", letter.error);
    return letter;
  }
  const done = await asked.append(letter.value);
  return done.ok ? { ok: true, value: undefined } : done;
}

function keptPasses({ world, kioskKey }: CabinAsked): Promise<Passes> | undefined {
  if (kioskKey === undefined) return undefined;
  const { clock, dice, disk, log } = world;
  return import("./store/passes.ts").then(({ openPasses }) =>
    openPasses({ keep: disk.keep, kioskKey, clock, dice, note: log.note }),
  );
}
