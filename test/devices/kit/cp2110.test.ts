import * as fc from "fast-check";
import { expect, test } from "vitest";
import { bytesOf, openUart, reportsOf } from "../../../devices/kit/cp2110.ts";
import { cp2110Chip, cp2110Descriptor } from "../../../devices/kit/cp2110-chip.ts";
import { fault, type Fault } from "../../../devices/kit/fault.ts";
import { readReportDescriptor } from "../../../devices/kit/hid-descriptor.ts";
import type { ReportPort, Sink } from "../../../devices/kit/port.ts";
import { err, ok, type Result } from "../../../devices/kit/result.ts";
import { hex, unhex } from "../../kit/wire.ts";

/** A plug whose reports go to `took`, and that refuses what it is told to refuse. */
function plug(refuses: (report: Uint8Array) => Fault | undefined = () => undefined) {
  const took: Uint8Array[] = [];
  const sinks = new Set<Sink<Uint8Array>>();
  const take = async (report: Uint8Array): Promise<Result<void>> => {
    const why = refuses(report);
    if (why) return err(why);
    took.push(report);
    return ok(undefined);
  };
  const port: ReportPort = {
    label: "plug",
    descriptor: cp2110Descriptor,
    send: take,
    feature: take,
    askFeature: async () => err(fault("refused", "none")),
    listen(sink) {
      sinks.add(sink);
      return { stop: () => void sinks.delete(sink) };
    },
  };
  return { port, took, sinks };
}

async function uart(port: ReportPort, baud: number) {
  const opened = await openUart(port, baud);
  if (!opened.ok) throw new Error(opened.error.detail);
  return opened.value;
}

test("is set to the speed of a TaiDoc meter and enabled by the two feature reports that are printed for it", async () => {
  const { port, took } = plug();
  await uart(port, 19_200);
  expect(took.map(hex)).toEqual(["50 00 00 4B 00 00 00 03 00", "41 01"]);
});

test("a chip that refuses to be set up, or goes meanwhile, does not open", async () => {
  for (const number of [0x50, 0x41]) {
    const { port } = plug(([first]) => (first === number ? fault("no-device", "unplugged") : undefined));
    expect(await openUart(port, 9600)).toEqual(err(fault("no-device", "unplugged")));
  }
});

test("bytes go out in reports of at most 63, whose number is their length; the first that fails is told", async () => {
  const { port, took } = plug((report) => (report.length === 5 ? fault("no-device", "unplugged") : undefined));
  const line = await uart(port, 9600);
  expect(await line.send(Uint8Array.from({ length: 130 }, (_, i) => i))).toEqual(err(fault("no-device", "unplugged")));
  expect(took.slice(2).map(([number = 0, ...data]) => [number, data[0], data.length])).toEqual([
    [63, 0, 63],
    [63, 63, 63],
  ]);
});

test("of a report only so many bytes are the line's as its number says; others of the chip are none", async () => {
  const { port, sinks } = plug();
  const line = await uart(port, 9600);
  const heard: string[] = [];
  const lost: string[] = [];
  const ear = line.listen({ heard: (bytes) => heard.push(hex(bytes)), lost: (why) => lost.push(why.detail) });
  const say = (report: string) => sinks.forEach((sink) => sink.heard(unhex(report)));
  say("03 51 22 00 00 00 00");
  say("00 51 22");
  say("41 01");
  say("04 51 22");
  say("");
  expect(heard).toEqual(["51 22 00"]);
  for (const sink of Array.from(sinks)) sink.lost(fault("no-device", "unplugged"));
  expect(lost).toEqual(["unplugged"]);
  ear.stop();
  expect(sinks.size).toBe(0);
});

test("whatever is sent comes out the same at the other end, and nothing before the speeds agree", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      const heard: number[] = [];
      const back: number[] = [];
      const chip = cp2110Chip(
        19_200,
        (report) => back.push(...bytesOf(report)),
        (some) => heard.push(...some),
      );
      const speak = () => {
        for (const report of reportsOf(bytes)) chip.hear(report);
        chip.say(bytes);
      };
      speak();
      chip.hear(unhex("50 00 00 25 80 00 00 03 00"));
      chip.hear(unhex("41 01"));
      speak();
      expect([heard, back]).toEqual([[], []]);
      chip.hear(unhex("50 00 00 4B 00 00 00 03 00"));
      speak();
      expect([heard, back]).toEqual([Array.from(bytes), Array.from(bytes)]);
    }),
  );
});

test("its descriptor has reports 1 to 63 both ways, each as long as its number, and the two that set it up", () => {
  const read = readReportDescriptor(cp2110Descriptor);
  if (!read.ok) throw new Error(read.error);
  for (const kind of ["input", "output"])
    expect(read.value.filter((field) => field.kind === kind).map(({ report, count }) => [report, count])).toEqual(
      Array.from({ length: 63 }, (_, i) => [i + 1, i + 1]),
    );
  expect(read.value.filter(({ kind }) => kind === "feature").map(({ report, count }) => [report, count])).toEqual([
    [0x41, 1],
    [0x50, 8],
  ]);
});
