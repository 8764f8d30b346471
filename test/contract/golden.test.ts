import { describe, expect, test } from "vitest";
import { dice } from "../kit/dice.ts";
import { hex, unhex } from "../kit/wire.ts";
import { found, meters, readers, vending } from "./drivers.ts";
import { listenTo, openOnList, play, transcriptsOf, type Chunks, type Transcript } from "./transcript.ts";

describe.each(found)("$profile", (one) => {
  const transcripts = transcriptsOf(one);

  test("has transcripts, and each names its source", () => {
    expect(transcripts.length).toBeGreaterThan(0);
  });

  test.each(transcripts)("keeps to the transcript $name byte for byte", async (transcript) => {
    await expect(play(one, transcript)).resolves.toBeUndefined();
  });

  // Reports of a HID device and words of the PC/SC service come whole.
  const cuttable = one.driver.port === "bytes" ? transcripts : [];
  test.each(cuttable)("understands $name however the bytes are cut", async (transcript) => {
    const bytewise: Chunks = (bytes) => Array.from(bytes, (byte) => Uint8Array.of(byte));
    await expect(play(one, transcript, bytewise)).resolves.toBeUndefined();
    for (let seed = 0; seed < 10; seed++) {
      const { between } = dice(seed);
      const anywhere: Chunks = (bytes) => {
        const cut = between(0, bytes.length + 1);
        return [bytes.slice(0, cut), bytes.slice(cut)].filter((chunk) => chunk.length > 0);
      };
      await expect(play(one, transcript, anywhere)).resolves.toBeUndefined();
    }
  });

  // The self-test counts the noise, so its own sentence changes. Where nothing is checked garbage is part of a text.
  const sturdy = one.checked ? cuttable : [];
  test.each(sturdy.filter(({ lines }) => !lines.some((line) => line.startsWith("@ self-test"))))(
    "understands $name with garbage before every frame",
    async (transcript) => {
      const behindGarbage: Chunks = (bytes) => [Uint8Array.of(0x99, 0x13, 0xff, ...bytes)];
      await expect(play(one, transcript, behindGarbage)).resolves.toBeUndefined();
    },
  );

  test("a transcript with one wrong byte is refused, so the oracle can say no", async () => {
    const spoil = ({ name, lines }: Transcript, mark: string) => {
      const at = lines.findIndex((line) => line.startsWith(mark));
      const spoiled = (lines[at] ?? "").replace(/\w(?=\W*$)/, (last) => (last === "0" ? "1" : "0"));
      return { name, lines: lines.map((line, i) => (i === at ? spoiled : line)) };
    };
    const having = (mark: string) => transcripts.find(({ lines }) => lines.some((line) => line.startsWith(mark)));
    const spoken = having(">");
    const heard = having("+");
    // Some readers are never spoken to.
    if (spoken) await expect(play(one, spoil(spoken, ">"))).rejects.toThrow("the kiosk said");
    else if (heard) await expect(play(one, spoil(heard, "+"))).rejects.toThrow("the listener heard");
    expect(spoken ?? heard).toBeDefined();
  });
});

describe.each(readers.filter(({ checked, driver }) => checked && driver.port === "bytes"))("$profile", (one) => {
  const told = transcriptsOf(one).filter(({ lines }) => lines.some((line) => line.startsWith("+")));

  test.each(told)("takes no reading of $name in which one bit is flipped", async ({ name, lines }) => {
    const reading = lines.findIndex((line) => line.startsWith("+"));
    const at = lines.slice(0, reading).findLastIndex((line) => line.startsWith("<"));
    const before = lines.slice(0, reading + 1);
    const bytes = unhex((lines[at] ?? "").slice(2));
    await expect(play(one, { name, lines: before })).resolves.toBeUndefined();
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = hex(bytes.with(bit >> 3, (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))));
      const heard = await listenTo(one, before.with(at, `< ${flipped}`).slice(0, -1));
      expect(
        heard.filter((reading) => !reading.includes('"unread"')),
        flipped,
      ).toEqual([]);
    }
  });
});

/** Instruments whose check tells a flipped bit, with the transcripts in which they give a reading. */
const checkedMeters = meters
  .filter(({ checked }) => checked)
  .map((one) => ({ ...one, told: transcriptsOf(one).filter(({ lines }) => lines.some(isMeasured)) }))
  .filter(({ told }) => told.length > 0);

function isMeasured(line: string): boolean {
  return line.startsWith('+ {"item"');
}

describe.each(checkedMeters)("$profile", ({ told, ...one }) => {
  // What lies beside the checked bytes, such as the padding of a report, changes nothing.
  test.each(told)("takes nothing false of $name in which one bit is flipped", async ({ lines }) => {
    const reading = lines.findIndex(isMeasured);
    const before = lines.slice(0, reading).filter((line) => !line.startsWith("+"));
    const at = before.findLastIndex((line) => line.startsWith("<"));
    const measured = async (said: readonly string[]) =>
      (await listenTo(one, said)).filter((heard) => heard.includes('"item"') && !heard.includes('"preview"'));
    const right = await measured(before);
    expect(right).not.toEqual([]);
    const bytes = unhex((before[at] ?? "").slice(2));
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = hex(bytes.with(bit >> 3, (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))));
      const heard = await measured(before.with(at, `< ${flipped}`));
      if (heard.length > 0) expect(heard, flipped).toEqual(right);
    }
  });
});

describe.each(vending)("$profile", (one) => {
  const releases = transcriptsOf(one).filter(({ lines }) => lines.some((line) => line.startsWith("@ release")));

  test.each(releases)("takes no frame of $name in which one bit is flipped", async ({ lines }) => {
    const start = lines.findIndex((line) => line.startsWith("@ release"));
    const [, , slot = ""] = (lines[start] ?? "").split(" ");
    for (let bit = 0; bit < 64; bit++) {
      const { clock, says, device } = await openOnList(one, lines);
      for (const line of lines.slice(0, start)) {
        if (line.startsWith("<")) says(unhex(line.slice(2)));
        await clock.pass(line.startsWith("~") ? Number(line.slice(2)) : 0);
      }
      const release = device()?.can.vending?.release(slot, 1);
      if (!release) throw new Error("the driver has not opened");
      await clock.pass(0);
      for (const line of lines.slice(start + 1).filter((line) => line.startsWith("<"))) {
        const bytes = unhex(line.slice(2));
        const at = bit % (bytes.length * 8);
        bytes[at >> 3] = (bytes[at >> 3] ?? 0) ^ (1 << (at & 7));
        says(bytes);
        await clock.pass(0);
      }
      const delivery = await clock.finish(release);
      // Unknown, or not even sent because no frame came that would have let us speak.
      if (delivery.kind !== "unknown") expect(delivery).toMatchObject({ kind: "not-delivered", started: false });
      if (delivery.kind === "not-delivered") expect(delivery.fault.kind).toBe("silent");
    }
  });
});
