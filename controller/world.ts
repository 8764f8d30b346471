import type { Clock, Millis } from "../devices/kit/clock.ts";
import type { Facts } from "../devices/kit/driver.ts";
import type { Fault } from "../devices/kit/fault.ts";
import type { Listening, Wires } from "../devices/kit/port.ts";
import type { Result } from "../devices/kit/result.ts";
import type { Entry, Mark, Stamped } from "./domain/entry.ts";
import type { Uplink } from "./link/uplink.ts";
import type { Screen } from "./screen/model.ts";

/**
 * Where a wire is plugged in. `match` is a path, a name under /dev/serial/by-id, a USB path such as "1-1.3"; for a HID
 * device vendor and product, "0c2e:0b61", with the serial number behind them where two are alike, "0c2e:0b61:S1234",
 * several of these with "," between them; for a PC/SC reader a part of its name; for a bonded Bluetooth instrument its
 * address; for a probe on the 1-Wire bus its number, "28-0316a2794eff". By "hid", "pcsc" and "w1" it may be empty: the
 * one that is there.
 */
export interface Wiring {
  readonly by: "path" | "by-id" | "usb" | "hid" | "pcsc" | "ble" | "w1";
  readonly match: string;
  readonly baud?: number;
  readonly parity?: "none" | "even" | "odd";
  /** Usage page and usage of the HID interface that is meant, "008c:0002": one plug may hold several. */
  readonly usage?: string;
  /** The device sends frames many times a second: a serial line may gather them for a moment. */
  readonly streams?: true;
}

export interface OpenWire<P extends keyof Wires = keyof Wires> {
  readonly port: Wires[P];
  close(): Promise<void>;
}

/** Small things that are kept, not recorded: guess bucket, clock floor, checkpoint. */
export type Kept = Readonly<Record<string, Uint8Array>>;

/** An entry on its way to the centre. */
export interface Outgoing extends Mark {
  /** The item as it stands in a batch: canonical JSON without `life`. */
  readonly text: string;
  /** When it was written down, UTC. */
  readonly at: Millis;
  /** Chain hash of the entry before it and of itself, 64 hex digits. */
  readonly before: string;
  readonly hash: string;
}

export interface Disk {
  /** Set where an unusable database was put aside at opening: the sentence for the technician. */
  readonly setAside?: string;
  /** Entries of all lives in the file after `after`, or from the first on, in order. */
  read(after: Mark | undefined): AsyncIterable<Stamped>;
  /** The same entries as they go to the centre: at most `limit` of one life. */
  outgoing(after: Mark | undefined, limit: number): Promise<Result<readonly Outgoing[]>>;
  /**
   * Begins a new life of this ledger, whose first entry is `first`: the centre showed that this card's past is not the
   * one that it knows. Everything before stays where it is, and stays true.
   */
  newLife(first: Entry): Promise<Result<Stamped>>;
  /** Resolves when the entry, and what is kept with it, is on the medium. Calls are served in order. */
  append(entry: Entry, keep?: Kept): Promise<Result<Stamped>>;
  readonly keep: {
    /** As it was at opening or at the last put. */
    get(name: string): Uint8Array | undefined;
    put(name: string, value: Uint8Array): Promise<Result<void>>;
  };
  /** The chain hash of an entry, 64 hex digits: what a checkpoint and an acknowledgement are checked against. */
  hashAt(mark: Mark): Promise<string | undefined>;
  close(): Promise<void>;
}

export interface Stage {
  show(screen: Screen, revision: number): void;
  /** `press`: the name of a key, see screen/model.ts. `painted`: this revision is on the glass. */
  listen(worker: { press(key: string): void; painted(revision: number): void }): Listening;
}

/** How the machine under the kiosk is; what cannot be known is absent. */
export interface Vitals {
  readonly uptimeSeconds: number;
  /** Changes at every boot. */
  readonly bootId: string;
  readonly cpuPercent?: number;
  readonly memoryMb?: number;
  readonly diskPercent?: number;
  readonly temperatureC?: number;
  readonly underVoltage?: boolean;
}

/** Everything that the kiosk may do to the world, and all that it may ask of it. */
export interface World {
  readonly clock: Clock;
  readonly dice: { bytes(n: number): Uint8Array };
  readonly wires: {
    open<P extends keyof Wires>(kind: P, where: Wiring): Promise<Result<OpenWire<P>>>;
    /** Told when something is plugged into the machine that may be a wire; absent where that cannot be heard. */
    plugged?(heard: () => void): Listening;
  };
  readonly disk: Disk;
  readonly uplink: Uplink;
  readonly stage: Stage;
  readonly voice: { chime(kind: "good" | "sorry"): void };
  readonly host: {
    /** Feeds the watchdog. Called only while everything that is watched is fresh. */
    alive(): void;
    /** What the machine says of itself, for the centre. */
    vitals(): Promise<Vitals>;
  };
  readonly log: {
    note(event: string, facts?: Facts): void;
    fail(event: string, fault: Fault): void;
    /** The newest lines, the oldest first: for whoever asks from afar. */
    newest(lines: number): readonly string[];
  };
}
