import { sealKeys, writtenKeys, type KeyBundle } from "./bundle.ts";
import { signCampaign, type Campaign } from "./campaign.ts";
import { codesOf, epochKey, listKey, ready, stationKey, tagOf, type Site } from "./derive.ts";
import { signList, type ImportedList } from "./list.ts";
import { hexOf, publicOf } from "./sign.ts";

/** What an issuer holds for a kiosk. Root and release keys are raw, 32 bytes; `kid` is the release key's name in the station file. */
export interface IssuerAsked {
  readonly root: Uint8Array;
  readonly release: Uint8Array;
  readonly kid: string;
  readonly station: string;
}

/** Everything that the centre's side makes for one kiosk. It needs neither disk nor network, and keeps nothing. */
export interface Issuer {
  /** The line for `trust` in the station file. */
  readonly trust: { readonly kid: string; readonly role: "release"; readonly key: string };
  campaign(fields: Omit<Campaign, "v" | "kind" | "station" | "kid" | "sig">): Campaign;
  /** The codes of an epoch in the order of their index, without blanks: YZ-12 where a site is named, else YZ-10. */
  codes(label: string, count: number, site?: Site): readonly string[];
  /** The keys of these epochs and lists, sealed to the kiosk's public key (64 hex digits). */
  keys(asked: {
    readonly epochs: readonly string[];
    readonly lists?: readonly string[];
    /** Secrets of member lists by id: they do not follow from the root key. */
    readonly secrets?: ReadonlyMap<string, Uint8Array>;
    readonly kiosk: string;
    readonly issuedAt: string;
  }): Promise<KeyBundle>;
  /** A signed list of another platform's codes. A code that stands there twice counts once. */
  list(
    fields: Omit<ImportedList, "v" | "kind" | "station" | "kid" | "sig" | "tags" | "uses">,
    codes: Iterable<string>,
  ): ImportedList;
}

export function issuer({ root, release, kid, station }: IssuerAsked): Issuer {
  const ownKey = stationKey(root, station);
  return {
    trust: { kid, role: "release", key: hexOf(publicOf("ed25519", release)) },
    campaign: (fields) => signCampaign({ ...fields, v: 1, kind: "campaign", station, kid }, release),
    codes: (label, count, site) => codesOf(epochKey(ownKey, label), count, site),
    keys: ({ epochs, lists = [], secrets = new Map(), kiosk, issuedAt }) =>
      sealKeys(
        { v: 1, kind: "keys", station, for: kiosk, issuedAt, kid },
        {
          epochs: writtenKeys(epochs.map((label) => [label, epochKey(ownKey, label)])),
          lists: writtenKeys([...lists.map((id) => [id, listKey(ownKey, id)] as const), ...secrets]),
        },
        release,
      ),
    list: (fields, codes) => {
      const key = ready(listKey(ownKey, fields.id));
      const tags = [...new Set([...codes].map((code) => tagOf(key, code)))].sort();
      return signList({ ...fields, v: 1, kind: "list", station, kid, uses: 1, tags }, release);
    },
  };
}
