import { millis, type Timer } from "../kit/clock.ts";
import type { PeerDefinition } from "../kit/driver.ts";
import { showing } from "../kit/showing.ts";

// An RDM6300 and the card in its field: while one is there its frame is repeated about every 50 ms [B18, B19].

const knobs = ["card", "hold", "take-away", "garble", "silent", "slow"] as const;

const tap = millis(600);
const repeat = millis(50);

const definition: PeerDefinition<object, Uint8Array, Uint8Array> = {
  knobs,
  peer(_options, { clock }, send) {
    const field = showing<{ readonly uid: string; seen: boolean }>(clock, () => speak());
    const seen: string[] = [];
    const timers = new Set<Timer>();
    let speaking = false;
    let silent = false;
    let slow = 0;
    let garble = 0;

    const after = (delay: number, label: string, then: () => void) => {
      const timer = clock.after(millis(delay), `rdm6300 peer: ${label}`, () => {
        timers.delete(timer);
        then();
      });
      timers.add(timer);
    };
    const tell = (uid: string) => {
      const check = [0, 2, 4, 6, 8].reduce((sum, at) => sum ^ Number.parseInt(uid.slice(at, at + 2), 16), 0);
      const wrong = garble > 0 ? 0x40 : 0;
      if (garble > 0) garble -= 1;
      const digits = uid + (check ^ wrong).toString(16).padStart(2, "0").toUpperCase();
      const frame = Uint8Array.of(0x02, ...Array.from(digits, (digit) => digit.charCodeAt(0)), 0x03);
      after(slow, "speaks", () => {
        if (!silent) send(frame);
      });
    };
    const speak = () => {
      if (speaking) return;
      speaking = true;
      after(repeat, "repeats itself", () => {
        speaking = false;
        const card = field.present();
        if (card === undefined) return;
        if (!silent) {
          if (!card.seen) seen.push(card.uid);
          card.seen = true;
          tell(card.uid);
        }
        speak();
      });
    };
    const card = (to: unknown) => {
      const uid = String(to).toUpperCase();
      if (!/^[0-9A-F]{10}$/.test(uid)) throw new Error("an EM4100 card has a number of 10 hex digits");
      return { uid, seen: false };
    };

    return {
      knobs,
      hear() {},
      turn(knob, to) {
        switch (knob) {
          case "card":
            return field.once(card(to), tap);
          case "hold":
            return field.hold(card(to));
          case "take-away":
            return field.takeAway();
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
            throw new Error(`an RDM6300 has no knob "${knob}"; it has ${knobs.join(", ")}`);
        }
      },
      truth: () => seen,
      stop() {
        field.takeAway();
        for (const timer of timers) timer.cancel();
        timers.clear();
      },
    };
  },
};

export default definition;
