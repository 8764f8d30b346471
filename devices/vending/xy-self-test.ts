import { fault } from "../kit/fault.ts";
import { err, ok, type Result } from "../kit/result.ts";
import type { SlotReport } from "./capability.ts";
import { readCold, readDropDetection, readJams, readStatus, testCurtain, wholeMachine } from "./xy-menu.ts";
import type { XyOptions } from "./xy-options.ts";
import type { XyQuestions } from "./xy-questions.ts";

export interface LookOver {
  readonly questions: XyQuestions;
  readonly options: XyOptions;
  /** Trays whose drop detection the board has confirmed to be on. */
  readonly detecting: ReadonlySet<number>;
  reports(): readonly SlotReport[];
  /** Bytes since opening that were no part of a frame. */
  junk(): number;
}

/** Asks the board for all it knows of itself; moves nothing. One sentence each, or the sentence of what is broken. */
export async function lookOver(look: LookOver): Promise<Result<readonly string[]>> {
  const { questions, options, detecting } = look;
  const told: string[] = [];
  const broken: string[] = [];

  const status = await readStatus(questions);
  if (!status.ok) return status;
  const { raw, machine, cabinets } = status.value;
  told.push(
    `Status bytes of bills, coins, card, temperature controller, temperature and door: ${raw} (the document does not say what their values mean).`,
  );
  if (machine !== "") told.push(`Machine ${machine}.`);
  if (cabinets.length > 0) told.push(`Cabinet temperatures: ${cabinets.join(", ")} °C.`);

  const reports = look.reports();
  const paused = reports.filter((report) => !report.sells);
  told.push(
    `${reports.length} of ${options.slots} slots reported, ${paused.length === 0 ? "none paused" : `paused: ${list(paused.map((report) => report.slot))}`}.`,
  );

  const jams = await readJams(questions);
  if (jams.ok)
    told.push(jams.value.length === 0 ? "No slot is marked as jammed." : `Jammed slots: ${list(jams.value)}.`);
  else told.push(`The list of jammed slots could not be read: ${jams.error.detail}.`);

  if (options.dropSensor === false) told.push("No drop sensor: a delivery is proven by the motor alone.");
  else {
    const trays = detecting.has(wholeMachine) ? "all trays" : detecting.size > 0 ? `trays ${list([...detecting])}` : "";
    told.push(
      trays ? `Drop detection is on for ${trays}.` : "Drop detection is not confirmed: no delivery counts as proven.",
    );
    const read = await readDropDetection(questions);
    told.push(
      read.ok
        ? `The board gives its drop detection as: ${read.value || "nothing"}.`
        : `The board does not give its drop detection: ${read.error.detail}.`,
    );
    const curtain = await testCurtain(questions);
    if (!curtain.ok) broken.push(`The drop curtain could not be tested: ${curtain.error.detail}.`);
    else if (curtain.value === "clear") told.push("The drop curtain sees.");
    else broken.push("The drop curtain fails its self-test: something lies in it, or it is blind.");
  }

  if (options.climate !== "none") {
    const cold = await readCold(questions);
    if (cold.ok) told.push(`Cabinet ${cold.value.celsius} °C, its controller: ${cold.value.controller}.`);
    else broken.push(`The cabinet's temperature could not be read: ${cold.error.detail}.`);
  }
  const junk = look.junk();
  told.push(junk === 0 ? "The cable is clean." : `${junk} bytes of noise on the cable since it was opened.`);
  return broken.length === 0 ? ok(told) : err(fault("self-test", [...broken, ...told].join(" ")));
}

const list = (items: readonly (string | number)[]) => items.join(", ");
