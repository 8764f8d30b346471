import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { openSerial } from "../../../devices/port/serial.ts";
import { layLine, yizhan, type Line } from "../../kit/line.ts";

// The real command, the real serialport, the real ledger; the machine is another process at a pseudo-terminal.

let line: Line | undefined;
afterEach(async () => {
  await line?.end();
  line = undefined;
});

const objects = (out: string) =>
  out
    .split("\n")
    .filter((text) => text !== "")
    .map((text) => JSON.parse(text) as Readonly<Record<string, unknown>>);

test.each(["xy-v3", "tcn"])("a %s on a real line is told apart, tested and made to give", async (profile) => {
  line = await layLine(profile);
  const { code, out, complaint } = await yizhan(
    "test",
    "--profile",
    profile,
    "--path",
    line.near,
    "--release",
    "3",
    "--seconds",
    "0",
    "--json",
  );
  expect(complaint).toBe("");
  const found = objects(out);
  expect(found.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(["identity", "self-test", "temperature", "delivery"]),
  );
  expect(found).toContainEqual(
    expect.objectContaining({ kind: "delivery", slot: "3", delivery: "delivered", evidence: "drop-sensor" }),
  );
  expect(code).toBe(0);
  expect(await line.fell()).toEqual(["3"]);
});

test("a jam is told, with exit code 1, and nothing fell", async () => {
  line = await layLine("xy-v3", { slots: 6 });
  await line.turn("fast", true);
  await line.turn("jam", "2");
  const { code, out } = await yizhan(
    "test",
    "--profile",
    "xy-v3",
    "--path",
    line.near,
    "--option",
    "slots=6",
    "--release",
    "2",
    "--seconds",
    "0",
  );
  expect(out).toContain("Slot 2: not delivered: jammed");
  expect(code).toBe(1);
  expect(await line.fell()).toEqual([]);
});

/** The example station with its one device at this line. */
function station({ folder, near }: Line): { readonly config: string; readonly data: string } {
  const config = join(folder, "config");
  const data = join(folder, "data");
  for (const made of [config, data]) mkdirSync(made);
  const example = JSON.parse(readFileSync("config/station.example.json", "utf8")) as { devices: { id: string }[] };
  const devices = example.devices.map((device) =>
    device.id === "vend" ? { ...device, wiring: { by: "path", match: near } } : device,
  );
  writeFileSync(join(config, "station.json"), JSON.stringify({ ...example, devices }));
  return { config, data };
}

test("a device of a station is wired as there, and its test vend stands in the ledger", async () => {
  line = await layLine("xy-v3");
  await line.turn("fast", true);
  const { config, data } = station(line);
  const tried = await yizhan("test", "vend", "--config", config, "--data", data, "--release", "1", "--seconds", "0");
  expect(tried.complaint).toBe("");
  expect(tried.out).toContain("Slot 1: delivered, proven by drop-sensor");
  expect(tried.code).toBe(0);
  expect(await line.fell()).toEqual(["1"]);

  const kept = await yizhan("ledger", "export", "--data", data);
  expect(kept.out).toContain('"test-vend"');
  expect(kept.out).toContain('"test-outcome"');
  expect(kept.out.indexOf("test-vend")).toBeLessThan(kept.out.indexOf("test-outcome"));
  expect((await yizhan("ledger", "verify", "--data", data)).code).toBe(0);
});

test("a device that a station does not have is a sentence", async () => {
  line = await layLine("xy-v3");
  const { config } = station(line);
  const { code, complaint } = await yizhan("test", "vendd", "--config", config);
  expect(complaint).toBe('The station file has no device "vendd"; did you mean "vend"?\n');
  expect(code).toBe(1);
});

test("a line that another program holds is a sentence, and so is one that is not there", async () => {
  line = await layLine("xy-v3");
  const held = await openSerial({ by: "path", match: line.near });
  if (!held.ok) throw new Error(held.error.detail);
  const busy = await yizhan("test", "--profile", "xy-v3", "--path", line.near, "--seconds", "0");
  await held.value.close();
  expect(busy).toMatchObject({ code: 1, out: expect.stringContaining("is in use by another program") });
  const absent = await yizhan("test", "--profile", "xy-v3", "--path", `${line.near}-not`, "--seconds", "0");
  expect(absent).toMatchObject({ code: 1, out: expect.stringContaining("is the cable plugged in?") });
});

test.each<[readonly string[], string]>([
  [[], "Say which device: an id with --config, or --profile with --path."],
  [["vend"], "A device id needs --config, the folder with its station file."],
  [["--config", "."], "Say which device of the station file, such as: test vend."],
  [
    ["vend", "--config", ".", "--path", "/dev/null"],
    "A device of a station file is wired and set there: leave out --profile, --path and --option.",
  ],
  [
    ["vend", "--config", ".", "--release", "1"],
    "A test vend at a station is written into its ledger first: say where with --data.",
  ],
])("test %j is not understood, and says what is", async (words, sentence) => {
  const { code, complaint } = await yizhan("test", ...words);
  expect(complaint).toBe(`${sentence} Add --help to see how it is written.\n`);
  expect(code).toBe(2);
});

test("a model on a serial line cannot be found without its path, and says so", async () => {
  const { code, complaint } = await yizhan("test", "--profile", "xy-v3");
  expect(complaint).toBe("Say where the xy-v3 is plugged in, with --path.\n");
  expect(code).toBe(1);
});

test("options that the driver does not take are named", async () => {
  const { code, complaint } = await yizhan(
    "test",
    "--profile",
    "xy-v3",
    "--path",
    "/dev/null",
    "--option",
    "slots=0",
    "lift=maybe",
  );
  expect(complaint).toBe(
    "--option: slots: expected a whole number from 1 to 999\n--option: lift: expected true or false\n",
  );
  expect(code).toBe(1);
});

test("a printer on a real line prints a test slip as wide as its paper; without paper that is told, with exit code 1", async () => {
  line = await layLine("escpos-58");
  const words = ["test", "--profile", "escpos-58", "--path", line.near, "--print", "--seconds", "0", "--json"];
  const { code, out, complaint } = await yizhan(...words);
  expect(complaint).toBe("");
  expect(objects(out).map(({ kind }) => kind)).toEqual(["identity", "self-test", "self-test", "printed"]);
  expect(code).toBe(0);
  const printed = await line.fell();
  expect(printed).toContain("12345678901234567890123456789012");
  expect(printed).toContainEqual(expect.stringMatching(/^\[bold\] \S+ +000 μmol\/L$/));
  expect(printed.join("\n")).not.toMatch(/\[(broken|unknown)/);

  await line.turn("paper", 0);
  const without = await yizhan(...words);
  expect(objects(without.out)).toContainEqual(
    expect.objectContaining({ kind: "fault", during: "print", fault: "empty" }),
  );
  expect(without.code).toBe(1);
});
