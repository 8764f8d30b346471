import { expect, test } from "vitest";
import { readSource, strip } from "./source.ts";

const froms = (text: string) =>
  readSource("a.ts", text).imports.map(({ from, type }) => (type ? `type ${from}` : from));

test("every form of import is found, and types are told from values", () => {
  expect(
    froms(`
import "./a.ts";
import b from "b";
import { c, type C } from "./c.ts";
import type { D } from "./d.ts";
import {
  e,
} from "./e.ts";
import * as f from "node:f";
export { g } from "./g.ts";
export * from "./h.ts";
const i = await import("./i.ts");
const j = require("j");
`),
  ).toEqual(["./a.ts", "b", "./c.ts", "type ./d.ts", "./e.ts", "node:f", "./g.ts", "./h.ts", "./i.ts", "j"]);
});

test("an import in a comment or in a text is none", () => {
  expect(froms(`// import "./a.ts";\n/* import "./b.ts"; */ const text = 'import("./c.ts")';`)).toEqual([]);
});

test.each([
  ["a / b / Date", "a / b / Date"],
  ['"Date" + 1', '"0" + 1'],
  ["'it\\'s Date' + 1", '"0" + 1'],
  ["`now ${Date.now()} Date ${ { a: `${b}` }.a } Date`", "`${Date.now()}${ { a: `${b}` }.a }`"],
  ['x.replace(/["/]Date/g, y) // Date', "x.replace(/x/, y)  "],
  ["const a = 1; /* Date */ const b = 2;", "const a = 1;   const b = 2;"],
  ['const url = "http://Date"; Date', 'const url = "0"; Date'],
])("%s leaves %s to look at", (text, code) => {
  expect(strip(text).code).toBe(code);
});
