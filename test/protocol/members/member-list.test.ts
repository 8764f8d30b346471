import { createHash, createHmac, hkdfSync } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { endMembers } from "../../../protocol/members/issue.ts";
import { headLine, parseMemberList, signMemberList, type MemberList } from "../../../protocol/members/member-list.ts";
import { ledgerPid, listKeys, memberTag } from "../../../protocol/members/secrets.ts";
import { bytesOf, isSigned, publicOf } from "../../../protocol/pickup-code/sign.ts";
import { keys, made, people, pidOf, release, secret } from "./making.ts";

const lineOf = (list: MemberList): string => headLine(list).toString().slice(0, -1);
const mistakes = (list: object): readonly string[] => {
  const judged = parseMemberList(lineOf(list as MemberList));
  return judged.ok ? [] : judged.error;
};

/** Rows and hash were made again by another program, in another language, from docs/members.md. */
const golden = {
  rows: "5cda635eee3305a30707070700000001c0501077cf39a9130707070700000001fb2150ce721a17cb0707070700000002",
  head: '{"allowances":[{"gap":60,"perDay":2,"products":["water","salt-soda"]}],"from":"2026-07-01","hours":"06:00-22:00","id":"union","identifiers":{"digital":0,"texts":[{"alphabet":"digits","entries":1,"guessed":16,"length":16},{"alphabet":"printable","entries":1,"guessed":13,"length":13}],"uids":1},"issuedAt":"2026-07-14T04:00:00Z","kid":"r1","kind":"members","lossLimit":1,"products":["water","salt-soda"],"rows":{"count":3,"sha256":"021370fad6620e0bd576c3dc55b9b16871125932e3318dd6af988d42d1fdd4d2"},"secret":"07742defd7550d80","sig":"7SZGaNhrmf6e3K27V36AsWkyIrrK8fgVSz2dVT5d9q3OKZc8LjdJmfq0pE1sdsVKXvAJ2IYhQrTVNuFUkrpuDg","station":"SD-JN-0042","to":"2026-09-30","v":1}',
  sha256: "98a8f0670a79ffb78c6f1b5f58c92af0b3ebac5ab3551fcf6a40f9bc9ba60cac",
};

test("a fixed list of fixed keys is these bytes, for ever", async () => {
  const { list, bytes } = await made();
  expect(bytes.subarray(headLine(list).length).toString("hex")).toBe(golden.rows);
  expect(lineOf(list)).toBe(golden.head);
  expect(createHash("sha256").update(bytes).digest("hex")).toBe(golden.sha256);
});

test("tags, pids and marks are plain HMAC and HKDF, as docs/members.md tells it", () => {
  const derived = (info: string, length = 32) => new Uint8Array(hkdfSync("sha256", secret, "yizhan/v1", info, length));
  const hash = (key: Uint8Array, text: string | Uint8Array) =>
    createHmac("sha256", key).update(text).digest("hex").slice(0, 16);
  expect(memberTag(keys, "uid", "04DE5F1EACC040").toString("hex")).toBe(
    hash(derived("members:tags"), "uid\u000004DE5F1EACC040"),
  );
  expect(ledgerPid(keys, pidOf(1))).toBe(hash(derived("members:pids"), pidOf(1)));
  expect(keys.mark).toBe(Buffer.from(derived("members:mark", 8)).toString("hex"));
});

test("the same number as a text, a UID or a pid has three tags, and in another list three others", () => {
  const other = listKeys(new Uint8Array(32).fill(32));
  const tags = [keys, other].flatMap((own) =>
    (["text", "uid", "pid"] as const).map((kind) => memberTag(own, kind, "1234567890ABCDEF").toString("hex")),
  );
  expect(new Set(tags).size).toBe(6);
  expect(ledgerPid(keys, pidOf(1))).not.toBe(ledgerPid(other, pidOf(1)));
});

test("a head is read back as it was signed, and its signature covers every field", async () => {
  const { list } = await made({ fields: { dates: ["2026-07-15", "2026-07-20"], area: true } });
  const read = parseMemberList(lineOf(list));
  expect(read).toEqual({ ok: true, value: list });
  const key = publicOf("ed25519", release);
  expect(isSigned("members", list, key)).toBe(true);
  expect(isSigned("list", list, key)).toBe(false);
  expect(isSigned("members", { ...list, area: undefined } as unknown as MemberList, key)).toBe(false);
});

test("no byte of a head can be changed without being refused or breaking its signature", async () => {
  const { list } = await made();
  const line = Buffer.from(lineOf(list));
  const key = publicOf("ed25519", release);
  let judgedFalse = 0;
  for (let at = 0; at < line.length; at++)
    for (const mask of [0x01, 0x20]) {
      const changed = Buffer.from(line);
      changed.writeUInt8(changed.readUInt8(at) ^ mask, at);
      const read = parseMemberList(changed.toString());
      const obeyed = read.ok && isSigned("members", read.value, key);
      if (obeyed) throw new Error(`byte ${at} is not covered`);
      judgedFalse++;
    }
  expect(judgedFalse).toBe(line.length * 2);
});

test("blanks in a head, and another order of its fields, are refused", async () => {
  const { list } = await made();
  const said = "The first line is not written as RFC 8785 and RFC 4648 ask for.";
  for (const line of [JSON.stringify(list, null, 1), ` ${lineOf(list)}`, JSON.stringify({ ...list, v: 1 })])
    expect(parseMemberList(line)).toEqual({ ok: false, error: [said] });
});

test("every mistake in a head is a sentence that says where it is", async () => {
  const { list } = await made();
  const [form] = list.identifiers.texts;
  const wrong: readonly (readonly [object, string])[] = [
    [{ v: 2 }, "v: expected 1, found 2."],
    [{ kind: "list" }, 'kind: expected "members", found "list".'],
    [{ id: "../x" }, 'id: expected a short name of letters, digits and "-" that begins with a letter, found "../x".'],
    [{ station: "" }, 'station: expected the kiosk\'s id, such as "ZP-001", found "".'],
    [{ to: "2026-06-30" }, "to: 2026-06-30 lies before from, 2026-07-01."],
    [{ from: "July" }, 'from: expected a date such as "2026-07-01", found "July".'],
    [
      { hours: "22:00-06:00" },
      'hours: expected hours such as "06:00-22:00" that open before they close, found "22:00-06:00".',
    ],
    [{ dates: [] }, "dates: expected at least one date, found 0."],
    [{ dates: ["today"] }, 'dates.0: expected a date such as "2026-07-15", found "today".'],
    [{ dates: ["2026-10-01"] }, "dates.0: 2026-10-01 does not lie within 2026-07-01 to 2026-09-30."],
    [{ dates: ["2026-07-15", "2026-07-15"] }, "dates.1: expected ascending order and none twice."],
    [{ allowances: [] }, "allowances: expected at least one allowance, found 0."],
    [
      { allowances: [{ products: ["water", "salt-soda"] }] },
      "allowances.0: expected perDay, perCampaign or gap, else it would allow without end.",
    ],
    [
      { allowances: [{ products: ["water", "salt-soda"], gap: 0 }] },
      "allowances.0.gap: expected a whole number from 1 to 10080, found 0.",
    ],
    [
      { allowances: [{ products: ["water"], perDay: 1 }] },
      "allowances: none names salt-soda, so that nobody would get it.",
    ],
    [
      { allowances: [{ products: ["water", "salt-soda", "tea"], perDay: 1 }] },
      "allowances.0: tea is none of the list's products.",
    ],
    [
      {
        allowances: [
          { products: ["water", "salt-soda"], perDay: 1 },
          { products: ["water"], gap: 5 },
        ],
      },
      "allowances: water is named twice.",
    ],
    [{ area: false }, "area: expected true, found false."],
    [{ identifiers: { ...list.identifiers, uids: 2 } }, "identifiers: they are 4, and rows.count is 3."],
    [
      { identifiers: { ...list.identifiers, uids: 0, digital: 1 } },
      "qr: expected the number of the qr key, because there are digital cards.",
    ],
    [
      { identifiers: { ...list.identifiers, texts: [form, form] } },
      "identifiers.texts.1: the form stands there twice.",
    ],
    [
      { identifiers: { ...list.identifiers, texts: [{ ...form, guessed: 17 }, list.identifiers.texts[1]] } },
      "identifiers.texts.0: guessed is 17, and a text has 16 places.",
    ],
    [{ qr: 256 }, "qr: expected a whole number from 0 to 255, found 256."],
    [{ secret: "00" }, 'secret: expected the mark of the list\'s secret, 16 hex digits, found "00".'],
    [{ rows: { count: 3, sha256: "" } }, 'rows.sha256: expected a SHA-256 of 64 hex digits, found "".'],
    [
      { rows: { ...list.rows, count: 0 }, identifiers: { texts: [], uids: 0, digital: 0 } },
      "rows.count: expected at least one row or card; only a list that is ended has none.",
    ],
    [{ ended: true }, "ended: a list that is over has neither rows nor cards."],
    [
      { cards: { for: "", count: 1, enc: "A", sealed: "A" } },
      'cards.for: expected the kiosk\'s public key of 64 hex digits, found "".',
    ],
    [{ lossLimit: 0 }, "lossLimit: expected more than 0 drinks a kiosk-year, found 0."],
    [{ person: "somebody" }, "person: this field is not known."],
    [{ sig: "short" }, 'sig: expected an Ed25519 signature of 86 characters of base64url, found "short".'],
  ];
  for (const [change, says] of wrong) expect(mistakes({ ...list, ...change }), says).toContain(says);
  expect(parseMemberList("{").ok).toBe(false);
});

test("what ends a list has no row, and is a signed list of its own", async () => {
  const { list } = await made();
  const { list: end, bytes } = endMembers(list, "2026-10-01T00:00:00Z", release);
  expect(parseMemberList(bytes.toString().trimEnd())).toEqual({ ok: true, value: end });
  expect(end).toMatchObject({ id: "union", ended: true, rows: { count: 0 } });
  expect(isSigned("members", end, publicOf("ed25519", release))).toBe(true);
});

test("whatever stands in a line, reading it never throws", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
      expect(parseMemberList(line).ok).toBe(false);
    }),
    { numRuns: 2000 },
  );
});

test("rows ascend by tag, and bear the same pid for all identifiers of a person", async () => {
  const { list, bytes } = await made();
  const rows = bytes.subarray(headLine(list).length);
  const read = Array.from({ length: 3 }, (_, at) => rows.toString("hex", at * 16, at * 16 + 16));
  expect(read).toEqual(read.toSorted());
  for (const { kind, value, pid } of people)
    expect(read).toContain(memberTag(keys, kind, value).toString("hex") + Buffer.from(pid).toString("hex"));
});

test("two people with one identifier are never written", async () => {
  const twice = [...people, { kind: "uid" as const, value: "04DE5F1EACC040", pid: pidOf(9) }];
  await expect(async () => made({ people: twice })).rejects.toThrow("Two members have an identifier of one tag.");
});

test("a signature of base64url has one writing", async () => {
  const { list } = await made();
  const last = list.sig.at(-1) ?? "";
  const other = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".replace(last, "");
  const same = other
    .split("")
    .map((one) => list.sig.slice(0, -1) + one)
    .filter((sig) => Buffer.from(sig, "base64url").equals(Buffer.from(list.sig, "base64url")));
  expect(same).toHaveLength(15);
  for (const sig of same) expect(parseMemberList(lineOf({ ...list, sig })).ok).toBe(false);
  expect(bytesOf(list.secret)).toHaveLength(8);
  expect(signMemberList(list, release)).toEqual(list);
});
