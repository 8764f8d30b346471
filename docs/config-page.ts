import * as v from "valibot";
import { item, typed } from "../config/cabin-schema.ts";
import { formOf, innerOf, type Form } from "../config/examine.ts";
import { profileSchema, stationSchema } from "../config/schema.ts";

/** docs/config.md: every field of the station file and of a profile, with the same words as the loader's sentences. */
export function configPage(): string {
  return `<!-- Made by "npm run generate" from config/schema.ts. Edit that. -->
# The station file

One folder makes a Raspberry Pi this station. \`yizhan run --config DIR\` and \`yizhan check --config DIR\` read it:

| In the folder | What it is |
|---|---|
| \`station.json\` | who and where the kiosk is, what is plugged in, what lies in which slot: this page |
| \`campaigns/*.json\` | signed campaign files: what a code is worth |
| \`lists/*.json\` | signed lists of codes that other platforms issue |
| \`members/*.members\` | signed lists of members: [members.md](members.md) |
| \`keys/*.json\` | bundles of day keys, sealed to this kiosk |

\`config/station.example.json\` is a start, \`config/cabin.example.json\` that of a health cabin alone. All models that can stand as
\`profile\`: [models.md](models.md). \`config/station.schema.json\` lets an editor help while typing.
\`yizhan check\` tells every mistake at once, each with its file, its field and what is expected:

    station.json: slots[3].product: there is no product "watr"; did you mean "water"?

${section(stationSchema, "station.json")}
## Items

- Typed in, or measured (\`cabin.entered\`, \`devices[].measures\`): ${listed(typed.options)}.
- Measured alone (\`devices[].measures\`): ${listed(item.options.filter((one) => !isTyped.has(one)))}.

What an instrument gives may be typed in too, for the day on which it is broken. Of the two grips and the two eyes name both.

## Between the fields

- Ids of devices and products, short names and keys under \`trust\`, and the pair of device and slot stand once each.
- Each slot names a device that gives goods and a product that exist; each product lies in at least one slot.
- \`refillTo\` and \`critical\` are at most the \`capacity\`; \`expires\` is a day of the calendar.
- \`opens\` is before \`closes\`.
- No two devices share a wire. A \`path\` begins with \`/\`; a \`by-id\` name has no folder; a \`usb\` path looks like \`1-1.3\`.
- A serial line is found by \`path\`, \`by-id\` or \`usb\`, a HID device by \`hid\`, \`usb\` or \`path\`, a smart-card reader by \`pcsc\`.
  A reader that types is named by its numbers: the number pad is a keyboard too.
- A key of role \`qr\` has a number from 0 to 255 as its short name: a token has one byte for it.
- \`products\` may be empty where the station has a health instrument and no slots: a health cabin alone.
- \`measures\` and \`calibrationDue\` stand at health instruments alone; \`calibrationDue\` is a day of the calendar.
- \`cabin\` needs a health instrument. Its items stand once each, \`urgent\` oxygen lies below \`within\`, and the
  recipient's key is none of \`trust\`.
- A serial device has a speed, from its profile or its own wiring.
- \`options\` are judged by the driver; what it expects stands in its profile and its source.

# A profile

\`config/profiles/<model>.json\` is what is known of a model of machine. \`docs/add-a-device.md\` tells how one is made.

${section(profileSchema, "profile")}`;
}

const isTyped: ReadonlySet<string> = new Set(typed.options);
const listed = (words: readonly string[]): string => words.map((word) => `\`${word}\``).join(", ");

interface Row {
  readonly field: string;
  readonly meaning: string;
  readonly form: string;
  readonly absent: string;
}

function section(schema: Form, title: string): string {
  const lines = rows(schema, "").map(
    ({ field, meaning, form, absent }) => `| \`${field}\` | ${meaning} | ${form} | ${absent} |`,
  );
  return `## Fields of ${title}

| Field | Meaning | Form | Default |
|---|---|---|---|
${lines.join("\n")}
`;
}

function rows(schema: Form, path: string): readonly Row[] {
  const { entries, item } = innerOf(schema);
  if (item) return rows(item, `${path}[]`);
  return Object.entries(entries ?? {}).flatMap(([name, entry]) => {
    const field = path === "" ? name : `${path}.${name}`;
    const inner = innerOf(entry);
    const nested = inner.entries !== undefined || inner.item !== undefined;
    const meaning = v.getDescription(inner) ?? "";
    if (meaning === "") throw new Error(`config/schema.ts says nothing about ${field}`);
    const row: Row = {
      field,
      meaning: cell(meaning),
      form: cell(formOf(entry).replace(/^expected /, "")),
      absent: cell(whenAbsent(entry)),
    };
    return [row, ...(nested ? rows(inner, field) : [])];
  });
}

function whenAbsent(entry: Form): string {
  if (entry.wrapped === undefined) return "required";
  return entry.default === undefined ? "may be absent" : `\`${JSON.stringify(entry.default)}\``;
}

const cell = (text: string): string => text.replaceAll("|", "\\|");
