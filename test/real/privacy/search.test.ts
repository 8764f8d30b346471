import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { deflateRawSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { formsIn, shownGlucose, type Content } from "./figures.ts";
import { everythingIn, unfolded } from "./folder.ts";
import { everybody, prints } from "./people.ts";

// A search that finds nothing proves nothing unless it could have found something.

const double = Buffer.alloc(8);
double.writeDoubleBE(prints.height);
const pair = Buffer.from(Uint16Array.of(prints.systolic, prints.diastolic).buffer);
const json = JSON.stringify({ figure: "glucose", native: { value: prints.glucose, unit: "mg/dL" } });
const frame = Buffer.from(`\x02WEIGHT ${prints.weight.toFixed(2)} kg\x03`);

const planted: readonly (readonly [string, Content])[] = [
  ["a number as it is printed", `resting 12.5, weight ${prints.weight} and more`],
  ["a number behind colons", `12:34:${prints.weight}`],
  ["a number of many decimals", `{"mmol":${prints.glucose / 18.016}}`],
  ["a whole number beside its name", `systolic was ${prints.systolic}`],
  ["the same in Chinese", `收缩压 ${prints.systolic} 毫米汞柱`],
  ["a blood pressure", `${prints.systolic}/${prints.diastolic}`],
  ["JSON", json],
  ["JSON in base64", Buffer.from(json).toString("base64")],
  ["JSON in base64 for addresses", Buffer.from(json).toString("base64url")],
  ["JSON in hex digits", Buffer.from(json).toString("hex")],
  ["JSON that was packed", deflateRawSync(json)],
  [
    "JSON that was packed behind its length",
    Buffer.concat([Buffer.alloc(4, 7), deflateRawSync(json), Buffer.alloc(50)]),
  ],
  ["JSON that was packed and written in base64", gzipSync(json).toString("base64")],
  ["a number of eight bytes", Buffer.concat([Buffer.from("abc"), double])],
  ["two numbers of two bytes", Buffer.concat([Buffer.from("abc"), pair])],
  ["a part of a frame", frame.subarray(2)],
  ["a text of a browser", Buffer.from(`${prints.waist}`, "utf16le")],
];

test.each(planted)("%s is found", (_, content) => {
  expect(formsIn([prints], unfolded([content]), [frame])).not.toEqual([]);
  const others = everybody.filter((one) => one !== prints);
  expect(formsIn(others, unfolded([content]), [frame])).toEqual([]);
});

test("what stands in a table, or was deleted from it a moment ago, is found in its folder", () => {
  const folder = mkdtempSync(join(tmpdir(), "yizhan-planted-"));
  try {
    writeFileSync(join(folder, "other"), "nothing");
    const database = new DatabaseSync(join(folder, "kept.db"));
    database.exec("PRAGMA journal_mode = WAL; CREATE TABLE kept (name TEXT, value BLOB)");
    const search = () => formsIn([prints], unfolded(everythingIn(folder)), []);
    expect(search()).toEqual([]);
    database.prepare("INSERT INTO kept VALUES ('a', ?)").run(gzipSync(json));
    expect(search()).toContain(`${prints.glucose}`);
    database.exec("DELETE FROM kept");
    database.prepare("INSERT INTO kept VALUES ('b', ?)").run(Buffer.from(`${prints.height}`));
    database.exec("DELETE FROM kept");
    expect(search()).toContain(`${prints.height}`);
    database.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("numbers that only look alike are none of anybody's", () => {
  const alike = [
    `1${prints.weight}`,
    `${prints.weight}5`,
    `${prints.systolic}`,
    `seq ${prints.glucose}`,
    "67.9.1",
    `2026-11-22 14:28:${shownGlucose(prints)}+00`,
    `2026/11/22-14:28:${(prints.glucose / 18.016).toFixed(4)} 7f Reusing MANIFEST`,
  ];
  expect(formsIn(everybody, alike, [])).toEqual([]);
});
