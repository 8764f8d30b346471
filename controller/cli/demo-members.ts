import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LargeFile } from "../../config/load.ts";
import { application } from "../../protocol/cards/desfire.ts";
import type { KeyedCard } from "../../protocol/members/card-keys.ts";
import { issueMembers, listedRows, type Identifier } from "../../protocol/members/issue.ts";
import { listKeys, memberTag } from "../../protocol/members/secrets.ts";
import { dateOf, startOf, type Day } from "../../protocol/pickup-code/calendar.ts";
import { hexOf } from "../../protocol/pickup-code/sign.ts";
import { mint, nobody, numericText, type Token } from "../../protocol/pickup-code/token.ts";
import type { Name } from "../screen/model.ts";

/** A card or a code that whoever tries the simulation holds before a reader. */
export interface Prop {
  /** Its word at the terminal: "tap member". */
  readonly id: string;
  readonly how: "tap" | "scan";
  /** A card as its simulated reader names it, or the text of a code. */
  readonly what: string;
  readonly name: Name;
  /** What it will show. */
  readonly shows: string;
}

/** What is done with them, for the drawer. */
export const ways: Readonly<Record<Prop["how"], Name>> = {
  tap: { zh: "刷卡", en: "Tap a card" },
  scan: { zh: "扫码", en: "Scan a code" },
};

export interface DemoMembers {
  readonly listId: string;
  readonly secret: Uint8Array;
  readonly files: readonly LargeFile[];
  readonly props: readonly Prop[];
}

export interface MembersAsked {
  readonly today: Day;
  readonly station: string;
  readonly release: Uint8Array;
  /** The secret qr key, and its number in the station file. */
  readonly qr: { readonly kid: number; readonly secret: Uint8Array };
  /** Public key of the kiosk. */
  readonly kiosk: string;
  readonly issuedAt: string;
  /** Where the list's file is written. */
  readonly dir: string;
  drawn(what: string): Uint8Array;
}

const listId = "union";
const uids = { plain: "04A1B2C3D4E580", strong: "04B1B2C3D4E581", tag: "04C1B2C3D4E582", stranger: "04D1B2C3D4E583" };
const printedNumber = "6228480012345678";
const dayQuarters = 96;

/** A list of four members: one with a bare card, one with a card that proves itself, one with a tag, one with a number on paper and on the telephone. */
export async function demoMembers(asked: MembersAsked): Promise<DemoMembers> {
  const { today, station, release, qr, kiosk, issuedAt, dir, drawn } = asked;
  const secret = drawn("members");
  const keys = listKeys(secret);
  const pid = (who: string): Uint8Array => drawn(`member ${who}`).subarray(0, 8);
  const cardKey = (who: string): Uint8Array => drawn(`card ${who}`).subarray(0, 16);
  const identifiers: readonly Identifier[] = [
    { kind: "uid", value: uids.plain, pid: pid("plain") },
    { kind: "text", value: printedNumber, pid: pid("number") },
    { kind: "pid", value: hexOf(pid("number")), pid: pid("number") },
  ];
  const keyed = (scheme: KeyedCard["scheme"], who: "strong" | "tag"): KeyedCard => ({
    tag: memberTag(keys, "uid", uids[who]),
    pid: pid(who),
    scheme,
    key: cardKey(who),
  });
  const { bytes } = await issueMembers({
    fields: {
      id: listId,
      station,
      products: ["water", "salt-soda"],
      from: dateOf(today - 30),
      to: dateOf(today + 30),
      hours: "00:00-24:00",
      allowances: [{ products: ["water", "salt-soda"], perDay: 2, gap: 1 }],
      qr: qr.kid,
      lossLimit: 1,
      issuedAt,
      kid: "demo",
    },
    keys,
    listed: listedRows(keys, identifiers),
    cards: { of: [keyed("desfire", "strong"), keyed("ntag424", "tag")], kiosk },
    release,
  });
  const path = join(dir, `${listId}.members`);
  writeFileSync(path, bytes);

  const token = (what: string, from: Day, bearer = nobody): string => {
    const fields: Token = {
      kid: qr.kid,
      id: createHash("sha256").update(drawn(what)).digest("hex").slice(0, 16),
      notBefore: startOf(from) / 1000,
      quarters: dayQuarters,
      scope: { of: "station", number: 1 },
      productClass: 0,
      pid: bearer,
    };
    return numericText(mint(fields, qr.secret));
  };
  const good = token("token good", today);
  const prop = (how: Prop["how"], id: string, what: string, zh: string, en: string, shows: string): Prop => ({
    id,
    how,
    what,
    name: { zh, en },
    shows,
  });
  const aid = [16, 8, 0].map((bits) => ((application >> bits) & 0xff).toString(16).padStart(2, "0")).toReversed();
  return {
    listId,
    secret,
    files: [{ name: `${listId}.members`, path }],
    props: [
      prop(
        "tap",
        "member",
        `desfire:${uids.strong}:${aid.join("")}:${hexOf(cardKey("strong"))}`,
        "会员卡（带密钥）",
        "member card with a key",
        "good twice a day, a minute apart",
      ),
      prop("tap", "plain", uids.plain, "普通会员卡", "plain member card", "its number is all it has: the same"),
      prop(
        "tap",
        "tag",
        `ntag424:${uids.tag}:${hexOf(cardKey("tag"))}`,
        "会员贴片",
        "member tag",
        "counts its readings: the same",
      ),
      prop("tap", "stranger", uids.stranger, "没登记的卡", "somebody's card", "not registered: says what to do"),
      prop("scan", "number", printedNumber, "会员卡条码", "printed member number", "good twice a day"),
      prop(
        "scan",
        "phone",
        token("token phone", today, hexOf(pid("number"))),
        "手机电子会员卡",
        "card on the telephone",
        "good once; counts for the number's owner",
      ),
      prop("scan", "token", good, "二维码（有效）", "QR token", "good once: scan it twice"),
      prop("scan", "expired", token("token old", today - 3), "二维码（过期）", "expired QR token", "says since when"),
      prop("scan", "damaged", damaged(good), "二维码（残缺）", "damaged QR code", "not read: try again"),
      prop("scan", "foreign", "https://example.com/", "别的二维码", "some other QR code", "not one of ours"),
    ],
  };
}

/** The same digits with one changed: no token. */
const damaged = (text: string): string => `${text.slice(0, 40)}${(Number(text[40]) + 1) % 10}${text.slice(41)}`;
