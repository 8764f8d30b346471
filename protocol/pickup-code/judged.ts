/** A file or text that was read: what it says, or every mistake in it as a sentence. */
export type Judged<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: readonly string[] };

export const good = <T>(value: T): Judged<T> => ({ ok: true, value });
export const bad = (...error: readonly string[]): { readonly ok: false; readonly error: readonly string[] } => ({
  ok: false,
  error,
});
