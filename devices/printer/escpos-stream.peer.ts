// Reads the stream of bytes as a printer does, from Epson's ESC/POS Command Reference [E1]: command by command.

/** One command, or one character. */
export type Token =
  | { readonly is: "char"; readonly bytes: Uint8Array }
  | { readonly is: "feed"; readonly lines: number }
  | { readonly is: "reset" }
  | { readonly is: "set"; readonly what: "align" | "bold" | "size" | "chinese" | "set"; readonly to: number }
  | { readonly is: "cut" }
  | { readonly is: "told" }
  | { readonly is: "qr"; readonly does: number; readonly data: Uint8Array }
  | { readonly is: "picture"; readonly across: number; readonly rows: number; readonly dots: Uint8Array }
  /** A command in real time was carried out as it came. */
  | { readonly is: "nothing" }
  | { readonly is: "unknown" };

export interface Read {
  readonly token: Token;
  readonly length: number;
}

const [lf, dle, esc, fs, gs] = [0x0a, 0x10, 0x1b, 0x1c, 0x1d];
const of = (letter: string): number => letter.charCodeAt(0);

type Form = (bytes: Uint8Array) => Read | undefined;
const fixed = (length: number, token: (bytes: Uint8Array) => Token): Form => {
  return (bytes) => (bytes.length < length ? undefined : { token: token(bytes), length });
};
const setting = (what: Extract<Token, { is: "set" }>["what"]): Form =>
  fixed(3, (bytes) => ({ is: "set", what, to: bytes[2] ?? 0 }));
const word = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0);

const qr: Form = (bytes) => {
  const length = 5 + word(bytes, 3);
  if (bytes.length < 5 || bytes.length < length) return undefined;
  const [symbol, does = 0] = bytes.subarray(5, 7);
  return { token: symbol === 0x31 ? { is: "qr", does, data: bytes.slice(7, length) } : { is: "unknown" }, length };
};
const picture: Form = (bytes) => {
  const [across, rows] = [word(bytes, 4), word(bytes, 6)];
  const length = 8 + across * rows;
  if (bytes.length < 8 || bytes.length < length) return undefined;
  return { token: { is: "picture", across, rows, dots: bytes.slice(8, length) }, length };
};

const forms: Readonly<Record<number, ReadonlyMap<number, Form>>> = {
  [esc]: new Map([
    [of("@"), fixed(2, () => ({ is: "reset" }))],
    [of("a"), setting("align")],
    [of("E"), setting("bold")],
    [of("R"), setting("set")],
    [of("d"), fixed(3, (bytes) => ({ is: "feed", lines: bytes[2] ?? 0 }))],
  ]),
  [fs]: new Map([
    [of("&"), fixed(2, () => ({ is: "set", what: "chinese", to: 1 }))],
    [of("."), fixed(2, () => ({ is: "set", what: "chinese", to: 0 }))],
  ]),
  [gs]: new Map([
    [of("!"), setting("size")],
    [of("V"), fixed(3, () => ({ is: "cut" }))],
    [of("r"), fixed(3, () => ({ is: "told" }))],
    [of("("), qr],
    [of("v"), picture],
  ]),
};

/** The length of DLE EOT n and of DLE DC4 8, which are carried out before they come here. */
const inRealTime = ([, second]: Uint8Array): number => (second === 0x14 ? 10 : 3);

/** What the bytes begin with; undefined where more must come. */
export function read(bytes: Uint8Array, chinese: boolean): Read | undefined {
  const [first = 0, second] = bytes;
  if (first === lf) return { token: { is: "feed", lines: 1 }, length: 1 };
  if (first === dle) {
    const length = inRealTime(bytes);
    return bytes.length < length ? undefined : { token: { is: "nothing" }, length };
  }
  if (first === esc || first === fs || first === gs) {
    if (second === undefined) return undefined;
    const form = forms[first]?.get(second);
    return form ? form(bytes) : { token: { is: "unknown" }, length: 2 };
  }
  const length = chinese && first >= 0x81 ? 2 : 1;
  return bytes.length < length ? undefined : { token: { is: "char", bytes: bytes.slice(0, length) }, length };
}
