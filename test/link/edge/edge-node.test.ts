import { beforeAll, describe, expect, it } from "vitest";
import { assertions, type Id } from "./assertions.ts";
import { interrupted, recordedAll, silence, type Conversations } from "./conversations.ts";
import { judges } from "./judges/every.ts";

const ids = Object.keys(assertions) as readonly Id[];
let all: Conversations = silence;

beforeAll(async () => {
  all = await recordedAll();
});

describe("a kiosk is an edge node of Sparkplug 3.0", () => {
  it("with which every conversation comes to its end", () => expect([...interrupted]).toEqual([]));

  it.each(ids.map((id) => ({ id, level: assertions[id][0], asks: assertions[id][1] })))(
    "$id ($level): $asks",
    ({ id }) => judges[id](all),
  );
});

describe("the proofs", () => {
  it("are there for all 159 assertions that bind a kiosk, and for no other", () => {
    expect(ids).toHaveLength(159);
    expect(Object.keys(judges).toSorted()).toEqual(ids.toSorted());
  });

  it.each(ids)("of %s is not content with silence", (id) => expect(() => judges[id](silence)).toThrow());
});
