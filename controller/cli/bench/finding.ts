import type { Facts, Identity } from "../../../devices/kit/driver.ts";
import type { Fault, FaultKind } from "../../../devices/kit/fault.ts";
import type { Reading as Measured } from "../../../devices/health/capability.ts";
import type { Reading, Symbology, Technology } from "../../../devices/reader/capability.ts";
import type { Delivery, SlotReport } from "../../../devices/vending/capability.ts";

/** One thing found out at the bench: a line of the technician's screen, or one JSON object. */
export type Finding =
  | ({ readonly kind: "identity" } & Identity)
  | { readonly kind: "self-test"; readonly says: string }
  /** `seq`: the entry of the test in the ledger. */
  | {
      readonly kind: "delivery";
      readonly slot: string;
      readonly delivery: Delivery;
      readonly seconds: number;
      readonly seq?: number;
    }
  /** What a reader saw; of its value only the last two characters. */
  | ({ readonly kind: "read" } & Seen)
  | { readonly kind: "reading"; readonly reading: Measured }
  /** A test slip, as far as the printer tells. */
  | { readonly kind: "printed"; readonly seconds: number }
  | { readonly kind: "door"; readonly open: boolean }
  | { readonly kind: "temperature"; readonly celsius: number }
  | ({ readonly kind: "slot" } & SlotReport)
  /** What the driver notes for the log. */
  | { readonly kind: "note"; readonly event: string; readonly facts: Facts }
  /** `during`: what was being done. */
  | { readonly kind: "fault"; readonly during: string; readonly fault: FaultKind; readonly detail: string };

type Seen =
  | { readonly what: "code"; readonly symbology?: Symbology; readonly ends: string }
  | { readonly what: "card"; readonly technology: Technology; readonly talks: boolean; readonly ends: string }
  | { readonly what: "unread-card" | "unread-code" };

/** Codes and card numbers are never shown: two characters tell a technician which of his test cards it was. */
export function seen(reading: Reading): Finding {
  switch (reading.is) {
    case "text": {
      const { text, symbology } = reading;
      const kind = symbology === undefined ? {} : { symbology };
      return { kind: "read", what: "code", ...kind, ends: text.reveal().slice(-2) };
    }
    case "card": {
      const { technology, exchange, uid } = reading;
      return { kind: "read", what: "card", technology, talks: exchange !== undefined, ends: uid.reveal().slice(-2) };
    }
    case "unread":
      return { kind: "read", what: `unread-${reading.of}` };
  }
}

export const faultFinding = (during: string, { kind, detail }: Fault): Finding => ({
  kind: "fault",
  during,
  fault: kind,
  detail,
});

/** As one JSON object. */
export function asJson(finding: Finding): string {
  switch (finding.kind) {
    case "delivery": {
      const { slot, delivery, seconds, seq } = finding;
      const how =
        delivery.kind === "delivered"
          ? { evidence: delivery.evidence }
          : { fault: delivery.fault.kind, detail: delivery.fault.detail };
      const started = delivery.kind === "not-delivered" ? { started: delivery.started } : {};
      return JSON.stringify({ kind: "delivery", slot, delivery: delivery.kind, ...started, ...how, seconds, seq });
    }
    case "reading":
      return JSON.stringify({ kind: "reading", ...finding.reading });
    default:
      return JSON.stringify(finding);
  }
}

/** As a sentence or a short line. */
export function inWords(finding: Finding): string {
  switch (finding.kind) {
    case "identity": {
      const { model, serial, firmware } = finding;
      return `This is: ${model}${firmware ? `, firmware ${firmware}` : ""}${serial ? `, serial number ${serial}` : ""}.`;
    }
    case "self-test":
      return `Self-test: ${finding.says}`;
    case "delivery":
      return `Slot ${finding.slot}: ${outcome(finding.delivery)} (${finding.seconds} s).`;
    case "read":
      return `Read: ${sight(finding)}.`;
    case "reading":
      return `Reading: ${measured(finding.reading)}.`;
    case "printed":
      return `Printed a test slip (${finding.seconds} s).`;
    case "door":
      return `The door is ${finding.open ? "open" : "shut"}.`;
    case "temperature":
      return `Temperature: ${finding.celsius} °C.`;
    case "slot": {
      const { slot, sells, stock, capacity } = finding;
      const count = stock === undefined ? "" : `, ${stock}${capacity === undefined ? "" : ` of ${capacity}`} goods`;
      return `Slot ${slot} ${sells ? "sells" : "is paused"}${count}.`;
    }
    case "note":
      return `Noted: ${finding.event}${Object.keys(finding.facts).length > 0 ? ` (${listed(finding.facts)})` : ""}.`;
    case "fault":
      return `Fault during ${finding.during}: ${finding.fault}. ${finding.detail}`;
  }
}

function outcome(delivery: Delivery): string {
  switch (delivery.kind) {
    case "delivered":
      return `delivered, proven by ${delivery.evidence}`;
    case "not-delivered":
      return `not delivered${delivery.started ? "" : ", no motor turned"}: ${delivery.fault.kind}, ${delivery.fault.detail}`;
    case "unknown":
      return `unknown whether delivered: ${delivery.fault.kind}, ${delivery.fault.detail}`;
  }
}

function sight(seen: Seen): string {
  switch (seen.what) {
    case "code":
      return `a code${seen.symbology === undefined ? "" : ` (${seen.symbology})`} that ends in "${seen.ends}"`;
    case "card":
      return `a card (${seen.technology}${seen.talks ? ", takes commands" : ""}) whose number ends in "${seen.ends}"`;
    case "unread-card":
      return "a card that could not be read";
    case "unread-code":
      return "a code that could not be read";
  }
}

/** "glucose above 33.3 mmol/L (before-meal)": as the instrument has it, in its own unit. */
function measured({ item, comparator, value, unit, notes }: Measured): string {
  const beyond = comparator === undefined ? "" : comparator === "<" ? "below " : "above ";
  const counted = unit === "1" ? "" : ` ${unit}`;
  return `${item} ${beyond}${value}${counted}${notes.length > 0 ? ` (${notes.join(", ")})` : ""}`;
}

const listed = (facts: object) =>
  Object.entries(facts)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(", ");
