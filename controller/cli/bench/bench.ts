import type { LoadedDevice } from "../../../config/profile.ts";
import { fencedClock, fencedDevice, fencedPort, plainly, safely } from "../../../devices/guard.ts";
import { seconds, type Clock, type Millis } from "../../../devices/kit/clock.ts";
import type { Device } from "../../../devices/kit/driver.ts";
import type { Fault } from "../../../devices/kit/fault.ts";
import type { Listening, Wires } from "../../../devices/kit/port.ts";
import type { Result } from "../../../devices/kit/result.ts";
import type { Meter } from "../../../devices/health/capability.ts";
import type { Printer } from "../../../devices/printer/capability.ts";
import type { Reader, Reading } from "../../../devices/reader/capability.ts";
import type { SlotReport, Vending } from "../../../devices/vending/capability.ts";
import type { Entry, Stamped } from "../../domain/entry.ts";
import type { OpenWire } from "../../world.ts";
import { asJson, faultFinding, inWords, seen, type Finding } from "./finding.ts";
import { testSlip } from "./test-slip.ts";

export interface BenchRequest {
  readonly device: LoadedDevice;
  /** How long it is listened to after everything else. */
  readonly listen: Millis;
  /** A slot to make a test vend from. */
  readonly release?: string;
  readonly measure: boolean;
  /** A test slip. */
  readonly print: boolean;
  readonly json: boolean;
}

export interface BenchIo {
  readonly clock: Clock;
  openWire(): Promise<Result<OpenWire>>;
  print(line: string): void;
  /** Where the device belongs to a station, a test vend stands in its ledger before anything moves. */
  readonly ledger?: { append(entry: Entry): Promise<Result<Stamped>> };
  /** Ends the listening and a measurement; a motor that turns is waited for. */
  readonly stop: AbortSignal;
}

/**
 * What a capability may offer to the bench, by the name of the method. A capability that comes later is served without
 * a word here if it keeps to these names: something to listen to, something to ask, to measure, to print.
 */
interface Offers extends Partial<Vending>, Partial<Reader>, Partial<Pick<Meter, "measure">>, Partial<Printer> {
  door?(changed: (open: boolean) => void): Listening;
  temperature?(): Promise<Result<number>>;
}

/**
 * The technician's bench for one device, no kiosk running: who it is, its self-test, what it is asked to do,
 * then what it says unasked.
 * @returns the exit code: 0 when all went well, 1 on a fault or a test vend that did not deliver.
 */
export async function bench(request: BenchRequest, io: BenchIo): Promise<number> {
  const { device: loaded, json } = request;
  const { id, driver, options } = loaded;
  let code = 0;
  const tell = (finding: Finding) => {
    if (finding.kind === "fault") code = 1;
    io.print(json ? asJson(finding) : inWords(finding));
  };
  const fell = (why: Fault) => tell(faultFinding("listening", why));
  const tells = plainly(id);

  const wire = await io.openWire();
  if (!wire.ok) {
    tell(faultFinding("opening", wire.error));
    return code;
  }
  try {
    const opened = await safely(tells, () =>
      driver.open({
        id,
        options,
        port: fencedPort<keyof Wires>(wire.value.port, tells, fell),
        clock: fencedClock(io.clock, tells, fell),
        note: (event, facts = {}) => tell({ kind: "note", event, facts }),
      }),
    );
    if (!opened.ok) {
      tell(faultFinding("opening", opened.error));
      return code;
    }
    const device = fencedDevice(opened.value, tells, fell);
    try {
      const done = await tryOut(device, request, io, tell);
      return Math.max(code, done);
    } finally {
      await device.close();
    }
  } finally {
    await wire.value.close();
  }
}

async function tryOut(
  device: Device,
  request: BenchRequest,
  io: BenchIo,
  tell: (finding: Finding) => void,
): Promise<number> {
  const offers: readonly Offers[] = Object.values(device.can);
  const missing = lacks(offers, request);
  if (missing !== undefined) {
    tell({ kind: "fault", during: "reading the command", fault: "misconfigured", detail: missing });
    return 1;
  }

  const identity = await device.identify();
  if (!identity.ok) {
    tell(faultFinding("identify", identity.error));
    return 1;
  }
  tell({ kind: "identity", ...identity.value });

  const ears = offers.flatMap((offer) => listenTo(offer, io.clock, tell));
  try {
    const test = await device.selfTest("look");
    if (test.ok) for (const says of test.value) tell({ kind: "self-test", says });
    else tell(faultFinding("self-test", test.error));

    for (const offer of offers) await askTemperature(offer, tell);
    const code = request.release === undefined ? 0 : await releaseFrom(request.release, offers, request, io, tell);
    if (request.measure) for (const offer of offers) await measure(offer, io, tell);
    if (request.print) for (const offer of offers) await print(offer, io, tell);
    await listen(request.listen, io);
    return code;
  } finally {
    for (const ear of ears) ear.stop();
  }
}

/** What was asked for and this device cannot do, as a sentence. */
function lacks(offers: readonly Offers[], { device, release, measure, print }: BenchRequest): string | undefined {
  const model = device.profile.name.en;
  const none = (method: keyof Offers) => !offers.some((offer) => offer[method] !== undefined);
  if (release !== undefined && none("release")) return `${model} gives no goods: leave out --release.`;
  if (measure && none("measure")) return `${model} measures nothing: leave out --measure.`;
  if (print && none("print")) return `${model} prints nothing: leave out --print.`;
  return undefined;
}

function listenTo(offer: Offers, clock: Clock, tell: (finding: Finding) => void): readonly Listening[] {
  const ears = [
    offer.seen?.(once(clock, (reading) => tell(seen(reading)))),
    offer.door?.((open) => tell({ kind: "door", open })),
    offer.reports?.((report: SlotReport) => tell({ kind: "slot", ...report })),
  ];
  return ears.filter((ear) => ear !== undefined);
}

/** A card that is held is told again and again; what was told less than this before is the same one. */
const held = seconds(2);

function once(clock: Clock, tell: (reading: Reading) => void): (reading: Reading) => void {
  const told = new Map<string, Millis>();
  return (reading) => {
    const key = reading.is === "unread" ? reading.of : (reading.is === "text" ? reading.text : reading.uid).reveal();
    const before = told.get(key);
    told.set(key, clock.mono());
    if (before === undefined || clock.mono() - before > held) tell(reading);
  };
}

async function askTemperature(offer: Offers, tell: (finding: Finding) => void): Promise<void> {
  const told = await offer.temperature?.();
  if (told === undefined) return;
  tell(told.ok ? { kind: "temperature", celsius: told.value } : faultFinding("temperature", told.error));
}

async function measure(offer: Offers, { clock, stop }: BenchIo, tell: (finding: Finding) => void): Promise<void> {
  const measured = await offer.measure?.({ stop, began: clock.mono(), person: {}, heard() {} });
  if (measured === undefined) return;
  if (measured.ok) for (const reading of measured.value) tell({ kind: "reading", reading });
  else tell(faultFinding("measure", measured.error));
}

async function print(offer: Offers, { clock }: BenchIo, tell: (finding: Finding) => void): Promise<void> {
  const began = clock.mono();
  const printed = await offer.print?.(testSlip(offer.columns ?? 0));
  if (printed === undefined) return;
  if (printed.ok) tell({ kind: "printed", seconds: tenths(clock.mono() - began) });
  else tell(faultFinding("print", printed.error));
}

/** Milliseconds as seconds with one decimal. */
const tenths = (span: number): number => Math.round(span / 100) / 10;

/** Save, then move: where there is a ledger, the test stands in it before anything turns. */
async function releaseFrom(
  slot: string,
  offers: readonly Offers[],
  { device: { id } }: BenchRequest,
  { clock, ledger }: BenchIo,
  tell: (finding: Finding) => void,
): Promise<number> {
  const vending = offers.find((offer) => offer.release !== undefined);
  if (vending === undefined) return 1;
  const written = await ledger?.append({ kind: "test-vend", device: id, slot });
  if (written !== undefined && !written.ok) {
    tell(faultFinding("writing the ledger, so nothing was moved", written.error));
    return 1;
  }
  // Without a ledger the second is the number: boards that know a number again must not know this one.
  const seq = written?.value.seq;
  const mark = seq ?? Math.floor(clock.wall().utc / 1000);
  const began = clock.mono();
  const delivery = await vending.release?.(slot, mark);
  if (delivery === undefined) return 1;
  const seconds = tenths(clock.mono() - began);
  tell({ kind: "delivery", slot, delivery, seconds, ...(seq === undefined ? {} : { seq }) });
  if (seq !== undefined) {
    const why = delivery.kind === "delivered" ? delivery.evidence : delivery.fault.kind;
    const outcome = await ledger?.append({ kind: "test-outcome", of: seq, delivery: delivery.kind, why });
    if (outcome !== undefined && !outcome.ok) {
      tell(faultFinding("writing the outcome", outcome.error));
      return 1;
    }
  }
  await vending.settled?.(mark);
  return delivery.kind === "delivered" ? 0 : 1;
}

function listen(span: Millis, { clock, stop }: BenchIo): Promise<void> {
  if (stop.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      timer.cancel();
      stop.removeEventListener("abort", end);
      resolve();
    };
    const timer = clock.after(span, "bench: listening", end);
    stop.addEventListener("abort", end);
  });
}
