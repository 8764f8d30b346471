import type { Facts, Identity } from "../../../devices/kit/driver.ts";
import type { Fault, FaultKind } from "../../../devices/kit/fault.ts";
import type { Secret } from "../../../devices/kit/secret.ts";
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
  | { readonly kind: "card"; readonly card: Secret; readonly reveal: boolean }
  | { readonly kind: "reading"; readonly reading: object }
  | { readonly kind: "door"; readonly open: boolean }
  | { readonly kind: "temperature"; readonly celsius: number }
  | ({ readonly kind: "slot" } & SlotReport)
  /** What the driver notes for the log. */
  | { readonly kind: "note"; readonly event: string; readonly facts: Facts }
  /** `during`: what was being done. */
  | { readonly kind: "fault"; readonly during: string; readonly fault: FaultKind; readonly detail: string };

export const faultFinding = (during: string, { kind, detail }: Fault): Finding => ({
  kind: "fault",
  during,
  fault: kind,
  detail,
});

/** As one JSON object; a card number stays hidden unless it is to be revealed. */
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
    case "card":
      return JSON.stringify({ kind: "card", number: numberOf(finding) });
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
    case "card":
      return `Card ${numberOf(finding)}.`;
    case "reading":
      return `Reading: ${listed(finding.reading)}.`;
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

const numberOf = ({ card, reveal }: { readonly card: Secret; readonly reveal: boolean }) =>
  reveal ? card.reveal() : card.toString();

const listed = (facts: object) =>
  Object.entries(facts)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(", ");
