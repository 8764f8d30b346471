import { millis, type Timer } from "../kit/clock.ts";
import type { PeerDefinition } from "../kit/driver.ts";
import { fault } from "../kit/fault.ts";
import type { CardWord } from "../kit/port.ts";
import { cardByName } from "./cards/by-name.ts";
import type { Card } from "./cards/card.ts";

// An ACR1252U behind the PC/SC service, with the cards that are laid on it [B6; PC/SC part 3].

const knobs = ["card", "hold", "take-away", "garble", "silent", "slow"] as const;

/** A hand that taps. */
const tap = millis(600);
/** The reader looks for cards by itself, several times a second. */
const finds = millis(120);
const thinks = millis(10);
const noUid = Uint8Array.of(0x63, 0x00);
const notSupported = Uint8Array.of(0x6a, 0x81);
/** Class of the commands that the reader answers itself, and its Get Data. */
const readersOwn = 0xff;
const getData = 0xca;
const good = [0x90, 0x00];
/** A card that stores, by ISO 14443A part 3, without a name [PC/SC part 3, 3.1.3.2.3]. */
const storageAtr = [0x8f, 0x80, 0x01, 0x80, 0x4f, 0x0c, 0xa0, 0x00, 0x00, 0x03, 0x06, 0x03, 0, 0, 0, 0, 0, 0];

const hex = (bytes: Uint8Array) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join("");
/** Closed with the exclusive or of all bytes behind the first [ISO/IEC 7816-3, 8.2.5]. */
const closed = (behindFirst: readonly number[]) =>
  Uint8Array.of(
    0x3b,
    ...behindFirst,
    behindFirst.reduce((check, byte) => check ^ byte, 0),
  );

/** The service makes the answer to reset up: from the historical bytes of the ATS, behind its length, T0 and TA to TC. */
function atrOf({ ats }: Card): Uint8Array {
  if (ats === undefined) return closed(storageAtr);
  const format = ats[1] ?? 0;
  const interfaces = [0x10, 0x20, 0x40].filter((bit) => (format & bit) !== 0).length;
  const historical = ats.subarray(2 + interfaces);
  return closed([0x80 | historical.length, 0x80, 0x01, ...historical]);
}

const definition: PeerDefinition<object, Uint8Array, CardWord> = {
  knobs,
  peer(_options, { clock, chance }, send) {
    const timers = new Set<Timer>();
    const cards = new Map<string, Card>();
    const shown: string[] = [];
    let lying: { readonly card: Card; found: boolean } | undefined;
    let going: Timer | undefined;
    let garble = 0;
    let silent = false;
    let slow = 0;

    const after = (delay: number, label: string, then: () => void): Timer => {
      const timer = clock.after(millis(delay), `pcsc peer: ${label}`, () => {
        timers.delete(timer);
        then();
      });
      timers.add(timer);
      return timer;
    };
    const drop = (timer: Timer | undefined) => {
      timer?.cancel();
      if (timer) timers.delete(timer);
    };
    const random = (count: number) =>
      Uint8Array.from({ length: count }, () =>
        Array.from({ length: 8 }).reduce<number>((byte) => byte * 2 + Number(chance(0.5)), 0),
      );
    const say = (word: CardWord) => {
      if (silent) return;
      if (slow === 0) return send(word);
      after(slow, "says it late", () => send(word));
    };

    const uidOf = (card: Card): Uint8Array => {
      if (garble === 0) return Uint8Array.of(...card.uid, ...good);
      garble -= 1;
      return noUid;
    };
    const answerOf = (card: Card, command: Uint8Array): Uint8Array => {
      if (command[0] !== readersOwn) return card.apdu?.(command) ?? notSupported;
      return command[1] === getData ? uidOf(card) : notSupported;
    };

    const takeAway = () => {
      drop(going);
      const was = lying;
      lying = undefined;
      was?.card.leave();
      if (was?.found) say({ is: "gone" });
    };
    const lay = (name: string) => {
      const card = cards.get(name) ?? cardByName(name, random);
      cards.set(name, card);
      takeAway();
      const mine = { card, found: false };
      lying = mine;
      after(finds, "finds a card", () => {
        if (lying !== mine || silent) return;
        mine.found = true;
        shown.push(hex(card.uid));
        say({ is: "card", atr: atrOf(card) });
      });
    };

    return {
      knobs,
      truth: () => shown,
      hear(command) {
        if (silent) return;
        const { card } = lying ?? {};
        const bytes = card && answerOf(card, command);
        after(thinks, "answers", () =>
          // Taken away before it has answered.
          say(
            bytes && lying?.card === card
              ? { is: "answer", bytes }
              : { is: "no-answer", why: fault("no-device", "the card went") },
          ),
        );
      },
      turn(knob, to) {
        switch (knob as (typeof knobs)[number]) {
          case "card":
            lay(String(to));
            going = after(tap, "the hand goes", takeAway);
            return;
          case "hold":
            return lay(String(to));
          case "take-away":
            return takeAway();
          case "garble":
            garble = Number(to);
            return;
          case "silent":
            silent = to === true;
            return;
          case "slow":
            slow = Number(to);
            return;
          default:
            throw new Error(`a PC/SC reader has no knob "${knob}"`);
        }
      },
      stop() {
        for (const timer of timers) timer.cancel();
        timers.clear();
      },
    };
  },
};

export default definition;
