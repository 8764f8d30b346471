import { expect, test } from "vitest";
import { assertions, type Assertion } from "./assertions.ts";
import { aDay } from "./conversations.ts";
import { commandProofs } from "./proofs/commands.ts";
import { nodeProofs } from "./proofs/nodes.ts";
import { presenceProofs } from "./proofs/presence.ts";

/*
 * One test for each assertion that binds a Sparkplug host, over conversations that a recording broker has kept. Ids are
 * compared as the specification marks them; none had to be left out. Two can be proven in part only, and say so where
 * they are: that no other host has our name, and that edge nodes subscribe to our state.
 */
const day = await aDay();
const parts = [await presenceProofs(day), commandProofs(day), nodeProofs(day)];
const proofs: ReadonlyMap<string, () => void> = new Map(parts.flatMap((part) => Object.entries(part)));

test.each(Object.keys(assertions) as Assertion[])("%s", (id) => {
  const proof = proofs.get(id);
  if (proof === undefined)
    throw new Error(`Nothing proves "${assertions[id]}" Write it into test/console/host/proofs.`);
  expect.hasAssertions();
  proof();
});

test("the list has the 88 assertions of hosts and the 13 of all who publish, each proven once", () => {
  const ids = Object.keys(assertions);
  expect(ids.length).toBe(101);
  const proven = parts.flatMap((part) => Object.keys(part));
  expect(proven.toSorted()).toEqual(ids.toSorted());
});

test("a day leaves no timer behind", () => {
  expect(day.pending).toEqual([]);
});
