import { cabin } from "./cabin.ts";
import { cardsAndShares } from "./cards-and-shares.ts";
import { events } from "./events.ts";
import { pickup } from "./pickup.ts";
import { severalStations } from "./several-stations.ts";

/** What should see a bug: simulated days, days of members or of a health cabin, tales on paper, or the tests of one file whose names match. */
export type Catcher = "days" | "members" | "cabin" | "tales" | { readonly test: string; readonly named?: string };

/** A bug that we plant to see whether our tests would find it. */
export interface PlantedBug {
  /** What it breaks, as a sentence. */
  readonly breaks: string;
  readonly file: string;
  /** This text stands in the file exactly once … */
  readonly find: string;
  /** … and is replaced by this one. */
  readonly put: string;
  readonly caught: Catcher;
}

const restarts: readonly PlantedBug[] = [
  {
    breaks: "what a power cut left open is never settled",
    file: "controller/domain/chores.ts",
    find: "const lost = [...state.orphans].flatMap",
    put: "const lost = [].flatMap",
    caught: "tales",
  },
  {
    breaks: "an attempt of before the start has two outcomes",
    file: "controller/domain/pickup.ts",
    find: "  orphans.delete(seq);\n",
    put: "",
    caught: "tales",
  },
  {
    breaks: "an outcome that the disk refused is lost",
    file: "controller/domain/saving.ts",
    find: "unsaved: [...state.unsaved, entry, ...later] };",
    put: "unsaved: [...state.unsaved, ...later] };",
    caught: "tales",
  },
  {
    breaks: "a used code is forgotten while a clock may still accept it",
    file: "controller/domain/books.ts",
    find: "export const remembered = 100;",
    put: "export const remembered = 20;",
    caught: { test: "test/controller/domain/books.test.ts" },
  },
  {
    breaks: "a checkpoint is believed though it belongs to another ledger",
    file: "controller/store/checkpoint.ts",
    find: "checkpoint !== undefined && (await disk.hashAt(checkpoint.books)) === checkpoint.hash;",
    put: "checkpoint !== undefined;",
    caught: { test: "test/controller/domain/books.test.ts" },
  },
  {
    breaks: "a checkpoint is believed though a byte of it has changed",
    file: "controller/store/checked.ts",
    find: "return end >= 0 && whole.slice(0, end) === sum(text) ? text : undefined;",
    put: "return end >= 0 ? text : undefined;",
    caught: { test: "test/controller/domain/books.test.ts" },
  },
  {
    breaks: "the kiosk calls an entry saved before the disk has answered",
    file: "controller/kiosk.ts",
    find: "    const done = await diskWatch.during(disk.append(entry, keep));",
    put: '    loop.send({ kind: "saved", stamped: { life: 1, seq: state.books.seq + 1, at: clock.wall().utc, trusted: true, entry } });\n    const done = await diskWatch.during(disk.append(entry, keep));',
    caught: "days",
  },
  {
    breaks: "acknowledged entries are lost in a power cut: synchronous=NORMAL",
    file: "controller/store/sqlite.ts",
    find: "`PRAGMA synchronous=${synchronous}; PRAGMA wal",
    put: "`PRAGMA synchronous=NORMAL; PRAGMA wal",
    caught: { test: "test/powercut/ledger.test.ts", named: "200 power cuts" },
  },
  {
    breaks: "an entry of the ledger can be changed and nobody notices",
    file: "controller/store/ledger.ts",
    find: 'if (Buffer.compare(computed, row.hash) !== 0) return "its content does not match its hash";',
    put: "",
    caught: { test: "test/store/ledger.test.ts" },
  },
];

const verdicts: readonly PlantedBug[] = [
  {
    breaks: "an older campaign file takes the place of a newer one",
    file: "controller/store/generations.ts",
    find: "if (own && signedAt(own.file) >= signedAt(file)) {",
    put: "if (own && signedAt(own.file) < signedAt(file)) {",
    caught: { test: "test/store/keys.test.ts" },
  },
  {
    breaks: "an expired code is accepted",
    file: "controller/domain/almanac.ts",
    find: 'if (now.day > lastDay(candidate) + slack) return "past";',
    put: "",
    caught: { test: "test/controller/domain/verdict.test.ts" },
  },
  {
    breaks: "another machine's code is accepted",
    file: "controller/store/codebook.ts",
    find: "code.length === yz12 && !code.startsWith(this.#holdings.site)",
    put: 'code.length === yz12 && code.startsWith("--")',
    caught: { test: "test/store/codebook.test.ts" },
  },
  {
    breaks: "the clock's floor runs past the newest key",
    file: "controller/domain/almanac.ts",
    find: "Math.max(almanac.floor, Math.min(utc, roof))",
    put: "Math.max(almanac.floor, utc)",
    caught: { test: "test/controller/domain/almanac.test.ts" },
  },
  {
    breaks: "codes of the day after tomorrow are told from nobody's",
    file: "controller/domain/almanac.ts",
    find: 'candidate.validFrom - now.day <= length ? "next" : "future";',
    put: '"next";',
    caught: { test: "test/controller/domain/verdict.test.ts" },
  },
  {
    breaks: "a code moves the machine as often as somebody types it",
    file: "controller/domain/verdict.ts",
    find: "export const motionsADay = 3;",
    put: "export const motionsADay = 300;",
    caught: { test: "test/controller/domain/verdict.test.ts" },
  },
  {
    breaks: "pulling the plug gives all tries back",
    file: "controller/kiosk.ts",
    find: '.during(disk.keep.put(bucketName(effect.bucket ?? "codes"), encode(effect.guesses)))',
    put: ".during(Promise.resolve())",
    caught: { test: "test/sim/pledges.test.ts", named: "ten wrong codes" },
  },
  {
    breaks: "codes can be tried without a pause",
    file: "controller/domain/session.ts",
    find: "Math.max(at, state.refusedAt + delays.betweenTries)",
    put: "at",
    caught: { test: "test/controller/domain/session.test.ts" },
  },
  {
    breaks: "goods are given on the day after their last",
    file: "controller/domain/stock.ts",
    find: "shelf.day > slot.expires;",
    put: "shelf.day > slot.expires + 1;",
    caught: { test: "test/controller/domain/stock.test.ts" },
  },
  {
    breaks: "a slot that fails again and again is never left alone",
    file: "controller/domain/stock.ts",
    find: "export const slotRests = 2;",
    put: "export const slotRests = 200;",
    caught: { test: "test/controller/domain/stock.test.ts" },
  },
  {
    breaks: "a file is obeyed though its signature is wrong",
    file: "protocol/pickup-code/sign.ts",
    find: 'return verify(null, prefixed(kind, message), publicKey("ed25519", key), signature);',
    put: 'return publicKey("ed25519", key).type === "public" || verify(null, prefixed(kind, message), key, signature);',
    caught: { test: "test/store/keys.test.ts" },
  },
];

const shell: readonly PlantedBug[] = [
  {
    breaks: "the watchdog is fed though the disk hangs",
    file: "controller/freshness.ts",
    find: "return oldest === undefined || clock.mono() - oldest.since <= limit;",
    put: "return oldest !== null;",
    caught: { test: "test/controller/watchdog.test.ts" },
  },
  {
    breaks: "a finger that slides off a key presses it",
    file: "controller/screen/page.js",
    find: 'if (over?.getAttribute("data-press") === meant) press(meant);',
    put: "if (over !== undefined) press(meant);",
    caught: { test: "test/screen/page.test.ts", named: "press nothing by sliding" },
  },
  {
    breaks: "the screen is idle while a motor turns",
    file: "controller/domain/picture.ts",
    find: '    case "vending": {\n',
    put: '    case "vending": {\n      if (scene.phase === "moving") return idle(setting, state);\n',
    caught: "days",
  },
  {
    breaks: "a code stands in the log",
    file: "controller/kiosk.ts",
    find: 'return loop.send({ kind: "found", finding: keys.codebook.find(effect.typed) });',
    put: 'log.note("code.asked", { typed: effect.typed });\n        return loop.send({ kind: "found", finding: keys.codebook.find(effect.typed) });',
    caught: "days",
  },
  {
    breaks: "what happens while an event is taken is lost",
    file: "controller/loop.ts",
    find: "    if (stopped) return;\n    waiting.push(event);",
    put: "    if (stopped || draining) return;\n    waiting.push(event);",
    caught: { test: "test/controller/loop.test.ts" },
  },
  {
    breaks: "nothing ends by itself: the loop asks for no tick",
    file: "controller/loop.ts",
    find: "      send(turning.tick),\n",
    put: "      void turning.tick,\n",
    caught: "days",
  },
  {
    breaks: "after a device has gone its slots still move",
    file: "controller/domain/shelf.ts",
    find: 'state.presence.get(id) === "working" && ',
    put: "",
    caught: { test: "test/controller/domain/presence.test.ts" },
  },
  {
    breaks: "a name from a file can bring markup to the worker's page",
    file: "controller/screen/html.ts",
    find: 'if (typeof piece === "string") return escaped(piece);',
    put: 'if (typeof piece === "string") return piece;',
    caught: { test: "test/screen/html.test.ts" },
  },
  {
    breaks: "a page that stands still passes for alive",
    file: "controller/screen/server.ts",
    find: "if (said.value.revision === present.revision) paintedAt",
    put: "paintedAt",
    caught: { test: "test/screen/server.test.ts" },
  },
];

const devices: readonly PlantedBug[] = [
  {
    breaks: "a board that has stopped answering is never opened again",
    file: "devices/supervise.ts",
    find: 'if (missed || device === undefined || life.error.kind === "no-device") return life.error;',
    put: "",
    caught: { test: "test/devices/supervise.test.ts" },
  },
  {
    breaks: "TCN: a drive command is sent again after a time-out",
    file: "devices/vending/tcn.ts",
    find: "const told = await line.ask({ board: slot.board, command: slot.number, parameter }, patience.vend);",
    put: "const vend = { board: slot.board, command: slot.number, parameter };\n      let told = await line.ask(vend, patience.vend);\n      if (!told.ok) told = await line.ask(vend, patience.vend);",
    caught: "days",
  },
  {
    breaks: "TCN: silence after a drive command is called a failure",
    file: "devices/vending/tcn.ts",
    find: 'return { kind: "unknown", fault: fault(kind === "no-device" ? "interrupted" : kind, detail) };',
    put: 'return { kind: "not-delivered", started: false, fault: fault(kind, detail) };',
    caught: "days",
  },
  {
    breaks: "XY: a repeated command has a new number, so that the board drives twice",
    file: "devices/vending/xy-link.ts",
    find: "    send(flight.bytes);\n",
    put: "    if (flight.sendings > 1) pack = following(pack);\n    send(encode({ command: flight.order.command, pack, text: Uint8Array.from(flight.order.text) }));\n",
    caught: "days",
  },
  {
    breaks: "XY: a report that the board repeats counts twice",
    file: "devices/vending/xy-link.ts",
    find: "if (!again) board.data(frame);",
    put: "board.data(frame);",
    caught: { test: "test/devices/vending/xy.test.ts" },
  },
  {
    breaks: "XY: the end of an earlier motion passes for that of the present one",
    file: "devices/vending/xy-motor.ts",
    find: "if (!present.begun && !early.has(status) && (clock.mono() < echoes || status === 0xff)) return;",
    put: "",
    caught: { test: "test/devices/vending/xy-motor.test.ts" },
  },
  {
    breaks: "the answer to a question that was given up passes for the answer to the next",
    file: "devices/kit/exchange.ts",
    find: "if (unnamed && !result.ok) clear = later(clear, since, unnamed.longest(question));",
    put: "",
    caught: { test: "test/devices/kit/exchange.test.ts" },
  },
  {
    breaks: "a write that fails late settles the next question",
    file: "devices/kit/exchange.ts",
    find: "if (present !== mine) return;",
    put: "",
    caught: { test: "test/devices/kit/exchange.test.ts" },
  },
  {
    breaks: "two questions go out at once",
    file: "devices/kit/exchange.ts",
    find: "if (asked === undefined || present || pause || gone) return;",
    put: "if (asked === undefined || pause || gone) return;",
    caught: { test: "test/devices/kit/exchange.test.ts" },
  },
  {
    breaks: "TCN: a frame with a flipped bit is taken",
    file: "devices/vending/tcn-wire.ts",
    find: 'if (sum([board, second, r3, r4]) !== check) return { is: "noise" };',
    put: "",
    caught: { test: "test/devices/vending/tcn.test.ts" },
  },
];

export const plantedBugs: readonly PlantedBug[] = [
  ...pickup,
  ...restarts,
  ...verdicts,
  ...cardsAndShares,
  ...severalStations,
  ...events,
  ...shell,
  ...devices,
  ...cabin,
];
