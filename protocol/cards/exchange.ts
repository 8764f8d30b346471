/**
 * Gives a command to the card that is held before a reader, and brings its answer with the two status bytes at the end
 * [ISO/IEC 7816-4, 5.1]. Not ok: there was no answer, most often because the card was taken away.
 */
export type Exchange = (
  command: Uint8Array,
) => Promise<{ readonly ok: true; readonly value: Uint8Array } | { readonly ok: false }>;

/** Why a conversation with a card came to nothing. Nothing of the card is in it. */
export type Failure =
  /** No answer: the card is gone. */
  | "left"
  /** It answered no, or what no such card answers. */
  | "refused"
  /** It is a card of another kind, or one that nobody made ready for this. */
  | "not-this-kind"
  /** It does not have the key, or says what another card said. */
  | "wrong-proof";

export interface Failed {
  readonly is: Failure;
}

export const failed = (is: Failure): Failed => ({ is });

/** What a card answered: its data, and the status word as one number; 0 where the answer was no answer. */
export interface Answer {
  readonly data: Uint8Array;
  readonly status: number;
}

function answerIn(bytes: Uint8Array): Answer {
  if (bytes.length < 2) return { data: new Uint8Array(), status: 0 };
  const [high = 0, low = 0] = bytes.subarray(-2);
  return { data: bytes.subarray(0, -2), status: (high << 8) | low };
}

/** One command, one answer; undefined where the card left. */
export async function ask(exchange: Exchange, command: Uint8Array): Promise<Answer | undefined> {
  const answered = await exchange(command);
  return answered.ok ? answerIn(answered.value) : undefined;
}
