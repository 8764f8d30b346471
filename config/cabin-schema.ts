import * as v from "valibot";
import { matching, name, whole, yesNo } from "./fields.ts";

/** What only an instrument gives: nobody types a blood pressure, and the body mass index is reckoned. */
const measuredAlone = [
  "systolic",
  "diastolic",
  "mean-arterial",
  "pulse",
  "irregular-beats",
  "perfusion",
  "bmi",
] as const;

/** What a person or an attendant can be asked to type in. */
export const typed = v.picklist(
  [
    "spo2",
    "temperature",
    "height",
    "weight",
    "body-fat",
    "body-water",
    "muscle-mass",
    "bone-mass",
    "visceral-fat",
    "basal-metabolism",
    "glucose",
    "urate",
    "cholesterol",
    "hdl",
    "ldl",
    "triglyceride",
    "haemoglobin",
    "haematocrit",
    "ketone",
    "lactate",
    "waist",
    "hip",
    "grip-left",
    "grip-right",
    "vision-left",
    "vision-right",
  ],
  'expected an item that can be typed in, such as "waist"',
);

/** What can be measured or told, by the names of devices/health/capability.ts. */
export const item = v.picklist(
  [...measuredAlone, ...typed.options],
  'expected an item, such as "systolic" or "glucose"',
);

const items = v.array(item, "expected a list of items");

/** What an instrument measures. */
export const measures = v.pipe(items, v.minLength(1, "expected at least one item"));

const percent = whole(50, 100);

/** The health cabin: what a station with health instruments does with what they measure. */
export const cabin = v.strictObject(
  {
    entered: v.optional(
      v.pipe(
        v.array(typed, "expected a list of items"),
        v.description("What is typed in by the person or an attendant, marked so; which items: below."),
      ),
      [],
    ),
    spo2: v.exactOptional(
      v.pipe(
        v.strictObject(
          {
            within: v.pipe(percent, v.description("The lowest oxygen that is within the reference, in percent.")),
            urgent: v.pipe(percent, v.description("Below that in two readings: help now. In percent.")),
          },
          "expected the limits of oxygen",
        ),
        v.description(
          "Limits of oxygen for a station high up, signed by a clinician; those of the plains where absent. With them " +
            "haemoglobin that is within the plains' reference is not called so.",
        ),
      ),
    ),
    recipient: v.exactOptional(
      v.pipe(
        v.strictObject(
          {
            name: v.pipe(name, v.description("Whom the person is told it goes to, such as a clinic.")),
            key: v.pipe(
              matching(
                /^(?!0+$)[0-9a-f]{64}$/,
                'an X25519 public key of 64 hex digits, as "yizhan health keygen" prints it',
              ),
              v.description("Results are sealed to this key; the secret one never leaves the recipient."),
            ),
          },
          "expected the fields of a recipient",
        ),
        v.description("Who may be sent the results, sealed, if the person asks. Without it nothing is sent."),
      ),
    ),
    pass: v.optional(
      v.pipe(yesNo, v.description("True where check-up passes are kept here: ticks under a code, no name, no value.")),
      false,
    ),
    overdue: v.optional(
      v.pipe(
        v.picklist(["say", "refuse"], 'expected "say" or "refuse"'),
        v.description('After calibrationDue: "say" it at the step and beside the result, or "refuse" to measure.'),
      ),
      "say",
    ),
  },
  "expected the fields of the cabin",
);
