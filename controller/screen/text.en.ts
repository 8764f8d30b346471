import type { Millis } from "../../devices/kit/clock.ts";
import { dayOf } from "../../protocol/pickup-code/calendar.ts";
import { firm, html, type Html } from "./html.ts";
import type { InstrumentReport } from "./report.ts";
import { byReader, type ByReader, type Place, type Told, type Words } from "./text.ts";
import { cabinEnglish } from "./text-cabin.en.ts";
import { icon } from "./views/icons.ts";
import { clockFace, countdown, whenAt, whenEnds, type When } from "./when.ts";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;
const fullMonths = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

const date = (when: When): string => `${when.date} ${months[when.month - 1] ?? ""}`;
const moment = (utc: Millis): Html => firm(`${date(whenAt(utc))} ${clockFace(whenAt(utc).minute)}`);
const hours = (opens: number, closes: number): Html => firm(`${clockFace(opens)}–${clockFace(closes)}`);
const counted = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;

/** "24:00 tomorrow". */
function end(until: Millis, now: Millis | undefined): Html {
  const when = whenEnds(until);
  const ahead = now === undefined ? undefined : when.day - dayOf(now);
  const time = clockFace(when.minute);
  return firm(ahead === 0 ? `${time} today` : ahead === 1 ? `${time} tomorrow` : `${date(when)} ${time}`);
}

function lastDay(until: Millis): Html {
  const when = whenEnds(until);
  return firm(when.minute === 1440 ? date(when) : `${date(when)} ${clockFace(when.minute)}`);
}

const refill = (place: Place): Html | string =>
  place.refillAt === undefined ? "" : html`, refill ${firm(place.refillAt)}`;

/** What is kept of what the worker came with: whoever holds a card has no code, but comes so many times. */
const ofCode = {
  stays: "Your code stays valid",
  valid: "your code stays valid",
  good: "your code is still valid",
  unused: "Your code is unused",
  still: "Your code is unused and valid",
  safe: "Your code is not affected",
  all: "Codes are not affected",
} as const;
const ofCard: Readonly<Record<keyof typeof ofCode, string>> = {
  stays: "Your card stays good",
  valid: "nothing was counted",
  good: "nothing was counted",
  unused: "Nothing was counted",
  still: "Nothing was counted",
  safe: "Nothing was counted",
  all: "Nothing was counted",
};
const own = ({ came }: Place): typeof ofCard => (came === "card" ? ofCard : ofCode);
const again = ({ came }: Place): string =>
  came === "card" ? "tap the card again" : came === "code" ? "scan the code again" : "enter the code again";

const kept = (until: Millis | undefined, place: Place): Html =>
  until === undefined
    ? html`${own(place).stays}${refill(place)}`
    : html`${own(place).stays} here until ${end(until, place.now)}${refill(place)}`;

/** "06:00 tomorrow". */
function begin(from: Millis, now: Millis | undefined): Html {
  const when = whenAt(from);
  const ahead = now === undefined ? undefined : when.day - dayOf(now);
  const time = clockFace(when.minute);
  return firm(ahead === 0 ? `${time} today` : ahead === 1 ? `${time} tomorrow` : `${date(when)} ${time}`);
}

const dispenserAt = ({ dispenser }: Place): Html =>
  dispenser === undefined ? html`It is hot: keep drinking` : html`Water dispenser: ${dispenser.en}`;

/** What works while the keypad rests. */
const still: ByReader = { card: " Cards still work", code: " QR codes still work", both: " Card and QR still work" };

const told = (headline: string, ...lines: readonly Html[]): Told => ({ headline, lines });
const phone = (place: Place): Html => firm(place.phone);

/** How long something has been so. */
const span = (seconds: number): string =>
  seconds < 120
    ? `${Math.floor(seconds)} s`
    : seconds < 7200
      ? `${Math.floor(seconds / 60)} min`
      : `${Math.floor(seconds / 3600)} h`;

export const english: Words = {
  starting: "Starting, please wait",
  idle: {
    free: "Free drink",
    cue: "Enter your pickup code",
    orReader: { card: "or tap card", code: "or scan", both: "or tap card / scan" },
    byReader: { card: "Tap your card", code: "Scan your code", both: "Tap card, or scan" },
    digits: (count) => `${count} digits, in your message`,
    hours: (opens, closes) =>
      opens === "00:00" && closes === "24:00" ? html`Open 24 hours` : html`Daily ${firm(`${opens}–${closes}`)}`,
    season: (from, until) => html`${firm(date(whenAt(from)))} to ${lastDay(until)}`,
  },
  enter: {
    title: "Enter pickup code",
    still: "Still there? Press any key",
    goOn: "Continue",
    hint: "Checked after the last digit",
  },
  checking: "Checking, please wait",
  waits: "Read. Please wait a moment",
  choose: {
    title: (place) => (place.came === "card" ? "Choose one" : "Code accepted. Choose one"),
    howTo: (keys, place) =>
      `Press ${keys.length > 2 ? "its number" : keys.join(" or ")}. No choice in 30\u00a0s: ${place.came === "card" ? "nothing is counted" : "your code stays unused"}`,
  },
  dispensing: { wait: "Dispensing, please wait", long: "Still dispensing, please stay" },
  done: {
    title: "Done – please take it below.",
    thanks: "Thank you for your work!",
    more: (times) => `You can collect ${times} more today`,
    rate: "How was it?",
    rated: "Thank you",
  },
  face: { good: "Good", fair: "Fair", poor: "Poor" },
  refusal: {
    E1: () => told("One digit looks wrong", html`Check your message; ${icon("back")} to correct`),
    E2: ({ triesLeft, newCodeMinutes }, place) =>
      told(
        "We can't find this code",
        html`Check it – ${firm(counted(triesLeft, "try", "tries"))} left.`,
        newCodeMinutes === undefined
          ? html`Or call ${phone(place)}`
          : html`A very new code may need ${firm(`${newCodeMinutes} min`)}, or call ${phone(place)}`,
      ),
    E3: ({ left, of }, place) =>
      of === "numbers"
        ? told(
            `Cards resume in ${countdown(left)}`,
            html`Too many cards that are not registered.`,
            html`Pickup codes and digital cards still work`,
          )
        : told(`Keypad resumes in ${countdown(left)}`, html`Too many wrong codes.${byReader(still, place.reads)}`),
    E4: ({ at, ref, of }, place) =>
      told(
        of === "card" ? "Already used – tap the card itself again" : "This code was already used",
        html`Used here on ${moment(at)}.`,
        html`Not you? Call ${phone(place)}, quote ${firm(ref)}`,
      ),
    E5: ({ at, station }, place) =>
      told(
        "This code was already used",
        html`Used at ${station.en} on ${moment(at)}.`,
        html`Not you? Call ${phone(place)}`,
      ),
    E6: (_, place) =>
      told("This code is for another station", html`Your message names it. Not there? Call ${phone(place)}`),
    E7a: ({ from, until }, place) => told("Too early", html`Valid from ${moment(from)} until ${end(until, place.now)}`),
    E7b: ({ until, campaignOn }, place) =>
      told(
        "This code has expired",
        html`Expired on ${lastDay(until)}.`,
        campaignOn
          ? place.channel
            ? html`Campaign still on: get a new one via ${place.channel.en}`
            : html`Campaign still on: for a new one call ${phone(place)}`
          : html`Campaign ended. Questions? Call ${phone(place)}`,
      ),
    E7c: ({ opens, closes }, place) =>
      told(
        "Not open at this hour",
        html`This site serves ${hours(opens, closes)}. Please come back then.`,
        html`${own(place).safe}`,
      ),
    E8a: ({ out, instead, had }, place) =>
      told(
        had ? `You have had your ${out.en}` : `${out.en} is out`,
        html`Take ${firm(instead.name.en)} instead ${firm(`(press ${instead.key})`)}. ${own(place).stays}`,
      ),
    E8b: ({ until, nearby }, place) =>
      told(
        `Sold out here – ${own(place).valid}`,
        nearby
          ? html`Go to a station
            below${place.refillAt === undefined ? "" : html`. Refill here at ${firm(place.refillAt)}`}`
          : until === undefined
            ? html`${own(place).all}${refill(place)}`
            : html`Valid here until ${end(until, place.now)}${refill(place)}`,
      ),
    E9: ({ ref, instead, until, nearby }, place) => {
      const headline = `Nothing dropped – ${own(place).good}`;
      if (nearby) {
        const other = instead ? html`Try the other ${firm(`(press ${instead.key})`)} or go` : "Go";
        return told(headline, html`Fault reported (${firm(ref)}). ${other} to a station below`);
      }
      return told(
        headline,
        instead
          ? html`Fault reported (${firm(ref)}). Try the other ${firm(`(press ${instead.key})`)}`
          : html`Fault reported (${firm(ref)})`,
        kept(until, place),
      );
    },
    E10: ({ ref, until, nearby }, place) => {
      const headline = "This machine can't dispense now";
      const reported = ref === undefined ? "" : html`Reported ${firm(ref)}. `;
      if (nearby) return told(headline, html`${own(place).still}. ${reported}Nearest:`);
      return told(
        headline,
        until === undefined ? html`${own(place).still}` : html`${own(place).unused}. ${kept(until, place)}`,
        ref === undefined
          ? html`Please come back later, or call ${phone(place)}`
          : html`Reported ${firm(ref)}. Please come back later`,
      );
    },
    E11: ({ ref }, place) =>
      told(
        "Power failed just now",
        html`If you got nothing, ${again(place)} (kept for you); if you did, press "Taken"`,
        html`Reference ${firm(ref)}`,
      ),
    E12b: ({ minutes }, place) =>
      told(
        "No connection, try again later",
        place.came === "card"
          ? html`Without a connection only a few a day are given, and they are gone.`
          : html`Only codes already on this machine can be checked.`,
        html`${place.came === "card" ? "Nothing was counted" : "Yours is unused"}. Try in ${firm(`${minutes} min`)}`,
      ),
    E13: (refusal, place) =>
      refusal.per === "campaign"
        ? told(
            "You have had all of this campaign",
            html`${firm(counted(refusal.had, "time", "times"))} in all. See you at the next one.`,
            dispenserAt(place),
          )
        : told(
            refusal.had > 0 ? `You have had ${refusal.had} today` : "You have had today's share",
            refusal.again === undefined ? html`Again tomorrow.` : html`Again from ${begin(refusal.again, place.now)}.`,
            dispenserAt(place),
          ),
    E14: ({ minutes, last }) =>
      told(`Please wait ${minutes} min`, html`Last collected at ${moment(last)}`, html`Then just tap or scan again`),
    E15: ({ of }, place) =>
      told(
        of === "card" ? "Card not registered" : "We can't find this code",
        html`Use a pickup code,`,
        html`or ask the keeper / call ${phone(place)}`,
      ),
    E16: ({ of }) =>
      of === "card"
        ? told("Card not read – hold it flat for 2 s", html`Still no? Enter a pickup code`)
        : told(
            "Code not read – hold it flat and scan again",
            html`Wipe it, brighten the phone, hold it further away. Still no? Enter a pickup code`,
          ),
    E20: ({ month }) =>
      told(
        "This season has ended",
        html`See you in ${firm(fullMonths[month - 1] ?? "summer")}.`,
        html`Water and charging as usual`,
      ),
    E21: ({ ref, until }, place) => {
      const quote = ref === undefined ? "" : html`, quote ${firm(ref)}`;
      return until === undefined
        ? told("Paused for checking", html`${own(place).unused} – call ${phone(place)}${quote}`)
        : told(
            "Paused for checking",
            html`${own(place).unused}. ${kept(until, place)}`,
            html`Call ${phone(place)}${quote}`,
          );
    },
    E23: ({ ref }, place) =>
      told("We could not see whether it dropped", html`If you got nothing, ${again(place)} (${firm(ref)})`),
    E23b: ({ ref }, place) => told("We could not see it again", html`Please call ${phone(place)}, quote ${firm(ref)}`),
  },
  key: { back: "Delete", clear: "Clear", cancel: "Cancel", leave: "Back", taken: "Taken" },
  name: (name) => name.en,
  had: "You had yours",
  left: (count) => (count === null ? "In stock" : count === 0 ? "Sold out" : `${count} left`),
  nearby: {
    way: (metres, minutes) =>
      `${metres < 1000 ? `${metres} m` : `${(metres / 1000).toFixed(1)} km`}, ${minutes} min walk`,
    asOf: (at) => `(as of ${clockFace(whenAt(at).minute)})`,
  },
  machine: (number) => `No. ${number}`,
  phone: "Service phone",
  cabin: cabinEnglish,
  technician: {
    kiosk: "This kiosk",
    link: "Link",
    noLink: "No link is set: the kiosk works alone",
    online: (seconds) => `Connected to the centre for ${span(seconds)}`,
    offline: (seconds) => `Not connected for ${span(seconds)}; the kiosk gives goods all the same`,
    refused: {
      unreachable: "The broker is not reached: check cable, router, SIM card",
      certificate: "The certificate is wrong: put the folder link in again",
      clock: "The clock is wrong, therefore no connection: set the clock first",
      version: "The broker does not speak this protocol",
      "not-authorised": "The broker does not let this kiosk in: have the centre register it",
      banned: "The broker has banned this kiosk: call the centre",
      quota: "The broker has no room left: call the centre",
      busy: "The broker is busy; the kiosk tries again by itself",
      refused: "The broker refused; the kiosk tries again by itself",
    },
    outbox: "Events",
    waiting: (events) => (events === 0 ? "all confirmed" : `${events} not confirmed yet; none is lost`),
    certificate: "Certificate",
    days: (left) => (left < 0 ? "expired" : `${left} days left`),
    clock: "Clock",
    clocks: {
      trusted: "set",
      coasting: "was set, and counts on by itself",
      "floor-only": "not set: check the network or the clock's battery",
    },
    disk: "Card",
    diskWell: "well",
    diskRefuses: "takes nothing: check the memory card",
    reader: (how, { reads, last }) =>
      `${how}; reads ${reads.map((kind) => ({ card: "cards", code: "codes" })[kind]).join(" and ")}; ${last === undefined ? "nothing read yet" : `${{ card: "a card", code: "a code", unread: "something unread" }[last.what]} ${span(last.ago)} ago`}`,
    instrument: (how, { measures, calibration, tests }) =>
      `${how}; measures ${measures.map((item) => cabinEnglish.figure[item]).join(", ")}; ${calibrated(calibration)}; gave a result to ${tests.ok} people, and none to ${tests.fail}, in full tens`,
    printer: (how) => `${how}; prints slips`,
    members: "Member list",
    bare: {
      card: "Bare card numbers (UIDs) are identifiers, not proof: they can be copied, and only the quota limits that",
      code: "Printed numbers and barcodes are identifiers, not proof: whoever knows one can use it, and only the quota limits that",
    },
    presence: {
      working: "works",
      starting: "is starting",
      stale: "does not answer: check power and cable",
      broken: "has a fault",
      absent: "is not there: check the plug",
      off: "is switched off",
    },
  },
};

function calibrated(calibration: InstrumentReport["calibration"]): string {
  if (calibration === undefined) return "no calibration date is known";
  const { due, days, is } = calibration;
  return is === "over"
    ? `its calibration ended on ${due}: have it calibrated`
    : `calibrated until ${due}, ${days} days left`;
}
