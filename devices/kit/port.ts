import type { Fault } from "./fault.ts";
import type { Result } from "./result.ts";

export interface Sink<T> {
  heard(item: T): void;
  /** The last call a sink ever gets: the wire is gone. */
  lost(fault: Fault): void;
}

export interface Listening {
  stop(): void;
}

/** One end of a wire that is open now. It is never reopened: after `lost` the supervisor brings a fresh one. */
export interface Port<Out, In> {
  /** What a technician would call it: "/dev/serial/by-id/usb-FTDI…". */
  readonly label: string;
  /** Resolves once the bytes have left the process, or with the fault that kept them. Never throws, never queues for a later connection. */
  send(out: Out): Promise<Result<void>>;
  listen(sink: Sink<In>): Listening;
}

export type BytePort = Port<Uint8Array, Uint8Array>;

/** The kinds of wire there are. Each later kind of port adds its line. */
export interface Wires {
  bytes: BytePort;
}
