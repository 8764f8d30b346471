import { dayLabel, parseDate, type Span } from "../../../protocol/pickup-code/calendar.ts";
import { parseCampaign } from "../../../protocol/pickup-code/campaign.ts";
import { epochsOf } from "../../../protocol/pickup-code/epochs.ts";
import { issuer } from "../../../protocol/pickup-code/issuer.ts";
import { err, ok, type Result } from "../../../devices/kit/result.ts";
import { readSecret } from "../../store/secret-file.ts";
import { listOfKey } from "./members/register.ts";
import { handOver, readPaper, refused } from "./paper.ts";

export interface ExportOptions {
  readonly rootFile: string;
  readonly releaseKey: string;
  readonly kid: string;
  readonly station: string;
  readonly from: string;
  readonly days: number;
  readonly for: string;
  readonly campaign: readonly string[];
  readonly list: readonly string[];
  /** Files of the secrets of member lists. */
  readonly listKey: readonly string[];
  readonly out: string;
}

/** Seals the keys of some days to one kiosk. @returns the exit code. */
export async function exportKeys(options: ExportOptions): Promise<number> {
  const { station, kid, list, out } = options;
  const [root, release] = [readSecret(options.rootFile), readSecret(options.releaseKey)];
  if (!root.ok) return refused(root.error);
  if (!release.ok) return refused(release.error);
  const kiosk = readPaper(options.for);
  if (!kiosk.ok) return refused(kiosk.error);
  const pub = kiosk.value.trim();
  if (!/^[0-9a-f]{64}$/.test(pub))
    return refused(`${options.for} holds no public key: expected kiosk.pub of the kiosk's data folder, 64 hex digits.`);
  const first = parseDate(options.from);
  if (first === undefined) return refused(`--from ${options.from}: expected a date such as 2026-07-01.`);
  const epochs = labels({ first, last: first + options.days - 1 }, options);
  if (!epochs.ok) return refused(epochs.error);

  const secrets = new Map<string, Uint8Array>();
  for (const path of options.listKey) {
    const [id, secret] = [listOfKey(path), readSecret(path)];
    if (!secret.ok) return refused(secret.error);
    if (id === undefined) return refused(`${path}: the name of the file tells the list, such as union.list.key.`);
    if (list.includes(id)) return refused(`${id} is named with --list and with --list-key: a list has one key.`);
    secrets.set(id, secret.value);
  }

  const issuedAt = new Date().toISOString();
  const bundle = await issuer({ root: root.value, release: release.value, kid, station }).keys({
    epochs: epochs.value,
    lists: list,
    secrets,
    kiosk: pub,
    issuedAt,
  });
  const written = handOver(`${JSON.stringify(bundle, null, 2)}\n`, out);
  if (!written.ok) return refused(written.error);
  const named = [...list, ...secrets.keys()];
  const lists = named.length === 0 ? "" : `, lists ${named.join(", ")}`;
  console.error(`${epochs.value.length} epoch keys for ${station}: ${epochs.value.join(", ")}${lists}.`);
  return 0;
}

/** Plain days, or what the campaigns need: a copied card shall give no more than that. */
function labels(span: Span, { campaign: paths, station }: ExportOptions): Result<readonly string[], string> {
  if (paths.length === 0)
    return ok(Array.from({ length: span.last - span.first + 1 }, (_, at) => dayLabel(span.first + at)));
  const all = new Set<string>();
  for (const path of paths) {
    const text = readPaper(path);
    if (!text.ok) return text;
    const parsed = parseCampaign(text.value);
    if (!parsed.ok) return err(`${path}: ${parsed.error.join(" ")}`);
    if (parsed.value.station !== station)
      return err(`${path} is for the kiosk ${parsed.value.station}, and --station is ${station}.`);
    for (const epoch of epochsOf(parsed.value, span)) all.add(epoch.label);
  }
  return all.size > 0 ? ok([...all]) : err("None of the campaigns runs on these days: look at --from and --days.");
}
