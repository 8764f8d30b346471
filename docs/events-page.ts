import { toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import { ackSchema } from "../protocol/events/ack.ts";
import { batchBounds, batchItems } from "../protocol/events/batch.ts";
import { eventKinds, events, type EventKind } from "../protocol/events/events.ts";
import { topicsOf } from "../protocol/fleet/topics.ts";

const own = topicsOf("{group}", "{kiosk}");
const row = (...cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

/** What can be seen of a schema from outside. */
interface Form {
  readonly entries?: Readonly<Record<string, v.GenericSchema & Form>>;
  readonly wrapped?: v.GenericSchema & Form;
  readonly options?: readonly unknown[];
  readonly type: string;
  readonly literal?: unknown;
}

function formOf(form: v.GenericSchema & Form): string {
  const inner = form.wrapped ?? form;
  const absent = form.wrapped === undefined ? "" : ", may be absent";
  const words = inner.options?.filter((option) => typeof option === "string") ?? [];
  if (words.length > 0) return `${words.map((word) => `\`${word}\``).join(", ")}${absent}`;
  const names: Readonly<Record<string, string>> = {
    string: "text",
    number: "whole number",
    boolean: "true or false",
    literal: "true",
    strict_object: "object",
    variant: "object",
    record: "object of counts",
  };
  return `${names[inner.type] ?? inner.type}${absent}`;
}

function section(kind: EventKind): string {
  const { device, data, level, means, act } = events[kind];
  const entries = Object.entries((data as v.GenericSchema & Form).entries ?? {});
  const rows = entries.map(([name, entry]) => {
    const meaning = v.getDescription(entry.wrapped ?? entry) ?? "";
    if (meaning === "") throw new Error(`protocol/events/events.ts says nothing about ${kind}.${name}`);
    return row(`\`${name}\``, formOf(entry), meaning);
  });
  const table = rows.length === 0 ? "No data." : ["| data | form | meaning |", "|---|---|---|", ...rows].join("\n");
  return `### ${kind}

${means}

Level ${level}. ${device ? "`dev` names the device. " : ""}For the staff: ${act}

${table}
`;
}

/** docs/events.md: every event, and how it gets to the centre. */
export function eventsPage(): string {
  return `<!-- Made by "npm run generate" from protocol/events. Edit that, or docs/events-page.ts. -->
# Events

What must not be lost: every entry of a kiosk's [ledger](ledger.md) goes to the centre, in order, at least once on the wire and exactly once in the database. There is no second store. The outbox is a cursor over the ledger; an entry has left when the cursor has passed it, and entries stay in the ledger afterwards.

## A batch

QoS 1 on \`${own.events}\`, at most ${batchBounds.bytes / 1024} KiB and ${batchItems} entries:

\`\`\`
{"v":1, "life":1780000000, "from":2, "prev":"be6f…ac6f", "items":[{"data":{…},"dev":"vend","seq":2,"t":1784088060000,"trusted":false,"type":"fault"}]}
\`\`\`

| | |
|---|---|
| \`life\`, \`seq\` | (kiosk, life, seq) names an entry for ever. \`seq\` is gap-free within a life, from 1; \`from\` is that of the first item |
| \`prev\` | chain hash of the entry before \`from\`, 64 hex digits; zeros where that is the first of its life |
| \`t\`, \`trusted\` | UTC in milliseconds since 1970, and whether the clock that gave it could be trusted |
| \`type\`, \`dev\`, \`data\` | what happened: below. Fields that are not told here do not come; kinds may be added, so keep what you do not know |

The hash of each item is computed as [ledger.md](ledger.md) tells, over the item with \`life\` added in canonical form (RFC 8785). So nobody between the kiosk and the database can change, drop or add an entry unseen. \`events.schema.json\` holds a batch.

## An acknowledgement

QoS 1 and retained on \`${own.ack}\`, **after the database has committed**: \`{life, upTo, hash, need?}\`.

| | |
|---|---|
| \`life\`, \`upTo\`, \`hash\` | every entry of this life up to this number is in the database; the last of them has this chain hash. \`upTo\` 0 with 64 zeros: none is |
| \`need\` | send again from this number on |

What a collector does:

1. It computes the hashes itself. An item whose number it holds with the same hash is a repetition, and nothing happens. One that follows on what it holds is stored. Behind a gap it waits, and the acknowledgement says \`need\`.
2. The same number with another hash, or an item that follows on such a one, is of another past of this kiosk: a restored or copied card. It is kept apart, nothing is overwritten, and the acknowledgement says what stands in the place. It is an alarm of level P1.
3. The first entry of a life, \`new-life\`, names the last entry of the life before, \`end\`. A collector that cannot go back from there, entry by entry, in place or apart, to something in its place, says in an acknowledgement of **that** life what it \`need\`s, and acknowledges nothing of the new one. So an acknowledgement of a life speaks for all before it.

What a kiosk does:

1. It believes an acknowledgement only where its own chain has that hash at that number; then everything up to there has left the outbox. Anything else moves nothing: an acknowledgement is not signed, and whoever forges one without holding the entries can make the kiosk send again, not forget. So only the centre may read \`up/ev\`, and only the centre may write \`down/ack\`: docs/broker.
2. A number in its present life, or a life, that it does not have means \`rolled-back\`; another hash means \`forked\`. As soon as nothing is open it begins a new life, at most one a day.
3. Without a word from the centre for 30 s, and then less and less often, up to 10 minutes, it sends one batch again. A new connection begins with one batch, too: where no collector runs, the broker is not filled.
4. At most 20 batches are under way (fewer where the broker's Receive Maximum or a slow line says so), at most 40 unacknowledged, at most 50 a second.

Live entries do not overtake a backlog: they are one chain, and a collector can store only what follows on what it has. What is live goes as telemetry, which is told first and never waits for events.

With \`"acknowledged": "broker"\` in the station file, for installations without our collector, an entry has left when the broker has it (PUBACK).

## Kinds

Levels: P1 phone now, P2 today, P3 this week, P4 a note, record: bookkeeping.

${eventKinds.map((kind) => row(`[${kind}](#${kind})`, events[kind].level, events[kind].means)).reduce((table, line) => `${table}\n${line}`, "| kind | level | meaning |\n|---|---|---|")}

${eventKinds.map(section).join("\n")}`;
}

/** A schema within another. Dates and reasons are also held by rules that JSON Schema cannot say. */
function partOf(schema: v.GenericSchema): object {
  const { $schema: _, ...part } = toJsonSchema(schema, { errorMode: "ignore" });
  return part;
}

/** docs/events.schema.json: a batch and an acknowledgement. */
export function eventsSchema(): string {
  const whole = v.pipe(v.number(), v.integer(), v.minValue(1));
  const items = eventKinds.map((kind) => {
    const { device, data } = events[kind];
    const entries: Record<string, v.GenericSchema> = { data };
    if (device) entries["dev"] = v.pipe(v.string(), v.description("The device it speaks of."));
    return partOf(
      v.strictObject({
        ...entries,
        seq: v.pipe(whole, v.description("Number of the entry within its life.")),
        t: v.pipe(v.number(), v.integer(), v.minValue(0), v.description("UTC, milliseconds since 1970.")),
        trusted: v.pipe(v.boolean(), v.description("Whether the clock could be trusted.")),
        type: v.pipe(v.literal(kind), v.description(events[kind].means)),
      }),
    );
  });
  const hash = { type: "string", pattern: "^[0-9a-f]{64}$" };
  const number = { type: "integer", minimum: 1 };
  const batch = {
    title: "batch",
    type: "object",
    properties: {
      v: { const: 1 },
      life: number,
      from: number,
      prev: hash,
      items: { type: "array", items: { anyOf: items }, minItems: 1, maxItems: batchItems },
    },
    required: ["v", "life", "from", "prev", "items"],
    additionalProperties: false,
  };
  const acknowledgement = { title: "acknowledgement", ...partOf(ackSchema) };
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Events of a kiosk",
    anyOf: [batch, acknowledgement],
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
