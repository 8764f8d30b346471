import { memberLoss } from "../../../../protocol/members/loss.ts";
import type { AllowanceFields, MemberList } from "../../../../protocol/members/member-list.ts";
import { bytesOf, isSigned } from "../../../../protocol/pickup-code/sign.ts";
import { judgeRows, readMemberFile } from "../../../store/member-file.ts";
import { readPaper, refused } from "../paper.ts";

export interface InspectOptions {
  readonly releasePub?: string;
}

/** Says what a member list file gives, and whether it is sound. @returns the exit code. */
export async function inspectMembers(path: string, { releasePub }: InspectOptions): Promise<number> {
  const read = await readMemberFile(path);
  if (!read.ok) return refused(...read.error.map((why) => `${path}: ${why}`));
  const { list } = read.value;
  const rows = await judgeRows(read.value);
  if (!rows.ok) return refused(...rows.error.map((why) => `${path}: ${why}`));
  const key = releasePub === undefined ? undefined : readPaper(releasePub);
  if (key && !key.ok) return refused(key.error);
  if (key && !isSigned("members", list, bytesOf(key.value.trim())))
    return refused(`${path}: It is not signed with ${releasePub}, or was changed after signing.`);
  for (const line of said(list)) console.log(line);
  console.log(
    key
      ? `Its signature is that of ${releasePub}.`
      : "Its signature was not looked at: name release.pub with --release-pub.",
  );
  return 0;
}

function said(list: MemberList): readonly string[] {
  const { identifiers, dates } = list;
  const of = `The list ${list.id} for ${list.station}, signed ${list.issuedAt} with the key ${list.kid}`;
  if (list.ended) return [`${of}: it is ended for good, and the kiosk destroys what it knows of it.`];
  return [
    `${of}.`,
    `${list.from} to ${list.to}, ${list.hours} in UTC+8${dates ? `, only on ${dates.join(", ")}` : ""}${list.area ? "; its members come to several stations" : ""}.`,
    ...list.allowances.map((allowance) => `${allowance.products.join(", ")}: ${limits(allowance)}.`),
    ...identifiers.texts.map(
      ({ alphabet, length, entries, guessed }) =>
        `${entries} texts of ${length} characters (${alphabet}), ${guessed} of which differ.`,
    ),
    `${identifiers.uids} bare UIDs, ${list.cards?.count ?? 0} cards with a key, ${identifiers.digital} digital cards${list.qr === undefined ? "" : ` of the qr key ${list.qr}`}.`,
    `Its ${list.rows.count} rows are as they were signed. Guessing costs an expected ${memberLoss(identifiers).toPrecision(2)} drinks a kiosk-year; lossLimit is ${list.lossLimit}.`,
  ];
}

const limits = ({ perDay, perCampaign, gap }: AllowanceFields): string =>
  [
    ...(perDay === undefined ? [] : [`${perDay} a day`]),
    ...(perCampaign === undefined ? [] : [`${perCampaign} a campaign`]),
    ...(gap === undefined ? [] : [`${gap} minutes between two`]),
  ].join(", ");
