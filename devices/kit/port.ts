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

/** A USB HID interface. Reports both ways begin with their id where the descriptor numbers them, with 0 where it does not. */
export interface ReportPort extends Port<Uint8Array, Uint8Array> {
  /** The HID report descriptor, as the device gave it [HID 1.11, 6.2.2]. */
  readonly descriptor: Uint8Array;
  /** Sets a feature report; its id first. */
  feature(report: Uint8Array): Promise<Result<void>>;
  /** Asks for a feature report of at most so many bytes, its id among them. */
  askFeature(id: number, length: number): Promise<Result<Uint8Array>>;
}

/** What a PC/SC reader tells: a card came, with its answer to reset, or it went. */
export type CardWord =
  | { readonly is: "card"; readonly atr: Uint8Array }
  | { readonly is: "gone" }
  /** The answer to a command: data and the two status bytes. Commands are answered in order, one at a time. */
  | { readonly is: "answer"; readonly bytes: Uint8Array }
  /** The command was not answered: the card went, or the reader refused. */
  | { readonly is: "no-answer"; readonly why: Fault };

/** A smart-card reader behind the machine's PC/SC service. Takes command APDUs. */
export type CardPort = Port<Uint8Array, CardWord>;

/** The kinds of wire there are. Each later kind of port adds its line. */
export interface Wires {
  bytes: BytePort;
  reports: ReportPort;
  cards: CardPort;
}
