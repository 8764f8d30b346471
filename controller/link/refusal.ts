import type { Millis } from "../../devices/kit/clock.ts";
import { fault, type Fault } from "../../devices/kit/fault.ts";
import type { Refused } from "./uplink.ts";

/** What a socket or MQTT.js says was wrong: `code` of the operating system, of OpenSSL, or of a CONNACK. */
export interface Trouble {
  readonly message: string;
  readonly code?: string | number | undefined;
}

/** [MQTT3.1.1 3.2.2.3] Return codes of a CONNACK; some brokers answer a client of MQTT 5 with them too. */
const byReturnCode: Readonly<Record<number, Refused>> = {
  1: { why: "version", detail: "The broker does not speak this version of MQTT." },
  2: { why: "refused", detail: "The broker does not take the name of this kiosk as a client." },
  3: { why: "busy", detail: "The broker says that it cannot serve now. It is asked again." },
  4: {
    why: "not-authorised",
    detail: "The broker asks for a name and a password. Set it to know kiosks by certificate.",
  },
  5: { why: "not-authorised", detail: "The broker does not know this kiosk. Enter it there, or add it at the centre." },
};

/** [MQTT5 3.2.2.2] Reason codes of a CONNACK that say more than "no". */
const byReasonCode: Readonly<Record<number, Refused>> = {
  0x84: { why: "version", detail: "The broker does not speak MQTT 5." },
  0x85: { why: "refused", detail: "The broker does not take the name of this kiosk as a client." },
  0x86: { why: "not-authorised", detail: "The broker does not accept how this kiosk names itself." },
  0x87: {
    why: "not-authorised",
    detail: "The broker does not know this kiosk. Enter it there, or add it at the centre.",
  },
  0x88: { why: "busy", detail: "The broker says that it cannot serve now. It is asked again." },
  0x89: { why: "busy", detail: "The broker says that it is busy. It is asked again." },
  0x8a: { why: "banned", detail: "The broker has banned this kiosk. Ask the centre why." },
  0x97: { why: "quota", detail: "The broker says that this kiosk has used up what it may. Ask the centre." },
  0x9f: { why: "busy", detail: "The broker takes no more connections just now. It is asked again." },
};

/** Why a CONNACK said no. `says`: the broker's own words, where it has any. */
export function refusedBy(code: number, says = ""): Refused {
  const hex = `0x${code.toString(16).padStart(2, "0")}`;
  const known = byReturnCode[code] ??
    byReasonCode[code] ?? { why: "refused", detail: `The broker refuses this kiosk with the code ${hex}.` };
  // Somebody else's words on our screen and in our log: printable, and few of them.
  const words = says.replace(/[^\x20-\x7e]/g, "?").slice(0, 200);
  return words === "" ? known : { ...known, detail: `${known.detail} It says: ${words}` };
}

/** A certificate of the broker whose time, by this machine's clock, is not now. */
const untimely: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "has expired",
  CERT_NOT_YET_VALID: "is not valid yet",
};

/** What else is wrong with the broker's certificate. */
const ofTheBroker: Readonly<Record<string, string>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "is not signed by the one of ca.pem",
  UNABLE_TO_GET_ISSUER_CERT: "is not signed by the one of ca.pem",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "is not signed by the one of ca.pem",
  SELF_SIGNED_CERT_IN_CHAIN: "is not signed by the one of ca.pem",
  DEPTH_ZERO_SELF_SIGNED_CERT: "is signed by itself",
  CERT_SIGNATURE_FAILURE: "is not signed by the one of ca.pem",
  CERT_REVOKED: "was revoked",
  ERR_TLS_CERT_ALTNAME_INVALID: "is made out to another name than this address",
};

/** What a broker says of our certificate, as OpenSSL names TLS alerts [RFC 8446 6.2]. */
const ofThisKiosk: readonly (readonly [RegExp, string])[] = [
  [/ALERT_CERTIFICATE_EXPIRED/, "has expired, says the broker. Copy a new one from the centre"],
  [/ALERT_CERTIFICATE_REVOKED/, "was revoked, says the broker. Ask the centre, and copy a new one"],
  [/ALERT_UNKNOWN_CA/, "is signed by nobody whom the broker knows. Copy the one of this centre"],
  [/CERTIFICATE_REQUIRED/, "did not reach the broker, which asks for one. Look at cert.pem"],
  [
    /ALERT_(BAD|UNSUPPORTED)?_?CERTIFICATE|ALERT_(ACCESS_DENIED|DECRYPT_ERROR)/,
    "is not accepted by the broker. Copy a new one from the centre",
  ],
];

const ofTheWay: Readonly<Record<string, string>> = {
  ECONNREFUSED: "Nothing listens at HOST. Is the broker running, and is the port right?",
  ENOTFOUND: "The name HOST is not known. Look at its spelling in the station file, and at the network.",
  EAI_AGAIN: "The name HOST cannot be looked up: there is no network, or no name server.",
  ENETUNREACH: "There is no way to HOST: this machine has no network. Look at the modem and the cable.",
  EHOSTUNREACH: "HOST does not answer on the network. Look at the modem, and whether the broker's machine runs.",
  ETIMEDOUT: "HOST does not answer. Look at the modem, and whether a firewall stands between.",
  ECONNRESET: "HOST ended the connection at once. Is the port right, mqtts:// for one with certificates?",
};

/** Why there is no line to the broker. `trusted`: whether this machine's own clock is. */
export function refusedLine({ code, message }: Trouble, host: string, trusted: boolean): Refused {
  const name = String(code ?? "");
  const time = untimely[name];
  if (time !== undefined && !trusted)
    return {
      why: "clock",
      detail: `By this machine's clock the certificate of ${host} ${time}, and this clock is not set. Wait for the network's time, or set the clock.`,
    };
  if (time !== undefined)
    return { why: "certificate", detail: `The certificate of ${host} ${time}. The centre must renew it.` };
  const broker = ofTheBroker[name];
  if (broker !== undefined)
    return {
      why: "certificate",
      detail: `The certificate of ${host} ${broker}. Copy ca.pem from the centre again, or look at the address.`,
    };
  const own = ofThisKiosk.find(([form]) => form.test(name))?.[1];
  if (own !== undefined) return { why: "certificate", detail: `This kiosk's certificate ${own}.` };
  if (/UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION|HANDSHAKE_FAILURE|WRONG_VERSION_NUMBER/.test(name))
    return { why: "refused", detail: `${host} does not speak TLS 1.3 on this port. Look at the broker's settings.` };
  const way = ofTheWay[name];
  if (way !== undefined) return { why: "unreachable", detail: way.replace("HOST", host) };
  return { why: "unreachable", detail: `${host} cannot be reached: ${name || message}.` };
}

/** Why a connection that was up has ended. */
export function whyEnded({ code, message }: Trouble, host: string, keepalive: Millis): Fault {
  if (message === "Keepalive timeout")
    return fault("silent", `${host} has not answered for ${Math.round((keepalive * 1.5) / 1000)} s: the line is dead.`);
  if (typeof code === "string") return fault("interrupted", `The connection to ${host} was cut: ${code}.`);
  return fault("garbled", `${host} sent what MQTT does not allow: ${message}.`);
}
