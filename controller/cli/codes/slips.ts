import { readFileSync } from "node:fs";
import { dateOf, type Span } from "../../../protocol/pickup-code/calendar.ts";
import type { Campaign } from "../../../protocol/pickup-code/campaign.ts";
import { spoken } from "../../../protocol/pickup-code/derive.ts";

export interface SlipFacts {
  readonly station: string;
  readonly label: string;
  readonly days: Span | undefined;
  readonly campaign: Campaign | undefined;
}

/** The page's words and looks stand in a file of their own: a station may print its own. */
const template = new URL("./slips.zh-CN.html", import.meta.url);
const oneSlip = /<!-- slip -->([\s\S]*)<!-- \/slip -->/;

const safe = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** What is written on one slip, by the name that stands for it in the page: "{code}". */
export type SlipText = Readonly<Record<string, string | undefined>>;

/** Takes away what is marked for a fact that is not known, and fills in the facts. */
function filled(text: string, facts: SlipText): string {
  const known = text.replaceAll(/<!-- if (\w+) -->([\s\S]*?)<!-- \/if -->/g, (_, name: string, inside: string) =>
    facts[name] === undefined ? "" : inside,
  );
  return known.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const fact = Object.hasOwn(facts, name) ? facts[name] : whole;
    return safe(fact ?? "");
  });
}

/** The page at `from` with its one slip repeated for each of these. */
export function pageOf(from: URL, slips: readonly SlipText[]): string {
  const page = readFileSync(from, "utf8");
  const slip = oneSlip.exec(page)?.[1];
  if (slip === undefined) throw new Error(`${from.pathname} has no slip in it`);
  const all = slips.map((facts) => filled(slip, facts));
  return page.replace(oneSlip, () => all.join(""));
}

/** A page of slips to cut: the code in groups as it is typed, what it gives, when and where. */
export function slipsPage(codes: readonly string[], { station, label, days, campaign }: SlipFacts): string {
  const common = {
    station,
    label,
    name: campaign?.name.zh,
    valid: days && (days.first === days.last ? dateOf(days.first) : `${dateOf(days.first)} – ${dateOf(days.last)}`),
    hours: campaign && campaign.hours !== "00:00-24:00" ? campaign.hours.replace("-", "–") : undefined,
  };
  return pageOf(
    template,
    codes.map((code, index) => ({ ...common, code: spoken(code), index: String(index) })),
  );
}
