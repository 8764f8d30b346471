import type { LoadedDevice } from "../config/profile.ts";
import type { BoardIo } from "../devices/board/capability.ts";
import type { Item } from "../devices/health/capability.ts";
import type { Timer } from "../devices/kit/clock.ts";
import { fault, type Fault } from "../devices/kit/fault.ts";
import type { Listening } from "../devices/kit/port.ts";
import { err, type Result } from "../devices/kit/result.ts";
import type { Printer, Slip } from "../devices/printer/capability.ts";
import type { Reading } from "../devices/reader/capability.ts";
import { supervise, type Supervisor } from "../devices/supervise.ts";
import type { Curtain, Delivery, SlotReport, Vending } from "../devices/vending/capability.ts";
import { delays } from "./delays.ts";
import type { Presence } from "./domain/state.ts";
import { pulse, type Watched } from "./freshness.ts";
import { openMeters, type Meters } from "./meters.ts";
import type { World } from "./world.ts";

/**
 * The devices of a station, each under its supervisor: vending machines, boards, readers, health instruments, printers.
 * Nothing that a driver does gets past here as a throw.
 */
export interface Machines {
  /** Moves one good out of the slot, or says why not, or that nobody knows. */
  release(device: string, slot: string, seq: number): Promise<Delivery>;
  /** What a board remembers of a motion from before the start. */
  recall(device: string, slot: string, seq: number): Promise<Delivery>;
  /** The outcome is on the disk: a board that keeps it may forget it. */
  settled(device: string, seq: number): Promise<void>;
  curtain(device: string): Promise<Curtain | "cannot-tell">;
  readonly meters: Pick<Meters, "measure" | "stop">;
  /** Absent while it does not answer. */
  printer(device: string): Printer | undefined;
  print(device: string, slip: Slip): Promise<Result<void>>;
  /** Nothing where the station has no device to supervise. */
  readonly watched: readonly Watched[];
  close(): Promise<void>;
}

interface Sink {
  changed(device: string, presence: Presence, why?: Fault): void;
  reported(device: string, report: SlotReport): void;
  door(device: string, open: boolean): void;
  /** A reader saw something; what is held is told again and again. */
  read(device: string, reading: Reading): void;
  /** What the station says that an instrument measures. */
  measures(device: string): readonly Item[] | undefined;
  /** Asked for only where somebody wants to know. */
  temperature?(device: string, degrees: number): void;
}

export function openMachines(world: World, devices: readonly LoadedDevice[], sink: Sink): Machines {
  const { clock, log, wires } = world;
  const watched = pulse(clock, "supervisor", delays.supervisorTurns);
  const watch = (device: LoadedDevice): Supervisor => {
    const { id, driver, options, wiring } = device;
    let heard: readonly Listening[] = [];
    const supervisor = supervise({
      id,
      driver,
      options,
      clock,
      open: () => wires.open(driver.port, { ...wiring }),
      ...(wires.plugged === undefined ? {} : { plugged: wires.plugged }),
      note: (event, facts) => log.note(event, { device: id, ...facts }),
      turned: () => watched.beat(),
      changed(presence, why) {
        if (why) log.fail(`device.${presence}`, fault(why.kind, `${id}: ${why.detail}`));
        else log.note(`device.${presence}`, { device: id });
        for (const one of heard) one.stop();
        heard = [];
        sink.changed(id, presence, why);
        if (supervisor.device() === undefined) meters.lost(id);
        if (presence !== "working") return;
        const { vending, board, reader, meter } = supervisor.device()?.can ?? {};
        const misled = meter && otherwise(meter.items, sink.measures(id));
        if (misled) log.fail("device.measures", fault("misconfigured", `${id}: ${misled}`));
        heard = [
          vending?.reports?.((report) => sink.reported(id, report)),
          board?.door?.((open) => sink.door(id, open)),
          reader?.seen((reading) => sink.read(id, reading)),
          measured(board, id),
        ].filter((one) => one !== undefined);
      },
    });
    return supervisor;
  };
  /** The cabinet's temperature, now and then. */
  const measured = (board: BoardIo | undefined, id: string): Listening | undefined => {
    if (board?.temperature === undefined || sink.temperature === undefined) return undefined;
    let timer: Timer | undefined;
    const ask = async (): Promise<void> => {
      timer = undefined;
      const answer = await board.temperature?.();
      if (stopped) return;
      if (answer?.ok) sink.temperature?.(id, answer.value);
      timer = clock.after(delays.temperatureAsked, "cabinet: temperature", () => void ask());
    };
    let stopped = false;
    timer = clock.after(delays.temperatureFirst, "cabinet: temperature", () => void ask());
    return {
      stop() {
        stopped = true;
        timer?.cancel();
      },
    };
  };
  const supervisors = new Map(devices.map((device) => [device.id, watch(device)] as const));
  const meters = openMeters(clock, (id) => supervisors.get(id)?.device()?.can.meter);
  const printer = (id: string): Printer | undefined => supervisors.get(id)?.device()?.can.printer;
  const vending = (id: string): Vending | undefined => supervisors.get(id)?.device()?.can.vending;
  const gone = fault("no-device", "the machine is not there");

  return {
    watched: devices.length > 0 ? [watched] : [],
    release: async (device, slot, seq) =>
      vending(device)?.release(slot, seq) ?? { kind: "not-delivered", started: false, fault: gone },
    recall: async (device, slot, seq) => vending(device)?.recall?.(slot, seq) ?? { kind: "unknown", fault: gone },
    settled: async (device, seq) => vending(device)?.settled?.(seq),
    async curtain(device) {
      const asked = await vending(device)?.curtain?.();
      return asked?.ok ? asked.value : "cannot-tell";
    },
    meters,
    printer,
    print: async (device, slip) =>
      printer(device)?.print(slip) ?? err(fault("no-device", "the printer is not there: is it plugged in, and on?")),
    async close() {
      meters.close();
      await Promise.all([...supervisors.values()].map((supervisor) => supervisor.stop()));
    },
  };
}

/** Where options make an instrument measure something else than its profile says, the station must say so. */
function otherwise(items: readonly Item[], said: readonly Item[] | undefined): string | undefined {
  const differs = (some: readonly Item[], others: readonly Item[]) => some.some((item) => !others.includes(item));
  if (said === undefined || !(differs(items, said) || differs(said, items))) return undefined;
  return `with its options it measures ${items.join(", ")}: write that under "measures" of this device in station.json`;
}
