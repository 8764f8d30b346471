import { actor } from "../kit/acting.ts";
import { millis } from "../kit/clock.ts";
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
    const voice = actor("rdm6300", clock, send);
    let speaking = false;

    const tell = (uid: string) => {
      const check = [0, 2, 4, 6, 8].reduce((sum, at) => sum ^ Number.parseInt(uid.slice(at, at + 2), 16), 0);
      const wrong = voice.spoils() ? 0x40 : 0;
      const digits = uid + (check ^ wrong).toString(16).padStart(2, "0").toUpperCase();
      const frame = Uint8Array.of(0x02, ...Array.from(digits, (digit) => digit.charCodeAt(0)), 0x03);
      voice.say(frame);
    };
    const speak = () => {
      if (speaking) return;
      speaking = true;
      voice.after(repeat, "repeats itself", () => {
        speaking = false;
        const card = field.present();
        if (card === undefined) return;
        if (!voice.silent()) {
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
          default:
            if (!voice.turn(knob, to)) throw new Error(`an RDM6300 has no knob "${knob}"; it has ${knobs.join(", ")}`);
        }
      },
      truth: () => seen,
      stop() {
        field.takeAway();
        voice.stop();
      },
    };
  },
};

export default definition;
