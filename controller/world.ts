import type { Clock } from "../devices/kit/clock.ts";
import type { Facts } from "../devices/kit/driver.ts";
import type { Fault } from "../devices/kit/fault.ts";
import type { Listening, Wires } from "../devices/kit/port.ts";
import type { Result } from "../devices/kit/result.ts";
import type { Entry, Stamped } from "./domain/entry.ts";
import type { Screen } from "./screen/model.ts";

/** Where a wire is plugged in. `match` is a path, a name under /dev/serial/by-id, or a USB path such as "1-1.3". */
export interface Wiring {
  readonly by: "path" | "by-id" | "usb";
  readonly match: string;
  readonly baud?: number;
  readonly parity?: "none" | "even" | "odd";
}

export interface OpenWire<P extends keyof Wires = keyof Wires> {
  readonly port: Wires[P];
  close(): Promise<void>;
}

/** Small things that are kept, not recorded: guess bucket, clock floor, checkpoint. */
export type Kept = Readonly<Record<string, Uint8Array>>;

export interface Disk {
  /** Set where an unusable database was put aside at opening: the sentence for the technician. */
  readonly setAside?: string;
  /** Entries of the present life after `seq`, in order. */
  read(after: number): AsyncIterable<Stamped>;
  /** Resolves when the entry, and what is kept with it, is on the medium. Calls are served in order. */
  append(entry: Entry, keep?: Kept): Promise<Result<Stamped>>;
  readonly keep: {
    /** As it was at opening or at the last put. */
    get(name: string): Uint8Array | undefined;
    put(name: string, value: Uint8Array): Promise<Result<void>>;
  };
  /** The chain hash of the entry `seq`, 64 hex digits: what a checkpoint is checked against. */
  hashAt(seq: number): Promise<string | undefined>;
  close(): Promise<void>;
}

export interface Stage {
  show(screen: Screen, revision: number): void;
  /** `press`: the name of a key, see screen/model.ts. `painted`: this revision is on the glass. */
  listen(worker: { press(key: string): void; painted(revision: number): void }): Listening;
}

/** Everything that the kiosk may do to the world, and all that it may ask of it. */
export interface World {
  readonly clock: Clock;
  readonly dice: { bytes(n: number): Uint8Array };
  readonly wires: { open<P extends keyof Wires>(kind: P, where: Wiring): Promise<Result<OpenWire<P>>> };
  readonly disk: Disk;
  readonly stage: Stage;
  readonly voice: { chime(kind: "good" | "sorry"): void };
  readonly host: {
    /** Feeds the watchdog. Called only while everything that is watched is fresh. */
    alive(): void;
  };
  readonly log: {
    note(event: string, facts?: Facts): void;
    fail(event: string, fault: Fault): void;
  };
}
