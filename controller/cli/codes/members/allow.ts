import { err, ok, type Result } from "../../../../devices/kit/result.ts";
import type { AllowanceFields } from "../../../../protocol/members/member-list.ts";

/** Reads "water,salt-soda: 2 a day, 40 a campaign, gap 60". What it says is judged with the list. */
export function allowanceIn(text: string): Result<AllowanceFields, string> {
  const wrong = `--allow ${text}: expected products and limits, such as "water,salt-soda: 2 a day, 40 a campaign, gap 60".`;
  const [goods, limits, ...more] = text.split(":");
  if (goods === undefined || limits === undefined || more.length > 0) return err(wrong);
  const products = goods.split(",").map((part) => part.trim());
  const read = limits.split(",").map((part) => limitIn(part.trim()));
  if (read.some((limit) => limit === undefined)) return err(wrong);
  return ok(Object.assign({ products }, ...read));
}

function limitIn(text: string): Omit<AllowanceFields, "products"> | undefined {
  const [, count, span] = /^(\d+) a (day|campaign)$/.exec(text) ?? [];
  if (span === "day") return { perDay: Number(count) };
  if (span === "campaign") return { perCampaign: Number(count) };
  const minutes = /^gap (\d+)$/.exec(text)?.[1];
  return minutes === undefined ? undefined : { gap: Number(minutes) };
}
