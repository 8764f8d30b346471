import type { Device, DriverDefinition, Identity } from "../kit/driver.ts";
import { err, ok, type Result } from "../kit/result.ts";
import { openChip } from "./pn532-chip.ts";
import { watchField } from "./pn532-field.ts";

// NXP's PN532 at its high-speed UART, as it sits on cheap NFC modules [B20, B21]. It reads the numbers of ISO 14443A cards,
// and passes commands on to those that speak ISO 14443-4.

function readOptions(raw: unknown): Result<object, readonly string[]> {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return err(["options: expected an object"]);
  const mistakes = Object.keys(raw).map((name) => `${name}: a PN532 has no options`);
  return mistakes.length > 0 ? err(mistakes) : ok({});
}

const driver: DriverDefinition<object, "bytes"> = {
  id: "pn532",
  provides: ["reader"],
  port: "bytes",
  remembers: false,
  options: readOptions,

  async open({ port, clock }) {
    const chip = openChip(port, clock);
    const field = watchField(chip, clock);
    const ready = await chip.wake();
    if (!ready.ok) {
      chip.close();
      return ready;
    }
    const identify = async (): Promise<Result<Identity>> => {
      const firmware = await chip.firmware();
      return firmware.ok ? ok({ model: "PN532", firmware: firmware.value }) : firmware;
    };
    const device: Device = {
      can: { reader: { seen: (sink) => field.seen(sink) } },
      identify,
      async selfTest() {
        const known = await identify();
        if (!known.ok) return known;
        return ok([
          `firmware ${known.value.firmware}`,
          field.taken() ? "something lies in the field" : "nothing lies in the field",
          `noise on the line: ${chip.junk()} bytes since it was opened`,
        ]);
      },
      async close() {
        field.close();
        chip.close();
      },
    };
    return ok(device);
  },
};

export default driver;
