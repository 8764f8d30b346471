import { dateOf, spanOfLabel, type Span } from "../../../protocol/pickup-code/calendar.ts";
import { parseCampaign, type Campaign } from "../../../protocol/pickup-code/campaign.ts";
import { codesOf, epochKey, stationKey } from "../../../protocol/pickup-code/derive.ts";
import { epochNamed } from "../../../protocol/pickup-code/epochs.ts";
import { err, ok, type Result } from "../../../devices/kit/result.ts";
import { readSecret } from "../../store/secret-file.ts";
import { handOver, readPaper, refused } from "./paper.ts";
import { slipsPage } from "./slips.ts";

export interface IssueOptions {
  readonly rootFile: string;
  readonly station: string;
  readonly label: string;
  readonly count: number;
  readonly campaign?: string;
  readonly site?: string;
  readonly csv?: string;
  readonly slips?: string;
}

/** What is issued once everything that was asked agrees. */
interface Order {
  readonly label: string;
  readonly days: Span | undefined;
  readonly campaign: Campaign | undefined;
}

/** Prints codes as CSV, as slips, or both. @returns the exit code. */
export function issue(options: IssueOptions): number {
  const { rootFile, station, count, site, slips } = options;
  const root = readSecret(rootFile);
  if (!root.ok) return refused(root.error);
  if (site !== undefined && !/^(?!00)\d\d$/.test(site))
    return refused(`--site ${site}: expected the two digits printed on the machine, 01 to 99.`);
  const order = options.campaign === undefined ? plainOrder(options) : campaignOrder(options, options.campaign);
  if (!order.ok) return refused(order.error);
  const { label, days, campaign } = order.value;
  const codes = codesOf(epochKey(stationKey(root.value, station), label), count, site);

  const csv = options.csv ?? (slips === undefined ? "-" : undefined);
  if (csv !== undefined) {
    const rows = codes.map((code, index) => `${index},${code}\n`);
    const written = handOver(`index,code\n${rows.join("")}`, csv, "private");
    if (!written.ok) return refused(written.error);
  }
  if (slips !== undefined) {
    const page = slipsPage(codes, { station, label, days, campaign });
    const written = handOver(page, slips, "private");
    if (!written.ok) return refused(written.error);
  }
  const valid = days === undefined ? "" : `, valid ${spanText(days)}`;
  console.error(`${count} codes of ${codes[0]?.length} digits for ${station}, epoch ${label}${valid}.`);
  return 0;
}

const spanText = ({ first, last }: Span): string =>
  first === last ? dateOf(first) : `${dateOf(first)} to ${dateOf(last)}`;

function plainOrder({ label }: IssueOptions): Result<Order, string> {
  if (!/^[A-Za-z0-9][A-Za-z0-9/-]*$/.test(label))
    return err(`--label ${label}: expected a day such as 20260715, a week such as 2026-W29, or a batch's label.`);
  const days = spanOfLabel(label.slice(label.lastIndexOf("/") + 1));
  if (days === undefined && /^[0-9]/.test(label))
    return err(`--label ${label}: there is no such day or week; write 20260715 or 2026-W29.`);
  return ok({ label, days, campaign: undefined });
}

function campaignOrder({ label, station, count, site }: IssueOptions, path: string): Result<Order, string> {
  const text = readPaper(path);
  if (!text.ok) return text;
  const parsed = parseCampaign(text.value);
  if (!parsed.ok) return err(`${path}: ${parsed.error.join(" ")}`);
  const campaign = parsed.value;
  if (campaign.station !== station)
    return err(`The campaign ${campaign.id} is for the kiosk ${campaign.station}, and --station is ${station}.`);
  const epoch = epochNamed(campaign, label);
  if (!epoch)
    return err(
      `The campaign ${campaign.id} has no epoch ${label}: it runs ${campaign.from} to ${campaign.to}, by ${campaign.epoch}${campaign.batch === undefined ? "" : ` ${campaign.batch}`}.`,
    );
  if (count > campaign.count)
    return err(
      `The campaign ${campaign.id} has ${campaign.count} codes an epoch, and --count is ${count}: the kiosk would not know the rest.`,
    );
  if (campaign.digits === 12 && site === undefined)
    return err(`The campaign ${campaign.id} has codes of 12 digits: name the machine's site number with --site.`);
  if (campaign.digits === 10 && site !== undefined)
    return err(`The campaign ${campaign.id} has codes of 10 digits, which bear no site number: leave --site out.`);
  return ok({ label: epoch.label, days: epoch, campaign });
}
