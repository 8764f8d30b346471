import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { Device } from "../../devices/kit/driver.ts";
import { fault, type FaultKind } from "../../devices/kit/fault.ts";
import type { CardPort, FilePort, GattDoing, GattPort, Port, ReportPort, Sink, Wires } from "../../devices/kit/port.ts";
import { err, ok } from "../../devices/kit/result.ts";
import type { Slip } from "../../devices/printer/capability.ts";
import type { Reading } from "../../devices/reader/capability.ts";
import { manualClock, type ManualClock } from "../kit/clock.ts";
import { doingText, gattWord } from "../kit/gatt-wire.ts";
import { hex, unhex } from "../kit/wire.ts";
import { readOptions } from "./bench.ts";
import type { Found, Sent } from "./drivers.ts";
import { measurements } from "./transcript-meter.ts";

// Plays a transcript of test/golden against a driver. The form of the lines is in test/golden/README.md.

const folder = new URL("../golden/", import.meta.url);

export interface Transcript {
  readonly name: string;
  readonly lines: readonly string[];
}

/** None where there is no folder: the contract says so of that protocol alone. */
export const transcriptsOf = ({ protocol }: Found): readonly Transcript[] =>
  (existsSync(new URL(`${protocol}/`, folder)) ? readdirSync(new URL(`${protocol}/`, folder)) : [])
    .filter((file) => file.endsWith(".txt"))
    .sort((a, b) => a.localeCompare(b))
    .map((file) => ({
      name: file.replace(/\.txt$/, ""),
      lines: readFileSync(new URL(`${protocol}/${file}`, folder), "utf8")
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line !== "" && !line.startsWith("#")),
    }));

/** Those of the profile, but for what the transcript says of them. */
export const optionsOf = (one: Found, lines: readonly string[]): unknown =>
  readOptions(
    one,
    Object.fromEntries(
      lines.flatMap((line) => {
        const match = /^! (\w+) = (.*)$/.exec(line);
        return match?.[1] ? [[match[1], JSON.parse(match[2] ?? "")]] : [];
      }),
    ),
  );

/** The driver at one end, a list of bytes at the other. */
export async function openOnList(one: Found, lines: readonly string[]) {
  const clock = manualClock();
  const said: string[] = [];
  const sinks = new Set<Sink<Sent>>();
  const plain: Port<Saying, Sent> = {
    label: "transcript",
    async send(out) {
      if (out === "read") said.push(out);
      else said.push(out instanceof Uint8Array ? hex(out) : doingText(out));
      return ok(undefined);
    },
    listen(sink) {
      sinks.add(sink);
      return { stop: () => void sinks.delete(sink) };
    },
  };
  const options = optionsOf(one, lines);
  const printed = lines.find((line) => line.startsWith("%"));
  const descriptor = printed ? unhex(printed.slice(2)) : one.peer.descriptor?.(options);
  const opening = one.driver.open({ id: "golden", options, port: wireOf(plain, descriptor), clock, note() {} });
  let device: Device | undefined;
  void opening.then((opened) => {
    if (opened.ok) device = opened.value;
    return opened;
  });
  const says = (sent: Sent) => sinks.forEach((sink) => sink.heard(sent));
  return { clock, said, says, device: () => device };
}

/** What the kiosk says over all kinds of wires. */
type Saying = Uint8Array | GattDoing | "read";

/** The driver takes of it what its kind of wire has. */
function wireOf(plain: Port<Saying, Sent>, descriptor: Uint8Array = new Uint8Array()): Wires[keyof Wires] {
  const none = async () => err(fault("refused", "a transcript answers no feature report"));
  const port: Omit<ReportPort & CardPort & GattPort & FilePort, "listen" | "send"> & typeof plain = {
    ...plain,
    descriptor,
    feature: plain.send,
    askFeature: none,
  };
  return port;
}

/** What a line of the machine says. */
export function sentBy(line: string): Sent {
  const [word = "", more = ""] = line.slice(2).split(/ (.*)/);
  if (word === "card") return { is: "card", atr: unhex(more) };
  if (word === "gone") return { is: "gone" };
  if (word === "no-answer") return { is: "no-answer", why: fault(more as FaultKind, "in a transcript") };
  return gattWord(line.slice(2)) ?? unhex(line.slice(2));
}

export type Chunks = (bytes: Uint8Array) => readonly Uint8Array[];
const wholeFrames: Chunks = (bytes) => [bytes];

/** Throws where the driver says, or concludes, anything else than the transcript. */
export async function play(one: Found, { lines }: Transcript, chunks: Chunks = wholeFrames): Promise<void> {
  const left = await follow(one, lines, chunks);
  if (left.said.length > 0) throw new Error(`at the end: the kiosk also said ${left.said.join(", ")}`);
  if (left.heard.length > 0) throw new Error(`at the end: a listener also heard ${left.heard.join(", ")}`);
}

/** What a listener hears, as JSON, beyond what the lines expect. */
export const listenTo = async (one: Found, lines: readonly string[]): Promise<readonly string[]> =>
  (await follow(one, lines, wholeFrames)).heard;

/** Follows the lines and gives what was said and heard beyond them. */
async function follow(one: Found, lines: readonly string[], chunks: Chunks) {
  const { clock, said, says, device } = await openOnList(one, lines);
  const calls: Promise<unknown>[] = [];
  const heard: unknown[] = [];
  const meter = measurements(clock, calls, heard);
  const wrong = (line: string, found: string) => {
    throw new Error(`at "${line}": ${found}`);
  };

  for (const line of lines) {
    const rest = line.slice(2);
    switch (line[0]) {
      case "!":
      case "%":
        break;
      case "@": {
        if (!(await clock.until(() => device() !== undefined, 30_000))) wrong(line, "the driver has not opened");
        const opened = device();
        if (opened && !meter.call(opened, rest)) call(opened, rest, calls, heard);
        await clock.pass(0);
        break;
      }
      case ">": {
        await clock.until(() => said.length > 0, 30_000);
        const found = said.shift() ?? "nothing";
        if (found !== rest) wrong(line, `the kiosk said ${found}`);
        break;
      }
      case "<": {
        const sent = sentBy(line);
        if (!(sent instanceof Uint8Array)) says(sent);
        else if (one.driver.port === "cards") says({ is: "answer", bytes: sent });
        else for (const chunk of chunks(sent)) says(chunk);
        await clock.pass(0);
        break;
      }
      case "~":
        await clock.pass(Number(rest));
        break;
      case "=": {
        const found = plain(await settled(clock, calls.shift()));
        if (found !== plain(JSON.parse(rest))) wrong(line, `the outcome was ${found}`);
        break;
      }
      case "+": {
        await clock.until(() => heard.length > 0, 30_000);
        const found = plain(heard.shift());
        if (found !== plain(JSON.parse(rest))) wrong(line, `the listener heard ${found}`);
        break;
      }
      default:
        wrong(line, "no such kind of line");
    }
  }
  await clock.pass(0);
  return { said, heard: heard.map(plain) };
}

function call(device: Device, words: string, calls: Promise<unknown>[], heard: unknown[]): void {
  const [what, slot = "", mark = slot] = words.split(" ");
  const { vending, board, reader, printer } = device.can;
  const absent = () => Promise.reject(new Error(`this device has no ${words}`));
  switch (what) {
    case "release":
      calls.push(vending?.release(slot, Number(mark)) ?? absent());
      return;
    case "recall":
      calls.push(vending?.recall?.(slot, Number(mark)) ?? absent());
      return;
    case "settled":
      calls.push(vending?.settled?.(Number(mark)) ?? absent());
      return;
    case "curtain":
      calls.push(vending?.curtain?.() ?? absent());
      return;
    case "temperature":
      calls.push(board?.temperature?.() ?? absent());
      return;
    case "print":
      calls.push(printer?.print(JSON.parse(words.slice("print".length)) as Slip) ?? absent());
      return;
    case "identify":
      calls.push(device.identify());
      return;
    case "self-test":
      calls.push(device.selfTest(slot === "move" ? "move" : "look"));
      return;
    case "listen":
      if (slot === "readings") reader?.seen((reading) => heard.push(opened(reading)));
      else if (slot === "reports") vending?.reports?.((report) => heard.push(report));
      else board?.door?.((open) => heard.push(open));
      return;
    default:
      throw new Error(`"@ ${words}": no such call`);
  }
}

/** A reading with its secrets revealed: those of a transcript are nobody's. */
function opened(reading: Reading): unknown {
  if (reading.is === "text") return { ...reading, text: reading.text.reveal() };
  if (reading.is === "unread") return reading;
  const { exchange, ...card } = reading;
  return { ...card, uid: card.uid.reveal(), ...(exchange && { exchange: true }) };
}

async function settled(clock: ManualClock, call: Promise<unknown> | undefined): Promise<unknown> {
  const value: unknown = await clock.finish(call ?? Promise.reject(new Error("no call is open")), 30_000);
  if (typeof value !== "object" || value === null || !("ok" in value)) return value;
  return "value" in value ? (value.value ?? null) : "error" in value ? { fault: value.error } : value;
}

/** As JSON, the parts of an object in the order of their names, a fault as its kind alone. */
function plain(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    const sorted = Object.fromEntries(Object.entries(part).sort(([a], [b]) => a.localeCompare(b)));
    const why = sorted["fault"];
    return typeof why === "object" && why !== null && "kind" in why ? { ...sorted, fault: why.kind } : sorted;
  });
}
