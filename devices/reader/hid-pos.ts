import { withoutAim } from "../kit/aim.ts";
import type { DriverDefinition } from "../kit/driver.ts";
import { fault } from "../kit/fault.ts";
import { hear } from "../kit/hearing.ts";
import { err, ok } from "../kit/result.ts";
import { Secret } from "../kit/secret.ts";
import type { Reading } from "./capability.ts";
import { readLayout, scans, type HalfScan, type Scan } from "./hid-pos-report.ts";

const model = "HID POS scanner";
const unread: Reading = { is: "unread", of: "code" };

/** End marks that many scanners are set to add. */
const endMarks: readonly (number | undefined)[] = [0x0d, 0x0a, 0x09];
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function textOf(bytes: Uint8Array): string | undefined {
  const end = bytes.findLastIndex((byte) => !endMarks.includes(byte)) + 1;
  try {
    return end > 0 ? utf8.decode(bytes.subarray(0, end)) : undefined;
  } catch {
    return undefined;
  }
}

function means(scan: Scan): Reading | undefined {
  if (scan.is === "damaged") return unread;
  // "]Z" is no code: the scanner itself says something, such as the answer to a code that set it up [ISO/IEC 15424].
  if (scan.symbology.startsWith("]Z")) return undefined;
  const text = textOf(scan.bytes);
  if (text === undefined) return unread;
  const { symbology } = withoutAim(scan.symbology);
  return { is: "text", text: new Secret(text), ...(symbology && { symbology }) };
}

const brokenOff = (_half: HalfScan): Reading => unread;

/** A scanner that is set to USB HID POS: it tells codes as data and not as keys. It is never asked anything. */
const driver: DriverDefinition<Readonly<Record<string, never>>, "reports"> = {
  id: "hid-pos",
  provides: ["reader"],
  port: "reports",
  remembers: false,
  options(raw) {
    if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return err(["options: expected an object"]);
    const unknown = Object.keys(raw);
    return unknown.length === 0 ? ok({}) : err(unknown.map((name) => `${name}: a HID POS scanner has no options`));
  },
  async open({ port, clock }) {
    const layout = readLayout(port.descriptor);
    if (!layout.ok) return err(fault("misconfigured", `${port.label}: ${layout.error}`));
    const { data, report, continued } = layout.value;
    const hearing = hear(port, clock, { framer: scans(layout.value), means, brokenOff });
    return ok({
      can: { reader: { seen: (sink) => hearing.seen(sink) } },
      async identify() {
        const gone = hearing.gone();
        return gone ? err(gone) : ok({ model });
      },
      async selfTest() {
        const gone = hearing.gone();
        if (gone) return err(gone);
        return ok([
          `The scanner reports codes in report ${report}, ${data.count} bytes at a time${continued ? "; longer ones in parts" : ""}.`,
          `${hearing.junk()} bytes since the opening were no part of a code.`,
        ]);
      },
      close: async () => hearing.close(),
    });
  },
};

export default driver;
