import { beforeAll, describe, expect, it } from "vitest";
import { assertions, type Id } from "./assertions.ts";
import { recordedAll } from "./conversations.ts";
import { judges } from "./judges/every.ts";
import { omissions, tamperings } from "./tampering.ts";

/** Which tamperings a judge notices: the first of them. */
const noticed = new Map<Id, string>();
/** Tamperings that no judge noticed. */
const idle: string[] = [];
const ids = Object.keys(assertions) as readonly Id[];

const notices = (id: Id, conversations: Parameters<(typeof judges)[Id]>[0]): boolean => {
  try {
    judges[id](conversations);
    return false;
  } catch {
    return true;
  }
};

beforeAll(async () => {
  const all = await recordedAll();
  for (const [how, tampered] of Object.entries({ ...tamperings, ...omissions })) {
    const conversations = tampered(all);
    const finders = ids.filter((id) => !noticed.has(id) && notices(id, conversations));
    // Who only misses something missing has judged nothing.
    if (how in tamperings) for (const id of finders) noticed.set(id, how);
    if (finders.length === 0 && !ids.some((id) => notices(id, conversations))) idle.push(how);
  }
});

describe("a worse edge node is found out", () => {
  it.each(ids)("by %s", (id) => expect(noticed.get(id)).toBeDefined());

  it("in each of the ways in which conversations were falsified", () => expect(idle).toEqual([]));
});
