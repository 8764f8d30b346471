import { millis, type Timer } from "../kit/clock.ts";
import type { PeerDefinition } from "../kit/driver.ts";
import { cardByName } from "./cards/by-name.ts";
import type { Card } from "./cards/card.ts";
import { ack, answerTo, command, encode, errorFrame, frames, speaker } from "./pn532-wire.ts";

// A PN532 with its field and the cards that come into it, as UM0701-02 tells of it [B21].

const knobs = ["card", "hold", "take-away", "garble", "silent", "slow", "tireless"] as const;

/** A hand that taps. */
const tap = millis(600);
const takesIn = millis(1);
const thinks = millis(2);
/** Selecting a card takes a dozen short frames at 106 kbit/s; a try that finds none is over sooner. */
const selects = millis(10);
const triesOnce = millis(5);
/** A card's own time for an answer, and how long the chip waits for one that went. */
const cardThinks = millis(8);
const cardLost = millis(50);
/** Version 1.6 of the chip, as it answers in [E21]. */
const version = Uint8Array.of(0x32, 0x01, 0x06, 0x07);
const endless = 0xff;
const status = { good: 0x00, timeout: 0x01, outOfPlace: 0x27 } as const;
/** Bit of the SAK that says that a card speaks ISO 14443-4. */
const speaks = 0x20;

const hex = (bytes: Uint8Array) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join("");

const definition: PeerDefinition<object, Uint8Array, Uint8Array> = {
  knobs,
  peer(_options, { clock, chance }, send) {
    const timers = new Set<Timer>();
    const cards = new Map<string, Card>();
    const shown: string[] = [];
    let held = frames.start;
    let awake = false;
    let normal = false;
    let tries = endless;
    /** What lies in the field, and whether the chip has told of it since it came. The first wins the anticollision. */
    let lying: readonly { readonly card: Card; told: boolean }[] = [];
    let selected: Card | undefined;
    /** In the middle of ISO 14443-4 a card answers no request before it is let go [ISO/IEC 14443-4, 8]. */
    let deaf: Card | undefined;
    let working: Timer | undefined;
    /** While it looks for a card and there is none: what is done when one comes. */
    let searching: (() => void) | undefined;
    let going: Timer | undefined;
    let garble = 0;
    let silent = false;
    let slow = 0;
    /** It looks for a card until it is told to give up, whatever its retries. */
    let tireless = false;

    const after = (delay: number, label: string, then: () => void): Timer => {
      const timer = clock.after(millis(delay), `pn532 peer: ${label}`, () => {
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

    const say = (bytes: Uint8Array) => {
      if (silent) return;
      if (slow === 0) return send(bytes);
      after(slow, "says it late", () => send(bytes));
    };
    const answer = (delay: number, code: number, data: () => Uint8Array) => {
      working = after(takesIn + delay, "answers", () => {
        searching = undefined;
        say(encode(speaker.chip, answerTo(code), data()));
      });
    };

    const targetData = ({ uid, atqa, sak, ats }: Card) =>
      Uint8Array.of(1, 1, ...atqa, sak, uid.length, ...uid, ...((sak & speaks) === 0 ? [] : (ats ?? [])));

    const list = (code: number) => {
      deaf ??= selected?.apdu && selected;
      selected = undefined;
      const hearing = () => lying.filter(({ card }) => card !== deaf);
      const found = () => {
        const [winner] = hearing();
        if (winner === undefined) return search();
        const { card } = winner;
        selected = card;
        if (!winner.told && !silent) shown.push(hex(card.uid));
        winner.told ||= !silent;
        const told = encode(speaker.chip, answerTo(code), targetData(card));
        if (garble === 0) return say(told);
        garble -= 1;
        say(told.map((byte, i) => (i === told.length - 3 ? byte ^ 0x10 : byte)));
      };
      const select = () => {
        searching = undefined;
        drop(working);
        working = after(selects, "selects", found);
      };
      const search = () => {
        if (hearing().length > 0) return select();
        searching = select;
        if (tries !== endless && !tireless) answer((tries + 1) * triesOnce, code, () => Uint8Array.of(0));
      };
      search();
    };

    const isHere = (card: Card) => lying.some((one) => one.card === card);

    const exchange = (code: number, apdu: Uint8Array) => {
      const card = selected;
      if (card === undefined) return answer(thinks, code, () => Uint8Array.of(status.outOfPlace));
      if (!isHere(card) || card.apdu === undefined) {
        selected = undefined;
        return answer(cardLost, code, () => Uint8Array.of(status.timeout));
      }
      const said = card.apdu(apdu);
      answer(cardThinks, code, () =>
        // Taken away before it has answered.
        isHere(card) ? Uint8Array.of(status.good, ...said) : Uint8Array.of(status.timeout),
      );
    };

    const giveUp = () => {
      searching = undefined;
      drop(working);
    };

    const obey = (code: number, data: Uint8Array) => {
      // A new command ends the one before.
      giveUp();
      if (!normal && code !== command.samConfiguration) return;
      after(takesIn, "takes it in", () => say(ack));
      switch (code) {
        case command.samConfiguration:
          normal = true;
          return answer(thinks, code, () => new Uint8Array());
        case command.firmware:
          return answer(thinks, code, () => version);
        case command.rfConfiguration:
          if (data[0] === 0x05) tries = data[3] ?? endless;
          return answer(thinks, code, () => new Uint8Array());
        case command.list:
          return list(code);
        case command.exchange:
          return exchange(code, data.subarray(1));
        case command.release:
          for (const card of [selected, deaf]) card?.leave();
          selected = deaf = undefined;
          return answer(thinks, code, () => Uint8Array.of(status.good));
        default:
          working = after(takesIn + thinks, "did not understand", () => say(errorFrame));
      }
    };

    const takeAway = (card?: Card) => {
      drop(going);
      for (const one of lying) if (card === undefined || one.card === card) one.card.leave();
      lying = lying.filter((one) => card !== undefined && one.card !== card);
      if (deaf && !isHere(deaf)) deaf = undefined;
    };
    const cardCalled = (name: string): Card => {
      const card = cards.get(name) ?? cardByName(name, random);
      cards.set(name, card);
      return card;
    };
    /** Two at once with a "+" between them: a purse. */
    const lay = (names: string) => {
      const came = names.split("+").map((name) => ({ card: cardCalled(name), told: false }));
      takeAway();
      lying = came;
      searching?.();
    };

    return {
      knobs,
      truth: () => shown,
      hear(bytes) {
        if (silent) return;
        // It wakes by the first edges, and what came with them is no frame yet.
        awake ||= bytes.includes(0x55);
        if (!awake) return;
        const pushed = frames.push(held, bytes);
        held = pushed.state;
        for (const frame of pushed.frames) {
          if (frame.is === "ack") giveUp();
          if (frame.is === "told" && frame.by === speaker.host) obey(frame.code, frame.data);
        }
      },
      turn(knob, to) {
        switch (knob as (typeof knobs)[number]) {
          case "card":
            lay(String(to));
            going = after(tap, "the hand goes", () => takeAway());
            return;
          case "hold":
            return lay(String(to));
          case "take-away":
            return takeAway(to === true ? undefined : cardCalled(String(to)));
          case "garble":
            garble = Number(to);
            return;
          case "silent":
            silent = to === true;
            return;
          case "slow":
            slow = Number(to);
            return;
          case "tireless":
            tireless = to === true;
            return;
          default:
            throw new Error(`a PN532 has no knob "${knob}"`);
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
