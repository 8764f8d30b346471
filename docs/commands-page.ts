import { toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import { configBounds, desiredConfigSchema, fileBounds } from "../protocol/commands/desired.ts";
import { envelopeBounds, envelopeSchema, signEnvelope } from "../protocol/commands/envelope.ts";
import { ops, vendsADay } from "../protocol/commands/ops.ts";
import { orderForms, orderSchema, type Op } from "../protocol/commands/order.ts";
import { reportedSchema } from "../protocol/commands/reported.ts";
import { commandRefusals, resultSchema } from "../protocol/commands/result.ts";
import { hexOf, publicOf } from "../protocol/pickup-code/sign.ts";

/** docs/commands.schema.json. What only code can check (a calendar's days, half letters) is left out there. */
export function commandsSchema(): string {
  const of = (schema: v.GenericSchema) => {
    const { $schema: _, ...rest } = toJsonSchema(schema, { errorMode: "ignore", typeMode: "input" });
    return rest;
  };
  const document = {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Commands, their results, desired and reported configuration",
    definitions: {
      command: of(envelopeSchema),
      order: of(orderSchema),
      result: of(resultSchema),
      config: of(desiredConfigSchema),
      reported: of(reportedSchema),
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

const row = (...cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
const expected = (schema: v.GenericSchema): string =>
  (v.safeParse(schema, undefined).issues?.[0].message ?? "").replace(/^expected /, "");

/** "`why`: a reason". A field that may be absent says so. */
function argumentsOf(op: Op): string {
  const form = orderForms.find(({ entries }) => v.is(entries.op, op));
  const fields = Object.entries<v.GenericSchema & { readonly wrapped?: v.GenericSchema }>(form?.entries ?? {});
  return fields
    .filter(([name]) => name !== "op")
    .map(([name, schema]) =>
      schema.wrapped ? `\`${name}\`: ${expected(schema.wrapped)}, may be absent` : `\`${name}\`: ${expected(schema)}`,
    )
    .join("; ");
}

const opRows = Object.entries(ops).map(([op, { role, withoutClock, says }]) =>
  row(`\`${op}\``, argumentsOf(op as Op), role, withoutClock ? "yes" : "no", says),
);

const secret = new Uint8Array(32).fill(1);
const example = signEnvelope(
  { op: "slot", device: "vend", slot: "7", on: false },
  { id: "0b9f1c52-7a51-4c9e-9a55", kid: "o1", aud: "zp-001", iat: 1_784_088_000_000, exp: 1_784_088_600_000 },
  secret,
);

/** docs/commands.md: what a centre may order, and what it hears of it. */
export function commandsPage(): string {
  return `<!-- Made by "npm run generate" from protocol/commands. Edit that. -->
# Commands

A command comes as JSON on \`down/cmd\` ([topics](topics.md)), signed for one kiosk. Whoever steals a broker's password can publish there, and is not obeyed. Forms as JSON Schema: [commands.schema.json](commands.schema.json).

\`\`\`json
${JSON.stringify(example, null, 1)}
\`\`\`

This one is signed with the secret key of 32 bytes 01; its public key is \`${hexOf(publicOf("ed25519", secret))}\`.

- \`sig\`: Ed25519 over \`yizhan/command/v1\`, a zero byte, and the canonical JSON (RFC 8785) of all other fields; base64url.
- \`aud\`: the kiosk's id in small letters. \`kid\`: a key of role ops or release in the station file's \`trust\`.
- \`iat\`, \`exp\`: issued and expires, UTC, milliseconds since 1970, at most seven days apart.
- \`id\`: 16 to 36 letters, digits, \`-\` and \`_\`, new for each command. A kiosk writes it down before it obeys, and never obeys it again: sent again, it is answered with what became of it.
- At most ${envelopeBounds.bytes / 1024} KiB, and ${envelopeBounds.depth} brackets inside each other.

| op | arguments | key | without a clock | what it does |
|---|---|---|---|---|
${opRows.join("\n")}

A release key may sign every one. "Without a clock": obeyed too while the kiosk knows of the time only what it cannot be earlier than. The ${vendsADay} vends count every one that was accepted that day, whoever signed it; only ops keys are held to the number.

# Results

On \`up/res\`: \`{v, id, state, why?, at}\`. The ledger's entries "command" and "command-ended" tell the same and are never lost; results are, when the link breaks. \`id\` is absent where the command could not be read so far.

| state | means |
|---|---|
| accepted | it is in the ledger, and will be obeyed once |
| running | a motor turns for it |
| done | |
| failed | \`why\`: the kind of fault of a vend, "nothing to give", "locked", "interrupted" by a power cut, "disk" |
| expired | its time was over, on arrival or while it waited |
| refused | \`why\` is one of these: |

| refused | means |
|---|---|
${Object.entries(commandRefusals)
  .map(([why, says]) => row(why, says))
  .join("\n")}

Under attack at most five signatures a second are checked and two refusals answered; all are counted, in an entry "commands-refused" at most once a minute.

# Desired and reported

Retained under \`down/desired\`. An empty message means that nothing is desired any more, and changes nothing.

- \`config\`: \`{v: 1, kind: "config", station, version, issuedAt, kid, config, sig}\`, signed like the other files over \`yizhan/config/v1\` with a release key; \`config\` is a whole station file, at most ${configBounds.bytes / 1024} KiB. It is judged as a technician's own file is. It must leave the station's id, the link and its group, and the key that signed it. It is then tried: within ten minutes the link must come up, and the devices that worked before must work again, but for instruments and printers of a health cabin, which sleep. Else, or where the kiosk ends three times meanwhile, the last good one comes back, and this one is not tried again. Of two the one issued later wins. When a technician edits station.json at the kiosk, that file wins over what was laid over the old one.
- \`campaign/{id}\`: a campaign file or an imported list. \`keys\`: a key bundle. At most ${fileBounds.bytes / 1024} KiB; they are judged like the same file in the station's folder, kept, and come into force without a restart.

On \`up/reported\` after each connect and change: what is in force and its hash (SHA-256 of the canonical JSON, of a campaign with its signature), and what was refused and why.
`;
}
