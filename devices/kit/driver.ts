import type { Clock } from "./clock.ts";
import type { Wires } from "./port.ts";
import type { Result } from "./result.ts";

/**
 * What a device can be, by meaning and not by board: vending, board, later reader and meter.
 * Each `capability.ts` adds its own line here by declaration merging, so that a new capability edits no list.
 */
// oxlint-disable-next-line typescript/no-empty-interface, typescript/no-empty-object-type
export interface Capabilities {}

export interface Identity {
  readonly model: string;
  readonly serial?: string;
  readonly firmware?: string;
}

export type Facts = Readonly<Record<string, string | number | boolean>>;

export interface DriverContext<O, P extends keyof Wires> {
  /** The device's name in the station file. */
  readonly id: string;
  readonly options: O;
  readonly port: Wires[P];
  readonly clock: Clock;
  /** For the technician's log; never a secret. */
  note(event: string, facts?: Facts): void;
}

/** One box on one wire. It may be several things: an XY controller is vending, door and cold. */
export interface Device {
  /** Holds every capability the device really has, and nothing it has not. */
  readonly can: Partial<Capabilities>;
  /** Also the question by which the supervisor learns that it lives. The same answer each time. */
  identify(): Promise<Result<Identity>>;
  /** "look" moves nothing. Each line is a sentence for the technician. */
  selfTest(level: "look" | "move"): Promise<Result<readonly string[]>>;
  /** Settles every open question; afterwards no timer and no listener is left. Closing the port is the supervisor's. */
  close(): Promise<void>;
}

/** Translates a machine's dialect into a station's meaning and decides nothing. The default export of `<protocol>.ts`. */
export interface DriverDefinition<O, P extends keyof Wires = keyof Wires> {
  readonly id: string;
  readonly provides: readonly (keyof Capabilities)[];
  readonly port: P;
  /** True for boards that can still be asked for the outcome of a motion after the kiosk was restarted. */
  readonly remembers: boolean;
  /**
   * True where frames come many times a second: a serial line then gathers them for a moment. No half frame may be given up
   * sooner.
   */
  readonly streams?: true;
  /** Each mistake is a sentence that begins with the option's path. */
  options(raw: unknown): Result<O, readonly string[]>;
  open(context: DriverContext<O, P>): Promise<Result<Device>>;
}

/** What a simulated machine may use: seeded time and chance. */
export interface Lab {
  readonly clock: Clock;
  chance(probability: number): boolean;
}

/** The machine's side of a wire, with knobs for its faults. */
export interface Peer<Out> {
  /** Of a HID device feature reports that are set come here too. */
  hear(out: Out): void;
  turn(knob: string, to: string | number | boolean): void;
  readonly knobs: readonly string[];
  /** What really happened, in order: for a vending machine the slot of every good that fell. */
  truth(): readonly string[];
  /** Ends its timers. */
  stop(): void;
}

/** The default export of `<protocol>.peer.ts`. */
export interface PeerDefinition<O, Out, In> {
  readonly knobs: readonly string[];
  /** The report descriptor with which a HID device introduces itself; only HID devices have one. */
  descriptor?(options: O): Uint8Array;
  peer(options: O, lab: Lab, send: (item: In) => void): Peer<Out>;
}
