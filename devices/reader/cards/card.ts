/** What tells a simulated card apart before it has said a word [ISO/IEC 14443-3; ISO/IEC 14443-4, 5]. */
export interface Face {
  /** 4, 7 or 10 bytes, in the order in which the card gives them. */
  readonly uid: Uint8Array;
  /** Two bytes, in the order in which a PN532 gives them. */
  readonly atqa: Uint8Array;
  /** Bit 20 (hex): the card speaks ISO 14443-4. */
  readonly sak: number;
  /** Answer to select, its length first. Only of cards that speak ISO 14443-4. */
  readonly ats?: Uint8Array;
}

/**
 * A card of the simulation: made from the makers' papers, and not from the kiosk's code, so that it can judge it.
 * It lives longer than one tap: a counter that rose stays where it is.
 */
export interface Card extends Face {
  /** Takes one command APDU and gives the answer, its two status bytes last. Absent where the card cannot speak. */
  readonly apdu?: (command: Uint8Array) => Uint8Array;
  /** It goes out of the field: what was selected or proven is forgotten. */
  leave(): void;
}

/** So many bytes of chance: true ones would make a simulation that cannot be played again. */
export type Chance = (count: number) => Uint8Array;
