import { fault } from "../../devices/kit/fault.ts";
import { err, ok, type Result } from "../../devices/kit/result.ts";
import { kioskName } from "../../protocol/fleet/topics.ts";
import { sealLetter } from "../../protocol/health/sealing.ts";
import { bytesOf, hexOf } from "../../protocol/pickup-code/sign.ts";
import type { Results, ToldFigure } from "../domain/cabin/results.ts";
import type { CabinInstrument } from "../domain/cabin/setting.ts";
import type { Entry } from "../domain/entry.ts";
import { bundleOf, type Answer, type Measured, type Upload } from "../domain/health/fhir.ts";
import type { Bundle } from "../domain/health/fhir-resource.ts";
import type { World } from "../world.ts";

/** The results of a person who asked, after a consent of its own, that they be sent. */
export interface HandingOver {
  readonly results: Results;
  /** Id of the kiosk in the station file. */
  readonly kiosk: string;
  /** X25519 public key, 64 hex digits. */
  readonly recipient: string;
  readonly instruments: readonly CabinInstrument[];
  readonly dice: World["dice"];
}

/** Results as the ledger takes them: nobody but the recipient can read them. */
export type HandedOver = Extract<Entry, { kind: "handed-over" }>;

/** Seals what a person was told. The error holds no value: the recipient's key is none, or there is too much to tell. */
export async function sealed(asked: HandingOver): Promise<Result<HandedOver>> {
  const letter = await sealLetter({
    kiosk: kioskName(asked.kiosk),
    recipient: bytesOf(asked.recipient),
    content: healthBundle(asked),
    chance: asked.dice.bytes(32),
  });
  if (!letter.ok) return err(fault("misconfigured", letter.error.join(" ")));
  const { v, to, enc, sealed: text } = letter.value;
  return ok({ kind: "handed-over", v, to, enc, sealed: text });
}

/**
 * The results as the recipient reads them. Of the person it has the figures alone: no name, no sex, no age, and a
 * number of this upload by which the observations hold together. All have the time of the results: within the minutes
 * of one visit the order tells nothing. Values are those that the person was told, in the units of the glass.
 */
export function healthBundle({ results, instruments, dice }: Omit<HandingOver, "kiosk" | "recipient">): Bundle {
  const told = new Map(results.figures.map((one) => [one.shown, one]));
  const uuids = new Map<number, string>();
  const uuid = (number: number): string => {
    const known = uuids.get(number) ?? randomUuid(dice.bytes(16));
    uuids.set(number, known);
    return known;
  };
  const subject = randomUuid(dice.bytes(16));
  return bundleOf({
    measured: measuredOf(results, instruments),
    uuid,
    subject,
    ...(results.at === undefined ? {} : { at: results.at }),
    place: (shown) => told.get(shown)?.place,
    remarks: (shown) => remarksOf(told.get(shown)),
  } satisfies Upload);
}

/** What each instrument gave, in the order of the glass; what was typed in or reckoned has none, and neither have doubts. */
function measuredOf({ at, figures, doubtful }: Results, instruments: readonly CabinInstrument[]): readonly Measured[] {
  const time = at === undefined ? {} : { at };
  const devices = [...new Set(figures.map(({ by }) => by))];
  const shown = devices.map((device): Measured => {
    const instrument = instruments.find(({ id }) => id === device);
    const answers = figures.filter(({ by }) => by === device).map((one): Answer => ({ is: "shown", shown: one.shown }));
    const by = instrument === undefined ? {} : { by: { name: instrument.name.en, model: instrument.model } };
    return { ...time, ...by, answers };
  });
  if (doubtful.length === 0) return shown;
  // By themselves: a doubtful half is no part of the blood pressure that was believed.
  return [...shown, { ...time, answers: doubtful.map((figure): Answer => ({ is: "doubtful", figure })) }];
}

function remarksOf(told: ToldFigure | undefined): readonly string[] {
  if (told === undefined) return [];
  const { mean, unrested, overdue, entered } = told;
  return [
    ...(mean === undefined ? [] : [`Mean of ${mean} measurements.`]),
    ...(unrested ? ["Measured without the rest before it."] : []),
    ...(overdue ? ["The calibration of the instrument had ended."] : []),
    ...(entered ? ["Typed in, not measured."] : []),
  ];
}

/** Version 4 [RFC 9562, 5.4]. */
function randomUuid(bytes: Uint8Array): string {
  const made = Uint8Array.from(bytes, (byte, n) =>
    n === 6 ? (byte & 0x0f) | 0x40 : n === 8 ? (byte & 0x3f) | 0x80 : byte,
  );
  return hexOf(made).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
