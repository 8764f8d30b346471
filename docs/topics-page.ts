import { takenTopic, topicsOf, usedTopic } from "../protocol/fleet/topics.ts";
import {
  bdSeq,
  deviceMetrics,
  nextServer,
  nodeMetrics,
  rebirth,
  schemaVersion,
  type Definition,
} from "../protocol/sparkplug/metrics.ts";
import { deviceTopic, nodeTopic, stateTopic } from "../protocol/sparkplug/topic.ts";

const own = topicsOf("{group}", "{kiosk}");
const row = (...cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

const channels: readonly (readonly string[])[] = [
  [own.events, "1", "up", "batches of ledger entries: [events.md](events.md)"],
  [
    own.ack,
    "1, retained",
    "down",
    "`{life, upTo, hash, need?}`: what of them is in the centre's database, without a gap",
  ],
  [own.commands, "1, never retained", "down", "a signed command"],
  [own.results, "1", "up", "what became of it: accepted, running, done, failed, expired, refused, and why"],
  [own.desired("config"), "1, retained", "down", "a signed configuration"],
  [own.desired("campaign", "{id}"), "1, retained", "down", "a signed campaign file or list"],
  [own.desired("keys"), "1, retained", "down", "keys, sealed to this kiosk and signed"],
  [own.reported, "1", "up", "what is in force, and its hash"],
  [own.log, "1", "up", "log lines, on request"],
  [
    usedTopic("{group}", "{batch}"),
    "1, retained",
    "down",
    "signed: what was used of credentials that several stations take",
  ],
  [
    takenTopic("{group}", "{batch}"),
    "1, retained",
    "down",
    "signed: what members of several stations took, by pseudonym: [members.md](members.md)",
  ],
  [own.stock, "1, retained", "up", "what this kiosk has left, for its neighbours"],
];

const metricRow = ({ name, alias, type, deadBand, urgent, means }: Definition): string =>
  row(
    `\`${name}\``,
    alias === undefined ? "none" : String(alias),
    type,
    deadBand === undefined ? "" : String(deadBand),
    urgent ? "2 s" : "1 min",
    means,
  );

const metricTable = (definitions: readonly Definition[]): string =>
  [
    "| metric | alias | type | dead-band | sent within | tells |",
    "|---|---|---|---|---|---|",
    ...definitions.map(metricRow),
  ].join("\n");

/** docs/topics.md: every topic and metric of a kiosk. */
export function topicsPage(): string {
  return `<!-- Made by "npm run generate" from protocol/. Edit that. -->
# Topics

One MQTT connection carries two channels: **state** in Sparkplug B 3.0, where a lost message loses nothing because the next one says the whole truth again, and **events**, which are never lost. \`{group}\` is the district code of the station file, \`{kiosk}\` the station's id in small letters, which is also the name in its certificate.

## What is promised

| | |
|---|---|
| events | at least once on the wire, exactly once in the database, in the order of each kiosk |
| power cut | no event that was written is lost |
| outage | a month at 400 vends a day, within 200 MB of card; the newest state goes first, then the events in order |
| state | best effort while connected; of an outage one value a metric a minute, the oldest dropped first |
| commands | obeyed at most once, or "expired" |
| the vend | never waits for any of this |

## Events, commands, configuration

| topic | QoS | direction | content |
|---|---|---|---|
${channels.map((cells) => row(`\`${cells[0]}\``, ...cells.slice(1))).join("\n")}

## State

| topic | QoS | direction |
|---|---|---|
${(["NBIRTH", "NDATA", "NDEATH"] as const).map((type) => row(`\`${nodeTopic(type, "{group}", "{kiosk}")}\``, type === "NDEATH" ? "1 as will" : "0", "up")).join("\n")}
${(["DBIRTH", "DDATA", "DDEATH"] as const).map((type) => row(`\`${deviceTopic(type, "{group}", "{kiosk}", "{device}")}\``, "0", "up")).join("\n")}
${row(`\`${nodeTopic("NCMD", "{group}", "{kiosk}")}\``, "0", "down: rebirth and next server, nothing else is obeyed")}
${row(`\`${stateTopic("{host}")}\``, "1, retained", "from the host application")}

\`{device}\` is the id of a device in the station file. Values change rarely, so that only changes are sent, by alias; a change within the dead-band is none. An alias never changes its meaning; this list has version ${schemaVersion}, told as \`Properties/Schema\`.

### The kiosk

${metricTable([bdSeq, rebirth, nextServer, ...nodeMetrics])}

### Its devices

A device has the metrics of everything it is: an XY controller gives goods and knows door and cold. Aliases are those of the first device; each further one begins 4096 higher. A slot's aliases rise by four from one number to the next.

${metricTable(deviceMetrics(["vending", "board", "reader", "health"], 0, ["1"]))}
`;
}
