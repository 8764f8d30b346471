import type { Device } from "../../devices/kit/driver.ts";
import type { Result } from "../../devices/kit/result.ts";
import type { Printer, Slip } from "../../devices/printer/capability.ts";
import type { Noise } from "../kit/wire.ts";
import { patience } from "./bench.ts";
import type { Found } from "./drivers.ts";
import { plugging } from "./plugging.ts";

/** The value of nobody, to be looked for where no value may be. */
export const marker = "173.9";

/** A slip with all that a slip may have. */
export const slip: Slip = [
  { is: "text", text: "健康小屋", size: "large", align: "centre", bold: true },
  { is: "text", text: "Service station 7, Bailong Road", align: "centre" },
  { is: "rule" },
  { is: "pair", left: "血压", right: "128/82\u00a0mmHg", bold: true },
  { is: "pair", left: "Height", right: `${marker}\u00a0cm` },
  { is: "gap" },
  { is: "text", text: "头痛、呕吐、说不清话：立即拨打 120，并请工作人员帮忙。在阴凉处坐下，不要一个人离开。" },
  { is: "text", text: "Severe headache, vomiting, trouble speaking: call 120 now and ask the staff for help." },
  { is: "qr", text: `血压 128/82 mmHg；身高 ${marker} cm。仅供参考，不作诊断。` },
];

/** The words of a slip as they must stand on paper in this order, whatever the width. */
export const wordsOf = (lines: readonly string[]): string =>
  lines
    .map((line) => line.replace(/^\[[a-z ]+\] /, ""))
    .join("")
    .replaceAll(/\s/g, "");

/** Opens a printer's driver on a wire whose other end is its simulated machine. */
export async function putPrinter(one: Found, seed = 1, noise: Partial<Noise> = {}, over: object = {}) {
  const { clock, wire, peer, notes, plugIn } = plugging(one, seed, noise, over);
  const device = await plugIn();
  const printerOf = ({ can }: Device): Printer => {
    if (!can.printer) throw new Error(`${one.profile} prints nothing`);
    return can.printer;
  };
  const print = (what: Slip = slip, on: Device = device): Promise<Result<void>> =>
    clock.finish(printerOf(on).print(what), patience);
  const end = async () => {
    peer.stop();
    await clock.finish(device.close(), patience);
  };
  return { clock, wire, peer, notes, device, printer: printerOf(device), plugIn, print, end };
}
export type PrinterBench = Awaited<ReturnType<typeof putPrinter>>;
