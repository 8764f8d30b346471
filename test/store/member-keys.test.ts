import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadStation } from "../../config/load.ts";
import { knowledgeOf } from "../../controller/setting.ts";
import { openDisk } from "../../controller/store/disk.ts";
import { openKeys, type Keys } from "../../controller/store/keys.ts";
import { openMemberLists } from "../../controller/store/member-lists.ts";
import { MemberShelf } from "../../controller/store/member-shelf.ts";
import { openRing } from "../../controller/store/key-ring.ts";
import type { Disk } from "../../controller/world.ts";
import { readReported, writeReported } from "../../protocol/commands/reported.ts";
import { endMembers } from "../../protocol/members/issue.ts";
import { ledgerPid, memberTag } from "../../protocol/members/secrets.ts";
import { keys as listKeys, made, people, pidOf, release, secret } from "../protocol/members/making.ts";
import { attempt, folderInMemory, optionsFor, removeFolder } from "./folder.ts";
import { kiosk, kioskKey, memory, own, standing, station, type Keep } from "./issuing.ts";

let folder = "";
const dice = { bytes: (n: number) => crypto.getRandomValues(new Uint8Array(n)) };
const at = (...names: readonly string[]): string => join(folder, ...names);

beforeEach(() => {
  folder = folderInMemory("member-keys");
  for (const name of ["config/members", "config/keys", "data"]) mkdirSync(at(name), { recursive: true });
});
afterEach(() => removeFolder(folder));

const put = (name: string, content: object | Uint8Array): void =>
  writeFileSync(at("config", name), content instanceof Uint8Array ? content : JSON.stringify(content));
const filesIn = (name: string) => readdirSync(at("config", name)).sort();

/** The keys of a kiosk whose folders these are. */
async function opened(keep: Disk["keep"]): Promise<Keys> {
  const memberLists = await openMemberLists({
    station,
    files: filesIn("members").map((name) => ({ name, path: at("config/members", name) })),
    kiosk: { shelf: new MemberShelf(at("data"), kioskKey, "writes"), key: kioskKey },
    damaged() {},
  });
  const keyFiles = filesIn("keys").map((name) => ({ name, text: readFileSync(at("config/keys", name), "utf8") }));
  return openKeys({
    loaded: { station, campaignFiles: [], listFiles: [], keyFiles },
    memberLists,
    keep,
    kioskKey,
    clock: standing("2026-07-15T03:00:00Z"),
    dice,
  });
}

const sealed = (secrets: ReadonlyMap<string, Uint8Array>, issuedAt = "2026-07-14T05:00:00Z") =>
  own.keys({ epochs: ["20260715"], secrets, kiosk, issuedAt });
const withUnion = new Map([["union", secret]]);

async function union(keep: Keep = memory()): Promise<Keys> {
  put("members/union.members", (await made()).bytes);
  put("keys/2026-07.json", await sealed(withUnion));
  return opened(keep.keep);
}

test("with its file and its secret a list is in force, offered, adopted and reported", async () => {
  const keys = await union();
  expect(keys.refused).toEqual([]);
  expect(keys.members.map(({ id }) => id)).toEqual(["union"]);
  expect(keys.adopted).toEqual([{ id: "members/union", issuedAt: "2026-07-14T04:00:00Z", kid: "r1" }]);
  expect(knowledgeOf(keys).offers.map(({ id, products }) => [id, products])).toEqual([
    ["union", ["water", "salt-soda"]],
  ]);
  expect(knowledgeOf(keys).typed).toBeUndefined();
  const told = {
    ...keys.inForce(),
    v: 1 as const,
    at: 0,
    config: { version: null, hash: "0".repeat(64), state: "local" as const },
    refused: [],
  };
  expect(told.campaigns).toMatchObject([{ kind: "members", id: "union", issuedAt: "2026-07-14T04:00:00Z" }]);
  expect(readReported(writeReported(told))).toEqual({ ok: true, value: told });
});

test("a list whose secret comes with a later bundle is in force from then on", async () => {
  const keep = memory();
  put("members/union.members", (await made()).bytes);
  const before = await opened(keep.keep);
  expect(before.members).toEqual([]);
  expect(before.refused.map(({ file }) => file)).toEqual(["members: union"]);
  put("keys/2026-07.json", await sealed(withUnion));
  expect((await opened(keep.keep)).members).toHaveLength(1);
});

test("when a list ended for good, the kiosk holds its secret no more, and says which bundle still does", async () => {
  const keep = memory();
  await union(keep);
  const { list } = await made();
  put("members/union.members", endMembers(list, "2026-08-01T00:00:00Z", release).bytes);
  const ended = await opened(keep.keep);
  expect(ended.members).toEqual([]);
  expect(ended.refused).toEqual([
    {
      file: "keys/2026-07.json",
      why: "It holds the secret of the member list union, which ended for good: export the keys again without it, and remove this file.",
    },
  ]);
  const asked = { station, files: [], keep: keep.keep, kioskKey, dice, ended: [] };
  expect((await openRing(asked)).ring.lists).toEqual({});
  keep.kept.delete("keys");
  expect((await openRing(asked)).ring.lists).toEqual({});
});

test("a bundle that comes later cannot bring the secret of an ended list back", async () => {
  const keep = memory();
  const { list } = await made();
  put("members/union.members", endMembers(list, "2026-07-16T00:00:00Z", release).bytes);
  await opened(keep.keep);
  put("keys/late.json", await sealed(withUnion, "2026-07-20T00:00:00Z"));
  await opened(keep.keep);
  const { ring } = await openRing({ station, files: [], keep: keep.keep, kioskKey, dice, ended: [] });
  expect(Object.keys(ring.epochs)).toEqual(["20260715"]);
  expect(ring.lists).toEqual({});
});

/** All bytes of a folder, file by file. */
const contents = (dir: string): readonly Buffer[] =>
  readdirSync(dir, { recursive: true, encoding: "utf8" })
    .map((name) => join(dir, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path));

test("after a list ended for good nothing on the kiosk's disk leads from its ledger to a card or a person", async () => {
  const begun = await openDisk(optionsFor(at("data")));
  if (!begun.ok) throw new Error(begun.error.says);
  const disk = begun.value;
  const members = await union({ keep: disk.keep, kept: new Map() });
  const found = members.members[0]?.byUid("04DE5F1EACC040");
  if (found?.credential.kind !== "member") throw new Error("the card is not known");
  await disk.append({ ...attempt(1), credential: found.credential } as Parameters<Disk["append"]>[0]);
  const { list } = await made();
  const traces = people.flatMap(({ kind, value, pid }) => [
    memberTag(listKeys, kind, value),
    Buffer.from(pid),
    Buffer.from(value),
  ]);
  const left = () => traces.filter((trace) => contents(at("data")).some((bytes) => bytes.includes(trace)));
  // While it is in force the rows lie there: else the search would prove nothing.
  expect(left()).toHaveLength(6);

  put("members/union.members", endMembers(list, "2026-08-01T00:00:00Z", release).bytes);
  put("keys/2026-07.json", await sealed(new Map(), "2026-08-01T00:00:00Z"));
  const ended = await opened(disk.keep);
  members.memberLists.close();
  expect(ended.refused).toEqual([]);
  expect(left()).toEqual([]);
  expect(contents(at("config")).some((bytes) => traces.some((trace) => bytes.includes(trace)))).toBe(false);
  // What was given stays, under a number that nobody can make again without the secret.
  await disk.close();
  expect(contents(at("data")).some((bytes) => bytes.includes(ledgerPid(listKeys, pidOf(1))))).toBe(true);
  const again = await openDisk(optionsFor(at("data")));
  if (!again.ok) throw new Error(again.error.says);
  const { ring } = await openRing({ station, files: [], keep: again.value.keep, kioskKey, dice, ended: [] });
  expect(ring.lists).toEqual({});
  await again.value.close();
});

test("the files of members/ are named and not read, whatever their size", async () => {
  put("members/union.members", Buffer.alloc(3));
  put("members/notes.txt", Buffer.from("x"));
  put("members/.hidden.members", Buffer.from("x"));
  const example = readFileSync(new URL("../../config/station.example.json", import.meta.url), "utf8");
  const loaded = await loadStation(at("config"), undefined, example);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  expect(loaded.value.memberFiles).toEqual([{ name: "union.members", path: at("config/members/union.members") }]);
});
