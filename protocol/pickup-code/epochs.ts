import { parseDate, spanOfLabel, dayLabel, weekLabel, type Day, type Span } from "./calendar.ts";
import type { Campaign } from "./campaign.ts";

/** A stretch of days with one key and its own codes. A week's or batch's may begin before its campaign does. */
export interface Epoch extends Span {
  /** The label as the key is derived from it, and as the ledger keeps it. */
  readonly label: string;
}

const dates = (campaign: Campaign): Span => ({
  first: parseDate(campaign.from) ?? Number.NaN,
  last: parseDate(campaign.to) ?? Number.NaN,
});

const meet = (a: Span, b: Span): boolean => a.first <= b.last && b.first <= a.last;

const labelled = (campaign: Campaign, label: string): string =>
  campaign.ownLabels ? `${campaign.id}/${label}` : label;

/** The campaign's epochs that touch the days of `span`, in order. */
export function epochsOf(campaign: Campaign, span: Span): readonly Epoch[] {
  const own = dates(campaign);
  if (!meet(own, span)) return [];
  if (campaign.epoch === "batch") return [{ ...own, label: labelled(campaign, campaign.batch ?? "") }];
  const epochs: Epoch[] = [];
  const name = campaign.epoch === "day" ? dayLabel : weekLabel;
  const last = Math.min(own.last, span.last);
  for (let day: Day = Math.max(own.first, span.first); day <= last;) {
    const label = name(day);
    const days = spanOfLabel(label) ?? { first: day, last: day };
    epochs.push({ ...days, label: labelled(campaign, label) });
    day = days.last + 1;
  }
  return epochs;
}

/** The campaign's epoch of this label, with or without the campaign's own prefix; undefined where it has none such. */
export function epochNamed(campaign: Campaign, label: string): Epoch | undefined {
  const bare = label.startsWith(`${campaign.id}/`) ? label.slice(campaign.id.length + 1) : label;
  const span = spanOfLabel(bare) ?? dates(campaign);
  return epochsOf(campaign, span).find((epoch) => epoch.label === labelled(campaign, bare));
}

/** The last day of a key's label, whichever campaign it is for; undefined for a batch. */
export const lastDayOf = (label: string): Day | undefined => spanOfLabel(label.slice(label.lastIndexOf("/") + 1))?.last;

/** Whether two campaigns at one kiosk would read the same labels. */
export function labelsOverlap(a: Campaign, b: Campaign): boolean {
  if (a.ownLabels || b.ownLabels || a.epoch !== b.epoch) return false;
  if (a.epoch === "batch") return a.batch === b.batch;
  // Where one ends and the other begins within a week, they share that week's label without sharing a day.
  return a.epoch === "week" ? meet(wholeWeeks(dates(a)), wholeWeeks(dates(b))) : runTogether(a, b);
}

const wholeWeeks = (span: Span): Span => ({
  first: spanOfLabel(weekLabel(span.first))?.first ?? span.first,
  last: spanOfLabel(weekLabel(span.last))?.last ?? span.last,
});

/** Whether both give codes on the same day: then they must be typed alike. */
export const runTogether = (a: Campaign, b: Campaign): boolean => meet(dates(a), dates(b));
