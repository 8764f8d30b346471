import { codesAnEpoch, parseCampaign, signCampaign } from "../../../protocol/pickup-code/campaign.ts";
import { derivedLoss, derivedLossTooHigh } from "../../../protocol/pickup-code/loss.ts";
import { readSecret } from "../../store/secret-file.ts";
import { handOver, refused } from "./paper.ts";

export interface CampaignOptions {
  readonly releaseKey: string;
  readonly kid: string;
  readonly station: string;
  readonly id: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly epoch: string;
  readonly batch?: string;
  readonly ownLabels: boolean;
  readonly digits: number;
  readonly count: number;
  readonly keeperCount: number;
  readonly products: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly hours: string;
  readonly lossLimit: number;
  readonly out: string;
}

/** Stands for the signature while the fields are judged. */
const unsigned = "0".repeat(86);

/** Writes and signs a campaign file, or says what is wrong with it. @returns the exit code. */
export function makeCampaign(options: CampaignOptions): number {
  const { nameZh, nameEn, releaseKey, out, batch, ownLabels, ...fields } = options;
  const release = readSecret(releaseKey);
  if (!release.ok) return refused(release.error);
  const draft = {
    v: 1,
    kind: "campaign",
    ...fields,
    ...(batch === undefined ? {} : { batch }),
    ...(ownLabels ? { ownLabels } : {}),
    name: { zh: nameZh, en: nameEn },
    issuedAt: new Date().toISOString(),
    sig: unsigned,
  };
  const judged = parseCampaign(JSON.stringify(draft));
  if (!judged.ok) return refused(...judged.error);
  const campaign = judged.value;
  const weak = derivedLossTooHigh(codesAnEpoch(campaign), campaign.lossLimit);
  if (weak !== undefined) return refused(weak);
  const written = handOver(`${JSON.stringify(signCampaign(campaign, release.value), null, 2)}\n`, out);
  if (!written.ok) return refused(written.error);
  const loss = derivedLoss(codesAnEpoch(campaign)).toPrecision(2);
  console.error(
    `${campaign.id}: ${codesAnEpoch(campaign)} codes an epoch, the keeper's included. Guessing costs an expected ${loss} drinks a kiosk-year; lossLimit is ${campaign.lossLimit}.`,
  );
  return 0;
}
