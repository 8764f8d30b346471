import type { Listening } from "../kit/port.ts";
import type { Result } from "../kit/result.ts";
import type { Secret } from "../kit/secret.ts";

/** Symbols that tell how a text was printed; AIM identifiers such as "]Q" say which [ISO/IEC 15424]. */
export type Symbology = "qr" | "code128" | "code39" | "ean" | "data-matrix" | "pdf417" | "other";

/** How a card spoke. None of these proves anything: only a conversation with its key does. */
export type Technology = "em4100" | "iso14443a";

/** What a reader saw, before anybody has judged it. */
export type Reading =
  /** A scanned or keyed-in text, as it came, without the end mark of the reader. */
  | { readonly is: "text"; readonly text: Secret; readonly symbology?: Symbology }
  /**
   * A card that is held before the reader. `uid`: capital hex digits, the bytes in the order in which the card gives
   * them; it is an identifier and can be copied. `exchange`: cards that speak ISO 7816-4 take command APDUs while they
   * stay; the answer ends with its two status bytes. A card that went answers with the fault `no-device`.
   */
  | {
      readonly is: "card";
      readonly technology: Technology;
      readonly uid: Secret;
      readonly exchange?: (command: Uint8Array) => Promise<Result<Uint8Array>>;
    }
  /** Something was there and could not be read: a damaged code, or a card that left too soon. */
  | { readonly is: "unread"; readonly of: "card" | "code" };

/** A card reader or scanner. */
export interface Reader {
  /** Told of everything the device reads. While a card or code is held it may be told again and again. */
  seen(sink: (reading: Reading) => void): Listening;
}

declare module "../kit/driver.ts" {
  interface Capabilities {
    reader: Reader;
  }
}
