import type { Clock } from "../kit/clock.ts";
import { openLine, type Unanswered } from "../kit/exchange.ts";
import { fault } from "../kit/fault.ts";
import type { BytePort } from "../kit/port.ts";
import { err, ok, type Result } from "../kit/result.ts";
import { ack, command, dialect, patience, type Question } from "./pn532-wire.ts";

// What the kiosk asks of a PN532 [UM0701-02, 7.2, 7.3].

/** A card that the chip has selected. */
export interface Target {
  /** The chip's number for it. */
  readonly number: number;
  readonly uid: Uint8Array;
  /** It speaks ISO 14443-4, and so takes commands. */
  readonly speaks: boolean;
}

/** The field holds nothing, a card, or something that the chip tells of in a form that is in no book. */
export type Found =
  | { readonly is: "nothing" }
  | { readonly is: "card"; readonly target: Target }
  | { readonly is: "strange" };

export interface Chip {
  /** Wakes it and switches its card emulation off, so that it reads. */
  wake(): Promise<Result<void>>;
  /** "1.6". */
  firmware(): Promise<Result<string>>;
  /**
   * Looks for one card, and selects it. "now": ends soon where there is none. "wait": the chip itself tries again and
   * again, and tells of a card the moment it comes.
   */
  look(how: keyof typeof tries): Promise<Result<Found>>;
  /** Gives a command to the selected card. `no-device` where the card went. */
  exchange(target: number, apdu: Uint8Array): Promise<Result<Uint8Array>>;
  /** Lets all cards go: one that speaks ISO 14443-4 is told so, and can be selected anew. */
  release(): Promise<Result<void>>;
  junk(): number;
  close(): void;
}

/** Identification of the chip in the answer to GetFirmwareVersion. */
const pn532 = 0x32;
/** SAMConfiguration: normal mode, its time-out of 20 × 50 ms counts in another mode, the interrupt line is used [E22]. */
const normalMode = Uint8Array.of(0x01, 0x14, 0x01);
/** RFConfiguration, item 5: tries of ATR, of PSL, and of passive activation after the first. FF would be endless [B5, E24]. */
const tries = { now: 0x02, wait: 0xc8 } as const;
const triesOf = (how: keyof typeof tries) => Uint8Array.of(0x05, 0xff, 0x01, tries[how]);
/** InListPassiveTarget: one card, 106 kbit/s type A [E23]. */
const oneCardTypeA = Uint8Array.of(0x01, 0x00);
const all = Uint8Array.of(0x00);
/** SAK bit 6 [ISO/IEC 14443-3, 6.5.3.4]. */
const speaksIso = 0x20;
const uidLengths = [4, 7, 10];

/** The error is in the low six bits; bit 40 (hex) says that more follows, which no short command makes [UM0701-02, 7.1]. */
const errorBits = 0x3f;
const moreFollows = 0x40;
/** The chip did not like the command: no card has to do with it. */
const notTheCard = new Map([
  [0x10, "a wrong parameter"],
  [0x26, "a command that the chip does not know"],
  [0x27, "a command out of place: no card is selected"],
]);

const hex = (byte: number) => byte.toString(16).padStart(2, "0").toUpperCase();

/** InListPassiveTarget's answer: count, number, ATQA, SAK, length, UID, and of a card that speaks its ATS [E23]. */
export function readTarget(data: Uint8Array): Found {
  const [count, number = 0, , , sak = 0, length = 0] = data;
  if (count === 0 && data.length === 1) return { is: "nothing" };
  const uid = data.subarray(6, 6 + length);
  const behind = data.length - 6 - length;
  const speaks = (sak & speaksIso) !== 0;
  // The first byte of an ATS is its length and counts itself [ISO/IEC 14443-4, 5.2].
  const whole = behind === (speaks ? data[6 + length] : 0);
  if (count !== 1 || !uidLengths.includes(length) || !whole) return { is: "strange" };
  return { is: "card", target: { number, uid, speaks } };
}

export function openChip(port: BytePort, clock: Clock): Chip {
  const line = openLine(port, clock, dialect);
  /** How it was last told to look. */
  let set: keyof typeof tries | undefined;

  const giveUp = async ({ kind, sent }: Unanswered) => {
    // Else the chip may go on looking, and answer when nobody waits.
    if (sent && kind !== "no-device") await port.send(ack);
  };

  const ask = async (question: Question): Promise<Result<Uint8Array>> => {
    const reply = await line.ask(question, question.patience);
    if (!reply.ok) {
      await giveUp(reply.error);
      return err(fault(reply.error.kind, reply.error.detail));
    }
    const { data } = reply.value;
    return data ? ok(data) : err(fault("refused", `the PN532 does not know the command ${hex(question.code)}`));
  };
  const tell = async (question: Question): Promise<Result<void>> => {
    const told = await ask(question);
    return told.ok ? ok(undefined) : told;
  };

  return {
    wake: () => tell({ code: command.samConfiguration, data: normalMode, wake: true, patience: patience.look }),
    async firmware() {
      const said = await ask({ code: command.firmware, data: new Uint8Array(), patience: patience.quick });
      if (!said.ok) return said;
      const [ic = 0, version, revision] = said.value;
      if (ic !== pn532 || version === undefined || revision === undefined)
        return err(fault("misconfigured", `this is no PN532: it calls itself PN5${hex(ic)}`));
      return ok(`${version}.${revision}`);
    },
    async look(how) {
      if (how !== set) {
        const told = await tell({ code: command.rfConfiguration, data: triesOf(how), patience: patience.quick });
        if (!told.ok) return told;
        set = how;
      }
      const longest = how === "now" ? patience.look : patience.wait;
      const said = await ask({ code: command.list, data: oneCardTypeA, patience: longest });
      return said.ok ? ok(readTarget(said.value)) : said;
    },
    async exchange(target, apdu) {
      const data = Uint8Array.of(target, ...apdu);
      const said = await ask({ code: command.exchange, data, patience: patience.card });
      if (!said.ok) return said;
      const [status = errorBits] = said.value;
      const wrong = status & errorBits;
      const refused = notTheCard.get(wrong);
      if (refused !== undefined) return err(fault("refused", `the PN532 reports ${refused} (${hex(status)})`));
      if (wrong !== 0) return err(fault("no-device", `the card went, or lies badly: the PN532 reports ${hex(status)}`));
      if ((status & moreFollows) !== 0) return err(fault("garbled", "the card's answer does not fit into the PN532"));
      return ok(said.value.slice(1));
    },
    release: () => tell({ code: command.release, data: all, patience: patience.quick }),
    junk: () => line.junk(),
    close: () => line.close(),
  };
}
