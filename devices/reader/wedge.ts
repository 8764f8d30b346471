import type { DriverDefinition } from "../kit/driver.ts";
import { fault } from "../kit/fault.ts";
import { hear } from "../kit/hearing.ts";
import { err, ok } from "../kit/result.ts";
import { Secret } from "../kit/secret.ts";
import type { Reading } from "./capability.ts";
import { entries, isMoreThanKeyHit, readKeyboard, type HalfEntry, type Typed } from "./wedge-keys.ts";
import { readOptions, type WedgeOptions } from "./wedge-options.ts";

const model = "keyboard reader";
const lastUid = 0xffff_ffff;

/** What a card's number stands for; nothing where it is no number of such a card. */
function uidOf(text: string, { reads, number, backwards }: WedgeOptions): string | undefined {
  let uid: string;
  if (number === "decimal") {
    // 8H10D: ten digits of the last four bytes [B18, B19].
    if (!/^\d{10}$/.test(text) || Number(text) > lastUid) return undefined;
    uid = Number(text).toString(16).padStart(8, "0").toUpperCase();
  } else {
    const lengths = reads === "em4100" ? [8, 10] : [8, 14, 20];
    if (!/^[\dA-Fa-f]*$/.test(text) || !lengths.includes(text.length)) return undefined;
    uid = text.toUpperCase();
  }
  return backwards ? (uid.match(/../g) ?? []).reverse().join("") : uid;
}

/**
 * A reader or scanner that types as a keyboard does. The kiosk takes its keys alone: nothing of them reaches the
 * system, and only digits, letters and the end key mean anything. It is never asked anything.
 */
const driver: DriverDefinition<WedgeOptions, "reports"> = {
  id: "wedge",
  provides: ["reader"],
  port: "reports",
  remembers: false,
  options: readOptions,
  async open({ port, clock, options, note }) {
    const keyboard = readKeyboard(port.descriptor);
    if (!keyboard.ok) return err(fault("misconfigured", `${port.label}: ${keyboard.error}`));
    const { reads, suffix, uppercase, gapMs } = options;
    const unread: Reading = { is: "unread", of: reads === "codes" ? "code" : "card" };
    let foreign = 0;

    const means = (typed: Typed): Reading | undefined => {
      if (typed.is === "spoiled") return unread;
      if (typed.is === "foreign") {
        foreign += 1;
        // The first, the tenth, the hundredth: a jammed key must not fill the log.
        if (/^10*$/.test(`${foreign}`)) note("keyboard-ignored", { why: "a key that no reader types", times: foreign });
        return undefined;
      }
      if (reads === "codes") return { is: "text", text: new Secret(uppercase ? typed.text.toUpperCase() : typed.text) };
      const uid = uidOf(typed.text, options);
      return uid === undefined ? unread : { is: "card", technology: reads, uid: new Secret(uid) };
    };
    const brokenOff = (half: HalfEntry) => (isMoreThanKeyHit(half) ? unread : undefined);
    const hearing = hear(port, clock, { framer: entries(keyboard.value, suffix, gapMs), means, brokenOff });
    return ok({
      can: { reader: { seen: (sink) => hearing.seen(sink) } },
      async identify() {
        const gone = hearing.gone();
        return gone ? err(gone) : ok({ model });
      },
      async selfTest() {
        const gone = hearing.gone();
        if (gone) return err(gone);
        const entry = reads === "codes" ? "a code" : `the number of a card (${reads}, ${options.number})`;
        return ok([
          `The reader types ${entry} and ends it with ${suffix === "enter" ? "Enter" : "Tab"}.`,
          `${foreign} entries were dropped since the opening because of keys that no reader types.`,
        ]);
      },
      close: async () => hearing.close(),
    });
  },
};

export default driver;
