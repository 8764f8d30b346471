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

/**
 * What is done with a characteristic of a Bluetooth instrument. It is named by the four hex digits that the Bluetooth SIG
 * gave it, "2a35", or by its whole UUID in small letters.
 */
export type GattDoing =
  /** Wants its notifications or indications from now on. */
  | { readonly do: "hear"; readonly of: string }
  | { readonly do: "read"; readonly of: string }
  | { readonly do: "write"; readonly to: string; readonly bytes: Uint8Array };

/**
 * What a Bluetooth instrument tells. It comes and goes as it is switched on and off: the wire is open all the while, and
 * lost only where the adapter, its service or the bond is.
 */
export type GattWord =
  /** It is connected: under this name, with these characteristics. Whatever was heard before must be wanted anew. */
  | { readonly is: "connected"; readonly name: string; readonly has: readonly string[] }
  | { readonly is: "gone" }
  /** Of a characteristic that is heard, or was read. Comes whole. */
  | { readonly is: "value"; readonly of: string; readonly bytes: Uint8Array };

/** One bonded Bluetooth LE instrument. What is sent while it is away fails with `no-device`. */
export type GattPort = Port<GattDoing, GattWord>;

/** A file in which the kernel shows what a sensor says. Each asking reads it anew; what stands there comes whole. */
export type FilePort = Port<"read", Uint8Array>;

/** The kinds of wire there are. Each later kind of port adds its line. */
export interface Wires {
  bytes: BytePort;
  reports: ReportPort;
  cards: CardPort;
  gatt: GattPort;
  files: FilePort;
}
