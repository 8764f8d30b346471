import type { Station } from "../../../config/schema.ts";
import type { Millis } from "../../../devices/kit/clock.ts";
import { dateOf, dayOf, minuteOf } from "../../../protocol/pickup-code/calendar.ts";
import { checks } from "../../../protocol/pickup-code/damm.ts";
import type { Candidate, Finding } from "../../domain/credential.ts";
import type { Stamped } from "../../domain/entry.ts";
import { reference } from "../../domain/reference.ts";
import { motionsADay, type Verdict } from "../../domain/verdict.ts";
import type { Keys } from "../../store/keys.ts";
import type { History } from "./history.ts";

export interface Facts {
  readonly station: Station;
  readonly keys: Keys;
  /** The code without the blanks of its groups. */
  readonly text: string;
  readonly finding: Finding;
  readonly verdict: Verdict;
  readonly history: History;
  readonly utc: Millis;
}

/** Why a code is what it is, a sentence a line, the verdict first. It says nothing of the code's digits but how many. */
export function explain(facts: Facts): readonly string[] {
  const { finding, history, keys, utc } = facts;
  const candidates = finding.is === "found" ? finding.candidates : [];
  return [
    verdictSentence(facts),
    ...candidates.map(candidateSentence),
    ...history.entries.map(entrySentence),
    ...keys.refused.map(({ file, why }) => `Not obeyed: ${file}: ${why}`),
    `Judged at ${moment(utc)} (UTC+8) by this machine's clock; a kiosk whose clock is not trusted refuses less.`,
  ];
}

const two = (n: number): string => String(n).padStart(2, "0");
const clock = (minute: number): string => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
const moment = (utc: Millis): string => `${dateOf(dayOf(utc))} ${clock(minuteOf(utc))}`;
const days = (first: number, last: number): string =>
  first === last ? dateOf(first) : `${dateOf(first)} to ${dateOf(last)}`;

function verdictSentence({ verdict, station, keys, text }: Facts): string {
  switch (verdict.is) {
    case "ok":
      return "Good: it would get a drink now, where the machine has one.";
    case "mistyped":
      return `Mistyped: ${slip(text, keys)}`;
    case "other-site":
      return `Another machine's: this one has the site number ${station.station.site}, and the number ${station.station.number} in tokens.`;
    case "unknown":
      return `Unknown: it has the form of a code, and this kiosk holds none like it. ${heldSentence(keys)}`;
    case "unregistered":
      return "Nobody's: it is on no member list of this kiosk, or no more. codes members inspect tells what a list has.";
    case "unread":
      return "Damaged: it is a token with a character too few, too many, or changed.";
    case "settling":
      return "In doubt: the outcome of its motion is not written down yet. It is settled at the latest by the next start.";
    case "used":
      return `Used: ${moment(verdict.at)}, reference ${reference(verdict.seq)}.`;
    case "used-elsewhere":
      return `Used: ${moment(verdict.elsewhere.at)} at ${verdict.elsewhere.station.en}, by the centre's list.`;
    case "needs-centre":
      return "Undecided: it is good at several stations, and this kiosk has given today what it may give without the centre.";
    case "expired":
      return `Expired: it was good until ${moment(verdict.until)}.`;
    case "not-yet":
      return `Not yet: it is good from ${moment(verdict.from)}.`;
    case "closed":
      return `Closed: it is good, and goods are given from ${clock(verdict.opens)} to ${clock(verdict.closes)}.`;
    case "over":
      return `Over: ${verdict.offer.id} ran ${days(verdict.offer.from, verdict.offer.to)}.`;
    case "needs-clock":
      return "Undecided: it lives less than a day, and cannot be judged while the clock is not trusted.";
    case "copied":
      return `A copy: this reading of the card, or a later one, was used ${moment(verdict.at)}, reference ${reference(verdict.seq)}.`;
    case "quota-day":
      return `Tomorrow again: the member had ${verdict.had} on this day${verdict.again === undefined ? "" : `, and the next from ${moment(verdict.again)}`}.`;
    case "quota-campaign":
      return `Over: the member had ${verdict.had}, and the list gives no more.`;
    case "gap":
      return `Later: the member had the last ${moment(verdict.last)}, and the next from ${moment(verdict.until)}.`;
    case "enough-motions":
      return `Tomorrow again: it is good, but moved this machine ${motionsADay} times today, last with reference ${reference(verdict.seq)}.`;
  }
}

function slip(text: string, { codebook: { typed } }: Keys): string {
  if (!typed) return "no valid file says how codes look here.";
  if (!/^\d+$/.test(text)) return `codes of this kiosk have ${typed.length} digits, and this holds something else.`;
  if (text.length !== typed.length)
    return `codes of this kiosk have ${typed.length} digits, and this has ${text.length}.`;
  return checks(text)
    ? "no valid file says that such codes are good here."
    : "its check digit does not fit, so that a digit is wrong or two are swapped. It costs no try.";
}

function heldSentence({ codebook, floorFrom }: Keys): string {
  if (codebook.offers.length === 0) return "No campaign or list is in force.";
  if (floorFrom.newestEpoch === undefined)
    return "No key is held: see keys/ in the configuration, and codes export-keys.";
  return `The newest key held is for ${dateOf(floorFrom.newestEpoch)}. Or it was never issued, or lies beyond the campaign's count.`;
}

function candidateSentence({ credential, offer, validFrom, validTo, area, member }: Candidate): string {
  const hours =
    offer.opens === 0 && offer.closes === 1440 ? "day and night" : `${clock(offer.opens)} to ${clock(offer.closes)}`;
  const goods = offer.products.length === 0 ? "nothing that this station has" : `one of ${offer.products.join(", ")}`;
  const elsewhere = area
    ? " It is good at several stations; whether another gave it, only the running kiosk knows."
    : "";
  const whose = member === undefined ? "" : `, a card of the member ${member.pid}`;
  return `It is ${nameOf(credential)} of ${offer.id}${whose}: for ${days(validFrom, validTo)}, ${hours}, ${goods}.${elsewhere}`;
}

function nameOf(credential: Candidate["credential"]): string {
  switch (credential.kind) {
    case "derived":
      return `code ${credential.index} of the epoch ${credential.epoch}`;
    case "list":
      return `the imported code with the tag ${credential.tag}`;
    case "token":
      return `the token ${credential.id} of the key ${credential.kid}`;
    case "member":
      return `the member ${credential.pid}`;
    case "command":
      return `the command ${credential.id}`;
  }
}

function entrySentence({ entry, seq, at }: Stamped): string {
  switch (entry.kind) {
    case "attempt":
      return `${moment(at)}: attempt ${reference(seq)}, ${entry.product} from slot ${entry.slot} of ${entry.device}.`;
    case "outcome":
      return `${moment(at)}: attempt ${reference(entry.of)} ended ${entry.delivery} (${entry.why}); the code is ${entry.frees ? "free" : "used"}.`;
    case "taken":
      return `${moment(at)}: the worker said that the good of attempt ${reference(entry.of)} did fall; the code is used.`;
    default:
      return `${moment(at)}: ${entry.kind}.`;
  }
}
