import { expect, test } from "vitest";
import { tally } from "./tally.mjs";

const file = (...statuses: readonly string[]) => ({
  name: "a.test.ts",
  status: statuses.includes("failed") ? "failed" : "passed",
  assertionResults: statuses.map((status, i) => ({ fullName: `promise ${i}`, status })),
});

test("passed and failed tests are counted", () => {
  expect(tally({ testResults: [file("passed", "passed"), file("passed", "failed")] }, false)).toEqual({
    passed: 3,
    failed: ["a.test.ts: promise 1"],
  });
});

test.each(["skipped", "pending", "todo"])("a test that is %s counts as failed", (status) => {
  expect(tally({ testResults: [file("passed", status)] }, true)).toEqual({
    passed: 1,
    failed: [`a.test.ts: promise 1 (did not run: ${status})`],
  });
});

test("a file that could not be loaded, and one without a test, count as failed", () => {
  const broken = { name: "b.test.ts", status: "failed", message: "Cannot find module", assertionResults: [] };
  expect(tally({ testResults: [file("passed"), broken] }, false).failed).toEqual(["b.test.ts: Cannot find module"]);
  expect(tally({ testResults: [file()] }, true).failed).toEqual(["a.test.ts: no test in it"]);
});

test("a file that failed after all its tests passed counts as failed", () => {
  const late = { ...file("passed"), status: "failed", message: "afterAll threw" };
  expect(tally({ testResults: [late] }, false).failed).toEqual(["a.test.ts: afterAll threw"]);
});

test("no test at all, and an unhandled rejection beside good tests, count as failed", () => {
  expect(tally({ testResults: [] }, true).failed).toHaveLength(1);
  expect(tally({ testResults: [file("passed")] }, false).failed).toHaveLength(1);
});
