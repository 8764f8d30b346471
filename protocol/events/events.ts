import * as v from "valibot";
import { orderSchema } from "../commands/order.ts";
import { letterFields } from "../health/letter.ts";
import { bytesInHex, whole } from "../pickup-code/signed-file.ts";
import {
  count,
  counts,
  credential,
  delivery,
  earlier,
  faultKinds,
  member,
  one,
  tens,
  tensBy,
  text,
  yes,
  yesNo,
} from "./fields.ts";

/** P1: phone now. P2: today. P3: this week. P4: a note. record: bookkeeping, nobody need look. */
export type Level = "P1" | "P2" | "P3" | "P4" | "record";

/** One kind of entry as it leaves the kiosk. docs/events.md and docs/events.schema.json are made from these. */
export interface Kind<D extends v.GenericSchema = v.GenericSchema> {
  /** Whether it speaks of a device, which then stands beside the data. */
  readonly device: boolean;
  readonly data: D;
  readonly level: Level;
  readonly means: string;
  /** What the staff do about it. */
  readonly act: string;
}

const nothing = "Nothing.";
const kind = <D extends v.GenericSchema>(of: Kind<D>): Kind<D> => of;
const optional = v.exactOptional;
const day = (means: string) => count(`${means} Days since 1970-01-01 in UTC+8.`);
const slot = text("Number of the slot on its board.");
const product = text("Product id of the station file.");
const ofNumbers = optional(one(["numbers"], "The bucket of cards and printed numbers; absent: that of typed codes."));

/** Every kind of entry that leaves a kiosk. */
export const events = {
  attempt: kind({
    device: true,
    data: v.strictObject({
      credential,
      slot,
      product,
      until: day("Last day on which the credential is accepted."),
      area: optional(yes("It is good at several stations: the centre tells the others.")),
      offline: optional(yes("… and was given without the centre, out of the day's escrow.")),
      member: optional(member("Whose token it is: `pid` of the member `list`. It counts against this member's quota.")),
      counter: optional(count("The read counter of the tag: a copy of an older reading has a lower one, or the same.")),
      card: optional(
        v.pipe(
          bytesInHex(8, "16 hex digits"),
          v.description("… and which of the member's cards it is, where there are several; a pseudonym."),
        ),
      ),
      day: optional(day("The day against whose allowance it counts, whatever clock gave `t`.")),
    }),
    level: "record",
    means: "A code or a card was accepted and a motor is about to turn for it; written before anything moves.",
    act: "Nothing. An attempt without an outcome is settled at the kiosk's next start.",
  }),
  outcome: kind({
    device: false,
    data: v.strictObject({
      of: earlier("attempt"),
      delivery,
      started: yesNo("False where the board refused before a motor turned."),
      why: one(
        ["drop-sensor", "lock-open", "motor-home", ...faultKinds, "power-cut"],
        "What proves the delivery, or the kind of fault.",
      ),
      frees: yesNo("The code may be used again."),
      detail: optional(text("For the technician.")),
    }),
    level: "record",
    means: "How an attempt ended.",
    act: "Where `unknown` comes twice a day or more, count the slot. Where `not-delivered` repeats, look for a jam.",
  }),
  taken: kind({
    device: false,
    data: v.strictObject({ of: earlier("attempt"), credential }),
    level: "record",
    means: "After an unknown outcome the worker said that the good did fall: the code is used after all.",
    act: nothing,
  }),
  rating: kind({
    device: false,
    data: v.strictObject({ of: earlier("attempt"), face: one(["good", "fair", "poor"], "The face that was tapped.") }),
    level: "record",
    means: "One tap on a face after a delivery.",
    act: "Where `poor` grows, ask at the station.",
  }),
  refill: kind({
    device: true,
    data: v.strictObject({
      slot,
      product,
      count: count("Goods in the slot afterwards."),
      expires: optional(text('Last day on which the batch may be given, as "2026-09-30".')),
      by: one(["station-file", "keeper", "board", "centre"], "Who counted."),
      command: optional(text("Id of the command that ordered it.")),
    }),
    level: "record",
    means: "A slot was filled, or counted anew.",
    act: "Book the goods to the station.",
  }),
  "test-vend": kind({
    device: true,
    data: v.strictObject({ slot }),
    level: "P4",
    means: "A technician moves a motor, on no worker's code; written before it moves.",
    act: "Expect a technician there; else ask who was.",
  }),
  "test-outcome": kind({
    device: false,
    data: v.strictObject({ of: earlier("test vend"), delivery, why: text("What proves it, or the kind of fault.") }),
    level: "record",
    means: "How a test vend ended.",
    act: nothing,
  }),
  fault: kind({
    device: true,
    data: v.strictObject({ fault: one(faultKinds, "The kind of fault."), detail: text("For the technician.") }),
    level: "P2",
    means: "A device cannot do its work. Told once, until it is mended.",
    act: "Look at the kind: `door-open`, `empty`, `jammed` and `self-test` are the keeper's, all others a technician's.",
  }),
  "fault-cleared": kind({
    device: true,
    data: v.strictObject({}),
    level: "P4",
    means: "The device has worked for a minute again.",
    act: "Close the fault.",
  }),
  door: kind({
    device: true,
    data: v.strictObject({ open: yesNo("True where it was opened.") }),
    level: "P4",
    means: "The cabinet's door was opened or closed.",
    act: "Where nobody was sent, call the host.",
  }),
  "lock-out": kind({
    device: false,
    data: v.strictObject({ of: ofNumbers }),
    level: "P4",
    means: "Too many unknown codes, cards or printed numbers: such things rest until tries have come back.",
    act: "Three in half an hour: look for somebody who guesses, or for slips that were printed wrongly.",
  }),
  guessing: kind({
    device: false,
    data: v.strictObject({
      unknown: count("Well-formed unknown codes, or cards of nobody, on this day."),
      of: ofNumbers,
    }),
    level: "P2",
    means: "More unknown codes, or cards and printed numbers of nobody, on one day than honest hands make.",
    act: "Call the host; see whether a campaign's keys are at the kiosk; else watch who stands there.",
  }),
  refusals: kind({
    device: false,
    data: v.strictObject({
      counts: counts("How often each refusal was shown, by the id of its screen: docs/screens.md."),
    }),
    level: "record",
    means: "Refusals since the last such entry, at most one entry a minute.",
    act: "Where one id grows, read docs/screens.md for what workers are told.",
  }),
  "file-refused": kind({
    device: false,
    data: v.strictObject({ file: text("Its name."), why: text("A sentence.") }),
    level: "P3",
    means: "A signed file at the kiosk was not obeyed.",
    act: "Do what the sentence says and send the file again.",
  }),
  adopted: kind({
    device: false,
    data: v.strictObject({
      file: text("What came into force."),
      issuedAt: text('When it was issued, as "2026-07-01T04:00:00Z".'),
      kid: text("Short name of the key that signed it."),
    }),
    level: "record",
    means: "A signed campaign file, list or key bundle came into force.",
    act: nothing,
  }),
  command: kind({
    device: false,
    data: v.strictObject({
      id: text("Id of the command."),
      kid: text("Short name of the key that signed it."),
      order: v.pipe(orderSchema, v.description("What was ordered: docs/topics.md.")),
      until: count("When it expires: UTC, milliseconds since 1970."),
    }),
    level: "P4",
    means: "A command of the centre is about to be obeyed; written before it is, so that it is obeyed once.",
    act: "Expect it among the commands that were sent. Where it was not, a key is in other hands: revoke it.",
  }),
  "command-ended": kind({
    device: false,
    data: v.strictObject({
      id: text("Id of the command."),
      ended: one(["done", "failed"], "What became of it."),
      why: optional(text("Why it failed.")),
    }),
    level: "record",
    means: "What became of a command.",
    act: "Where it failed, read why and order again.",
  }),
  "commands-refused": kind({
    device: false,
    data: v.strictObject({ counts: counts("How many, by reason.") }),
    level: "P3",
    means: "Commands that were not obeyed since the last such entry, at most one entry a minute.",
    act: "Where none was sent, somebody else publishes there: look at the broker's accounts.",
  }),
  configured: kind({
    device: false,
    data: v.strictObject({
      version: text("Name of the configuration."),
      state: one(["trial", "in-force", "rolled-back", "refused"], "What became of it."),
      why: optional(text("A sentence.")),
    }),
    level: "P4",
    means: "A configuration from the centre is on trial, was kept, or was given up for the one before.",
    act: "Where it was rolled back or refused, correct what the sentence says and send it under a new version.",
  }),
  "new-life": kind({
    device: false,
    data: v.strictObject({
      before: count("Number of the life before."),
      why: one(
        ["rolled-back", "forked"],
        "rolled-back: the centre had entries that this card lacks. forked: the same number stands there with another content.",
      ),
      end: optional(
        v.pipe(
          v.strictObject({ seq: whole(1, Number.MAX_SAFE_INTEGER), hash: bytesInHex(32, "64 hex digits") }),
          v.description("The last entry of the life before and its chain hash, as this card has it."),
        ),
      ),
    }),
    level: "P1",
    means:
      "The centre holds another past of this kiosk than its card does: an older copy of the card was put in, or two copies run.",
    act: "Phone whoever was at the kiosk. Codes may have been given twice: compare both pasts, find the other card and keep it.",
  }),
  "handed-over": kind({
    device: false,
    data: v.strictObject({
      v: v.pipe(letterFields.v, v.description("Version of the letter's form.")),
      to: v.pipe(letterFields.to, v.description("Fingerprint of the recipient's key, 16 hex digits.")),
      enc: v.pipe(letterFields.enc, v.description("The sender's part of the seal, base64url.")),
      sealed: v.pipe(
        letterFields.sealed,
        v.description("The results, sealed to the recipient: always one of two lengths, base64url."),
      ),
    }),
    level: "record",
    means: "Somebody in the health cabin asked that the results be sent. Nobody but the recipient can read them.",
    act: "Hand the letters to the recipient: docs/health-export.md.",
  }),
  checked: kind({
    device: false,
    data: v.strictObject({
      since: day("First day of the time that is told."),
      until: day("Its last day. Fewer than ten of those who are told came earlier."),
      people: tens("People who were measured, in full tens; the rest is told with the next."),
      items: tensBy("Of how many people each item was measured, in full tens; the rest is told with the next."),
    }),
    level: "record",
    means:
      "How many came to the health cabin, and what was measured, never with which result. At most once a day, after ten more people.",
    act: "Count them to the station. A single day says little: what is left over comes with a later event.",
  }),
  calibration: kind({
    device: true,
    data: v.strictObject({
      due: day("Last day on which the calibration holds."),
      state: one(["soon", "over"], "`soon`: it ends within 30 days. `over`: it has ended."),
    }),
    level: "P2",
    means: "The calibration of a health instrument ends soon, or has ended. Each is told once for a due date.",
    act: "Where `soon`, have it calibrated this week and write the new date into the station file. Where `over`, today: the kiosk says beside each result that nobody vouches for it, or does not measure.",
  }),
  started: kind({
    device: false,
    data: v.strictObject({ release: text("Version of the kiosk's program.") }),
    level: "record",
    means: "The kiosk started.",
    act: "Two starts without a `stopped` between them within a day: look at the power.",
  }),
  stopped: kind({
    device: false,
    data: v.strictObject({ why: text("Why.") }),
    level: "record",
    means: "The kiosk stopped in good order.",
    act: nothing,
  }),
} as const;

export type EventKind = keyof typeof events;

export const eventKinds = Object.keys(events) as readonly EventKind[];
export const isEventKind = (said: string): said is EventKind => Object.hasOwn(events, said);
