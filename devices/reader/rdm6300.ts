import type { Device, DriverDefinition } from "../kit/driver.ts";
import { hear } from "../kit/hearing.ts";
import { err, ok, type Result } from "../kit/result.ts";
import { Secret } from "../kit/secret.ts";
import type { Reading } from "./capability.ts";
import { framer } from "./rdm6300-wire.ts";

// A reader of EM4100 cards that only speaks. Such a card proves nothing: it is copied in seconds [B4].

const driver: DriverDefinition<object, "bytes"> = {
  id: "rdm6300",
  provides: ["reader"],
  port: "bytes",
  remembers: false,
  options(raw): Result<object, readonly string[]> {
    if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return err(["options: expected an object"]);
    const mistakes = Object.keys(raw).map((name) => `${name}: an RDM6300 has no options`);
    return mistakes.length > 0 ? err(mistakes) : ok({});
  },

  async open({ port, clock }) {
    const cards = hear<string, Uint8Array, Reading>(port, clock, {
      framer,
      means: (uid) => ({ is: "card", technology: "em4100", uid: new Secret(uid) }),
    });

    const device: Device = {
      can: { reader: { seen: (sink) => cards.seen(sink) } },
      // It cannot be asked: it lives as long as its wire does.
      async identify() {
        const why = cards.gone();
        return why ? err(why) : ok({ model: "RDM6300" });
      },
      async selfTest() {
        const why = cards.gone();
        if (why) return err(why);
        return ok([
          "the line is open; whether the reader lives shows only when it reads: hold a card to it",
          `noise on the line: ${cards.junk()} bytes since it was opened`,
        ]);
      },
      async close() {
        cards.close();
      },
    };
    return ok(device);
  },
};

export default driver;
