import type { LoadedStation } from "../../config/load.ts";
import type { Station } from "../../config/schema.ts";
import { millis, type Clock, type Millis } from "../../devices/kit/clock.ts";
import { keysByName } from "../../protocol/pickup-code/bundle.ts";
import type { MemberList } from "../../protocol/members/member-list.ts";
import type { Reported } from "../../protocol/commands/reported.ts";
import { documentHash } from "../../protocol/commands/desired.ts";
import { dateOf, instantOf, parseDate } from "../../protocol/pickup-code/calendar.ts";
import { codesAnEpoch, parseCampaign, type Campaign } from "../../protocol/pickup-code/campaign.ts";
import { epochNamed, labelsOverlap, lastDayOf, runTogether } from "../../protocol/pickup-code/epochs.ts";
import { alphabets, parseList, type ImportedList } from "../../protocol/pickup-code/list.ts";
import { derivedLossTooHigh, listLossTooHigh } from "../../protocol/pickup-code/loss.ts";
import { bytesOf } from "../../protocol/pickup-code/sign.ts";
import type { Day } from "../domain/credential.ts";
import type { Disk, World } from "../world.ts";
import { openCodebook, type Codebook } from "./codebook.ts";
import { inForceOf, signedAt, type Kind, type RefusedFile, type SignedFile } from "./generations.ts";
import { newestOf, openRing } from "./key-ring.ts";
import { ListBook } from "./list-book.ts";
import type { MemberBook } from "./member-book.ts";
import type { MemberLists } from "./member-lists.ts";

export interface KeysAsked {
  /** The station and the files beside it, as config/load.ts reads them. */
  readonly loaded: Pick<LoadedStation, "station" | "campaignFiles" | "listFiles" | "keyFiles">;
  /** The member lists, judged already. */
  readonly memberLists: MemberLists;
  readonly keep: Disk["keep"];
  /** The kiosk's X25519 private key, 32 bytes: see kiosk-key.ts. */
  readonly kioskKey: Uint8Array;
  readonly clock: Clock;
  readonly dice: World["dice"];
}

export interface Keys {
  readonly codebook: Codebook;
  /** Member lists in force whose secret is there. */
  readonly members: readonly MemberBook[];
  /** For when keys are opened anew: the lists stay as they are. */
  readonly memberLists: MemberLists;
  readonly refused: readonly RefusedFile[];
  /** Campaign and member list files that were not in force at the last start: one ledger entry each. */
  readonly adopted: readonly { readonly id: string; readonly issuedAt: string; readonly kid: string }[];
  /** What the centre is told of it. */
  inForce(): Pick<Reported, "campaigns" | "keys">;
  /** What the clock's floor may rise by, and what it may never pass. */
  readonly floorFrom: {
    /** Newest time of signing of a valid campaign or key bundle. */
    readonly signed: Millis | undefined;
    /** Day of the newest epoch key held. */
    readonly newestEpoch: Day | undefined;
  };
}

const campaigns: Kind<Campaign> = {
  kind: "campaign",
  parse: parseCampaign,
  weak: (campaign) => derivedLossTooHigh(codesAnEpoch(campaign), campaign.lossLimit),
  clash: (campaign, other) => {
    if (labelsOverlap(campaign, other))
      return `The campaign ${other.id} has the same labels: sign this one with ownLabels, and issue its codes for labels such as "${campaign.id}/20260715".`;
    if (campaign.digits !== other.digits && runTogether(campaign, other))
      return `Its codes have ${campaign.digits} digits and those of ${other.id} ${other.digits}: a kiosk has one typed format at a time.`;
    return undefined;
  },
};

const lists: Kind<ImportedList> = {
  kind: "list",
  parse: parseList,
  weak: ({ tags, alphabet, codeLength, lossLimit }) =>
    listLossTooHigh(tags.length, alphabets[alphabet].size, codeLength, lossLimit),
  clash: () => undefined,
};

/** Reads what this kiosk may give and by which keys, keeps what is new, and says what it did not obey. Rejects never. */
export async function openKeys({ loaded, memberLists, keep, kioskKey, clock, dice }: KeysAsked): Promise<Keys> {
  const { station } = loaded;
  const given = await inForceOf(campaigns, within("campaigns", loaded.campaignFiles), keep, station);
  const imported = await inForceOf(lists, within("lists", loaded.listFiles), keep, station);
  const bundles = within("keys", loaded.keyFiles);
  const { ended } = memberLists;
  const { ring, refused } = await openRing({ station, files: bundles, keep, kioskKey, dice, ended });

  const listKeys = keysByName(ring.lists);
  const keyless: RefusedFile[] = [];
  const listBooks = imported.files.flatMap((list) => {
    const key = listKeys.get(list.id);
    if (key) return [new ListBook(list, key)];
    keyless.push({
      file: `lists: ${list.id}`,
      why: `No key bundle holds its key: export the keys with --list ${list.id}.`,
    });
    return [];
  });
  const members = memberLists.books(listKeys);
  const signed = Math.max(...given.files.map(signedAt), newestOf(ring) ?? -Infinity);
  const newestEpoch = newestEpochOf(Object.keys(ring.epochs), given.files);
  const codebook = openCodebook({
    campaigns: given.files,
    epochKeys: keysByName(ring.epochs),
    lists: listBooks,
    members: members.books,
    qrKeys: qrKeysOf(station),
    site: station.station.site,
    number: station.station.number,
    ...(station.station.area === undefined ? {} : { area: station.station.area }),
    products: station.products.map(({ id }) => id),
    keyDays: station.keyDays,
    clock,
  });
  return {
    codebook,
    members: members.books,
    memberLists,
    refused: [
      ...given.refused,
      ...imported.refused,
      ...memberLists.refused,
      ...refused,
      ...keyless,
      ...members.refused,
    ],
    adopted: [
      ...given.adopted.map(({ id, issuedAt, kid }) => ({ id, issuedAt, kid })),
      ...memberLists.adopted.map(({ id, issuedAt, kid }) => ({ id: `members/${id}`, issuedAt, kid })),
    ],
    inForce: () => ({
      campaigns: [...given.files, ...imported.files, ...memberLists.files].map(reportedFile),
      keys: reportedKeys(newestOf(ring), newestEpoch),
    }),
    floorFrom: {
      signed: Number.isFinite(signed) ? millis(signed) : undefined,
      newestEpoch,
    },
  };
}

const reportedFile = (file: Campaign | ImportedList | MemberList): Reported["campaigns"][number] => ({
  kind: file.kind,
  id: file.id,
  issuedAt: file.issuedAt,
  hash: documentHash(file),
  ...(file.kind === "members" ? { allowances: file.allowances } : {}),
});

const reportedKeys = (newest: number | undefined, until: Day | undefined): Reported["keys"] =>
  newest === undefined ? null : { issuedAt: instantOf(newest), until: until === undefined ? null : dateOf(until) };

const within = (folder: string, files: readonly SignedFile[]): readonly SignedFile[] =>
  files.map(({ name, text }) => ({ name: `${folder}/${name}`, text }));

const qrKeysOf = ({ trust }: Station): ReadonlyMap<number, Uint8Array> =>
  new Map(trust.filter(({ role }) => role === "qr").map(({ kid, key }) => [Number(kid), bytesOf(key)]));

/** A batch's key has no day of its own: it lasts as long as its campaign. */
function newestEpochOf(labels: readonly string[], inForce: readonly Campaign[]): Day | undefined {
  const batchDay = (label: string): Day | undefined => {
    const campaign = inForce.find((one) => epochNamed(one, label)?.label === label);
    return campaign && parseDate(campaign.to);
  };
  const lastDays = labels.flatMap((label) => lastDayOf(label) ?? batchDay(label) ?? []);
  return lastDays.length === 0 ? undefined : Math.max(...lastDays);
}
