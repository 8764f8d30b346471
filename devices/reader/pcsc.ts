import { seconds } from "../kit/clock.ts";
import type { Device, DriverDefinition } from "../kit/driver.ts";
import { fault } from "../kit/fault.ts";
import { err, ok, type Result } from "../kit/result.ts";
import { Secret } from "../kit/secret.ts";
import type { Reading } from "./capability.ts";
import { openTalk } from "./pcsc-talk.ts";

// Contactless readers behind the machine's PC/SC service, of the ACR1252U kind [B6]. The service finds the cards and
// speaks ISO 14443 with them; what is left is to ask for the number, and to pass commands on.

/** Get Data: the card's UID [E31; PC/SC part 3, 3.2.2.1.3]. The reader answers it, not the card. */
const askForUid = Uint8Array.of(0xff, 0xca, 0x00, 0x00, 0x00);
/** The service itself waits as long as the card may think; nothing asked here takes a card a second. */
const patience = seconds(5);
/** Of ISO 14443A cards [ISO/IEC 14443-3, 6.5.4]; a single one that begins so is made up anew each time. */
const uidLengths = [4, 7, 10];
const madeUp = 0x08;
/** A command of the short form: head, length, 255 bytes, length wanted [ISO/IEC 7816-4, 5.1]. */
const longestCommand = 261;

/** Historical bytes of a card that only stores, up to the provider's name; the byte behind says by which standard [PC/SC part 3, 3.1.3.2.3]. */
const storage = [0x80, 0x4f, 0x0c, 0xa0, 0x00, 0x00, 0x03, 0x06];
/** ISO 14443A, parts 1 to 3. */
const typeA = [0x01, 0x02, 0x03];

type Kind = "speaks" | "stores" | "other";

/** What an answer to reset says of a contactless card: the service makes one up for each [PC/SC part 3, 3.1.3.2.3]. */
export function kindOf(atr: Uint8Array): Kind {
  const [first, format = 0, second, third] = atr;
  if (first !== 0x3b || (format & 0xf0) !== 0x80 || second !== 0x80 || third !== 0x01) return "other";
  const historical = atr.subarray(4, 4 + (format & 0x0f));
  if (storage.some((byte, i) => historical[i] !== byte)) return "speaks";
  return typeA.includes(historical[8] ?? 0) ? "stores" : "other";
}

const hex = (bytes: Uint8Array) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join("");

/** The number in an answer to `askForUid`; none where the reader knows none (63 00, 6A 81) or it would mean nobody. */
export function uidIn(answer: Uint8Array): string | undefined {
  const uid = answer.subarray(0, -2);
  const good = answer.at(-2) === 0x90 && answer.at(-1) === 0x00;
  if (!good || !uidLengths.includes(uid.length) || (uid.length === 4 && uid[0] === madeUp)) return undefined;
  return hex(uid);
}

function readOptions(raw: unknown): Result<object, readonly string[]> {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return err(["options: expected an object"]);
  const mistakes = Object.keys(raw).map((name) => `${name}: a PC/SC reader has no options`);
  return mistakes.length > 0 ? err(mistakes) : ok({});
}

/** The time from a card's coming to its going. */
interface Stay {
  reading?: Reading;
}

const driver: DriverDefinition<object, "cards"> = {
  id: "pcsc",
  provides: ["reader"],
  port: "cards",
  remembers: false,
  options: readOptions,

  async open({ port, clock }) {
    const talk = openTalk(port, clock, patience);
    const sinks = new Set<{ readonly told: (reading: Reading) => void }>();
    let stay: Stay | undefined;

    const meet = async (mine: Stay, kind: Kind): Promise<void> => {
      const answer = kind === "other" ? undefined : await talk.ask(askForUid);
      if (stay !== mine) return;
      const uid = answer?.ok ? uidIn(answer.value) : undefined;
      const exchange = (command: Uint8Array) => pass(mine, command);
      mine.reading =
        uid === undefined
          ? { is: "unread", of: "card" }
          : {
              is: "card",
              technology: "iso14443a",
              uid: new Secret(uid),
              ...(kind === "speaks" ? { exchange } : {}),
            };
      for (const { told } of Array.from(sinks)) told(mine.reading);
    };

    const pass = async (mine: Stay, command: Uint8Array): Promise<Result<Uint8Array>> => {
      const went = err(fault("no-device", "the card went"));
      if (stay !== mine) return went;
      if (command.length > longestCommand)
        return err(fault("misconfigured", `a card takes at most ${longestCommand} bytes: use short commands`));
      const answer = await talk.ask(command);
      // Another card may lie there by now.
      return stay === mine ? answer : went;
    };

    talk.listen({
      card(atr) {
        const mine: Stay = {};
        stay = mine;
        void meet(mine, kindOf(atr));
      },
      gone() {
        stay = undefined;
      },
    });

    const device: Device = {
      can: {
        reader: {
          seen(sink) {
            const mine = { told: sink };
            if (!talk.lost()) sinks.add(mine);
            // It lay there before anybody listened.
            if (stay?.reading && sinks.has(mine)) sink(stay.reading);
            return { stop: () => void sinks.delete(mine) };
          },
        },
      },
      // Without a card there is nothing that could be asked: the service tells when the reader is lost.
      async identify() {
        const lost = talk.lost();
        return lost ? err(lost) : ok({ model: port.label });
      },
      async selfTest() {
        const lost = talk.lost();
        return lost ? err(lost) : ok([port.label, stay ? "a card lies on it" : "no card lies on it"]);
      },
      async close() {
        stay = undefined;
        sinks.clear();
        talk.close();
      },
    };
    return ok(device);
  },
};

export default driver;
