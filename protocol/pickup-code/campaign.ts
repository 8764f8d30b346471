import * as v from "valibot";
import { bad, type Judged } from "./judged.ts";
import { signed } from "./sign.ts";
import { datesInOrder, literal, offerFields, oneOf, readFile, shortName, signedFields, whole } from "./signed-file.ts";

/** What a derived code is worth: the signed campaign file. docs/pickup-codes.md explains each field. */
export interface Campaign {
  readonly v: 1;
  readonly kind: "campaign";
  /** Short name, such as "summer-2026". */
  readonly id: string;
  readonly name: { readonly zh: string; readonly en: string };
  /** The kiosk for which it is. */
  readonly station: string;
  readonly epoch: "day" | "week" | "batch";
  /** The only label of a batch campaign. */
  readonly batch?: string;
  /** Set for a second campaign at a kiosk: its labels are "<id>/20260715", so that they overlap with no other's. */
  readonly ownLabels?: true;
  /** Length of a typed code: 10 (YZ-10) or 12 (YZ-12). */
  readonly digits: 10 | 12;
  /** Codes an epoch, and codes an epoch that the keeper may hand out: their indexes follow. */
  readonly count: number;
  readonly keeperCount: number;
  /** Product ids; a worker takes one of them. */
  readonly products: readonly string[];
  /** First and last day in UTC+8, "2026-07-01". */
  readonly from: string;
  readonly to: string;
  /** Daily hours in UTC+8, "00:00-24:00". */
  readonly hours: string;
  /** Drinks a kiosk-year that guessing may cost; above it the campaign is refused. */
  readonly lossLimit: number;
  /** ISO 8601 in UTC. The newest valid file of an id wins. */
  readonly issuedAt: string;
  readonly kid: string;
  /** Ed25519 over "yizhan/campaign/v1\0" and the canonical JSON of all other fields, base64url. */
  readonly sig: string;
}

/** More codes an epoch than any machine gives in a year. */
export const countLimit = 500_000;

const schema: v.GenericSchema<unknown, Campaign> = v.strictObject({
  ...signedFields,
  ...offerFields,
  kind: literal("campaign"),
  id: shortName,
  name: v.strictObject({
    zh: v.pipe(v.string("expected the name in Chinese"), v.nonEmpty("expected the name in Chinese")),
    en: v.pipe(v.string("expected the name in English"), v.nonEmpty("expected the name in English")),
  }),
  epoch: oneOf(["day", "week", "batch"]),
  batch: v.exactOptional(shortName),
  ownLabels: v.exactOptional(literal(true)),
  digits: v.picklist([10, 12], "expected 10 or 12"),
  count: whole(1, countLimit),
  keeperCount: whole(0, countLimit),
});

/** Reads a campaign file. Looks at no signature, no loss and no station: that is for whoever obeys it. */
export function parseCampaign(text: string): Judged<Campaign> {
  const read = readFile(text, schema);
  if (!read.ok) return read;
  const campaign = read.value;
  const mistakes = [
    ...datesInOrder(campaign),
    ...(campaign.epoch === "batch" && campaign.batch === undefined
      ? ["batch: expected the label of the batch, because epoch is batch."]
      : []),
    ...(campaign.epoch !== "batch" && campaign.batch !== undefined
      ? [`batch: only a campaign whose epoch is "batch" has one; this one's is "${campaign.epoch}".`]
      : []),
  ];
  return mistakes.length > 0 ? bad(...mistakes) : read;
}

/** Signs with the release key named by `kid`. */
export const signCampaign = (campaign: Omit<Campaign, "sig">, release: Uint8Array): Campaign =>
  signed("campaign", campaign, release);

/** Codes an epoch, the keeper's included: what guessing meets, and what a kiosk derives. */
export const codesAnEpoch = (campaign: Campaign): number => campaign.count + campaign.keeperCount;
