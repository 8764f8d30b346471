import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { err, ok, type Result } from "../../../../devices/kit/result.ts";
import type { CardScheme, KeyedCard } from "../../../../protocol/members/card-keys.ts";
import { issueMembers, listedRows, type Identifier, type ListFields } from "../../../../protocol/members/issue.ts";
import { memberLoss, memberLossTooHigh } from "../../../../protocol/members/loss.ts";
import { headLine, parseMemberList, type AllowanceFields } from "../../../../protocol/members/member-list.ts";
import { listKeys, memberTag, type ListKeys } from "../../../../protocol/members/secrets.ts";
import { bytesOf } from "../../../../protocol/pickup-code/sign.ts";
import { readSecret, writeWhole } from "../../../store/secret-file.ts";
import { readPaper, refused } from "../paper.ts";
import { allowanceIn } from "./allow.ts";
import { listFile } from "./files.ts";
import { peopleIn, type Columns, type PersonRow, type UidForm } from "./people.ts";
import { keepPrivate, keyFile, openPrivate, pidOf, registerFile, type Private } from "./register.ts";
import { readTable } from "./table.ts";

export interface ImportOptions extends Columns {
  readonly id: string;
  readonly station: readonly string[];
  readonly uidForm: UidForm;
  readonly scheme?: CardScheme;
  readonly for: readonly string[];
  readonly products: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly hours: string;
  readonly dates?: readonly string[];
  readonly perDay?: number;
  readonly perCampaign?: number;
  readonly gap?: number;
  readonly allow: readonly string[];
  readonly area: boolean;
  readonly qrKid?: number;
  readonly lossLimit: number;
  readonly releaseKey: string;
  readonly kid: string;
  readonly out: string;
}

const worldReadable = 0o644;

/** Makes a signed member list for each station, and keeps who has which pid. @returns the exit code. */
export async function importMembers(path: string, options: ImportOptions): Promise<number> {
  const { id, out, station: stations } = options;
  const release = readSecret(options.releaseKey);
  if (!release.ok) return refused(release.error);
  const kiosks = kioskKeys(options);
  if (!kiosks.ok) return refused(kiosks.error);
  const allowances = allowancesOf(options);
  if (!allowances.ok) return refused(allowances.error);
  const table = readTable(path);
  if (!table.ok) return refused(table.error);
  const people = peopleIn(table.value, columnsOf(options), options.uidForm, options.scheme);
  if (!people.ok) return refused(...people.error);
  const own = openPrivate(out, id);
  if (!own.ok) return refused(own.error);

  const found = collected(people.value, own.value, options.qrKid !== undefined);
  if (!found.ok) return refused(...found.error);
  const { identifiers, cards, twice, nothing } = found.value;
  const keys = listKeys(own.value.secret);
  const listed = listedRows(keys, identifiers);
  const weak = memberLossTooHigh(listed.identifiers, options.lossLimit);
  if (weak !== undefined) return refused(weak);

  const issuedAt = new Date().toISOString();
  const written: { readonly path: string; readonly bytes: Buffer }[] = [];
  for (const [at, station] of stations.entries()) {
    const kiosk = kiosks.value[at];
    const fields = fieldsOf(options, station, allowances.value, issuedAt);
    const sealed = kiosk === undefined ? undefined : { of: cards.map((card) => keyed(keys, card)), kiosk };
    const issued = await issueMembers({
      fields,
      keys,
      listed,
      release: release.value,
      ...(sealed ? { cards: sealed } : {}),
    });
    const judged = parseMemberList(headLine(issued.list).toString().trimEnd());
    if (!judged.ok) return refused(...judged.error);
    written.push({ path: listFile(out, station, id), bytes: issued.bytes });
  }
  try {
    keepPrivate(out, id, own.value);
    for (const { path: file, bytes } of written) {
      mkdirSync(dirname(file), { recursive: true });
      writeWhole(file, bytes, worldReadable);
    }
  } catch (thrown) {
    return refused(`${out} cannot be written: ${thrown instanceof Error ? thrown.message : String(thrown)}.`);
  }
  const { texts, uids, digital } = listed.identifiers;
  const numbers = texts.reduce((sum, { entries }) => sum + entries, 0);
  const persons = new Set(people.value.map(({ person }) => person)).size;
  const counts = [
    `${numbers} numbers and barcodes`,
    `${uids} bare UIDs`,
    `${cards.length} cards with a key`,
    `${digital} digital cards`,
  ];
  for (const line of [
    `${id}: ${persons} people with ${counts.join(", ")}.`,
    ...(twice > 0 ? [`${twice} identifiers stood there twice for the same person and count once.`] : []),
    ...(nothing.length > 0 ? [`${nothing.length} rows have no identifier, the first is row ${nothing[0]}.`] : []),
    `Guessing costs an expected ${memberLoss(listed.identifiers).toPrecision(2)} drinks a kiosk-year; lossLimit is ${options.lossLimit}.`,
    ...written.map((one) => `Written: ${one.path}`),
    `Keep ${keyFile(out, id)} and ${registerFile(out, id)} to yourself. A kiosk needs the secret sealed to it: codes export-keys --list-key ${keyFile(out, id)}.`,
  ])
    console.error(line);
  return 0;
}

/** The public keys of the kiosks in the order of the stations; none where no card has a key. */
function kioskKeys(options: ImportOptions): Result<readonly string[], string> {
  const { cardKey, scheme, uid, station } = options;
  if (cardKey === undefined) return ok([]);
  if (scheme === undefined) return err("--card-key: name the cards with --scheme ntag424 or --scheme desfire.");
  if (uid === undefined) return err("--card-key: name the column of the cards' UIDs with --uid.");
  if (options.for.length !== station.length)
    return err(
      `Card keys are sealed to each kiosk: name kiosk.pub of ${station.join(", ")} with --for, in this order; there are ${options.for.length}.`,
    );
  const keys: string[] = [];
  for (const path of options.for) {
    const read = readPaper(path);
    if (!read.ok) return read;
    const key = read.value.trim();
    if (!/^[0-9a-f]{64}$/.test(key))
      return err(`${path} holds no public key: expected kiosk.pub of the kiosk's data folder, 64 hex digits.`);
    keys.push(key);
  }
  return ok(keys);
}

const columnsOf = ({ person, number, barcode, app, uid, cardKey }: ImportOptions): Columns => ({
  person,
  ...(number === undefined ? {} : { number }),
  ...(barcode === undefined ? {} : { barcode }),
  ...(app === undefined ? {} : { app }),
  ...(uid === undefined ? {} : { uid }),
  ...(cardKey === undefined ? {} : { cardKey }),
});

/** Either limits for all products together, or --allow for some of them each. */
function allowancesOf(options: ImportOptions): Result<readonly AllowanceFields[], string> {
  const { products, perDay, perCampaign, gap, allow } = options;
  const all = {
    ...(perDay === undefined ? {} : { perDay }),
    ...(perCampaign === undefined ? {} : { perCampaign }),
    ...(gap === undefined ? {} : { gap }),
  };
  const some = Object.keys(all).length > 0;
  if (allow.length === 0) return ok([{ products, ...all }]);
  if (some)
    return err("Name --per-day, --per-campaign and --gap for all products together, or --allow for each: not both.");
  const read: AllowanceFields[] = [];
  for (const text of allow) {
    const one = allowanceIn(text);
    if (!one.ok) return one;
    read.push(one.value);
  }
  return ok(read);
}

function fieldsOf(
  options: ImportOptions,
  station: string,
  allowances: readonly AllowanceFields[],
  issuedAt: string,
): ListFields {
  const { id, products, from, to, hours, dates, area, qrKid, lossLimit, kid } = options;
  return {
    id,
    station,
    products,
    from,
    to,
    hours,
    ...(dates === undefined ? {} : { dates: dates.toSorted() }),
    allowances,
    ...(area ? { area: true } : {}),
    ...(qrKid === undefined ? {} : { qr: qrKid }),
    lossLimit,
    issuedAt,
    kid,
  };
}

type Card = NonNullable<PersonRow["card"]> & { readonly pid: Uint8Array };

const keyed = (keys: ListKeys, { uid, scheme, key, pid }: Card): KeyedCard => ({
  tag: memberTag(keys, "uid", uid),
  pid,
  scheme,
  key,
});

interface Collected {
  readonly identifiers: readonly Identifier[];
  readonly cards: readonly Card[];
  readonly twice: number;
  /** Rows without any identifier. */
  readonly nothing: readonly number[];
}

/** A card that can prove itself is known by its key alone: its UID is no identifier, or a copy would do. */
function collected(people: readonly PersonRow[], own: Private, digital: boolean): Result<Collected, readonly string[]> {
  const seen = new Map<string, { readonly pid: string; readonly row: number }>();
  const [identifiers, cards, nothing, mistakes]: [Identifier[], Card[], number[], string[]] = [[], [], [], []];
  let twice = 0;
  const isNew = (what: string, pid: string, row: number): boolean => {
    const before = seen.get(what);
    if (before === undefined) {
      seen.set(what, { pid, row });
      return true;
    }
    if (before.pid !== pid) mistakes.push(`Rows ${before.row} and ${row} name two people with one identifier.`);
    else twice++;
    return false;
  };
  for (const { row, person, texts, uid, card } of people) {
    const pid = pidOf(own, person);
    const bytes = bytesOf(pid);
    for (const value of new Set(texts))
      if (isNew(`text ${value}`, pid, row)) identifiers.push({ kind: "text", value, pid: bytes });
    if (uid !== undefined && isNew(`uid ${uid}`, pid, row)) identifiers.push({ kind: "uid", value: uid, pid: bytes });
    if (card && isNew(`uid ${card.uid}`, pid, row)) cards.push({ ...card, pid: bytes });
    if (digital && !seen.has(`pid ${pid}`)) {
      seen.set(`pid ${pid}`, { pid, row });
      identifiers.push({ kind: "pid", value: pid, pid: bytes });
    }
    if (texts.length === 0 && uid === undefined && card === undefined) nothing.push(row);
  }
  if (mistakes.length === 0) return ok({ identifiers, cards, twice, nothing });
  return err([...mistakes.slice(0, 10), ...(mistakes.length > 10 ? [`And ${mistakes.length - 10} more.`] : [])]);
}
