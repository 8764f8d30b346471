import type { Token } from "./escpos-stream.peer.ts";

// What a simulated printer puts on paper.

const gbk = new TextDecoder("gbk");
const utf8 = new TextDecoder();
const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Functions of GS ( k for QR codes [E1, cn = 49]. */
const qrSize = 67;
const qrStore = 80;
const qrPrint = 81;

const usual = { align: 0, bold: 0, size: 0, chinese: 0, set: 0 };

export interface Paper {
  /** So many lines are used up, and that is what stands on them. */
  take(token: Token): { readonly lines: number; readonly printed: readonly string[] };
  /** Two bytes are one character. */
  chinese(): boolean;
  /** What stood in the line that was not printed yet is gone. */
  clear(): void;
}

/** `columns`: a longer line is broken by the printer, wherever it is. */
export function paperOf(columns: number): Paper {
  let modes = usual;
  let line = "";
  let used = 0;
  let module = 3;
  let stored = new Uint8Array();

  const style = (): string => {
    const { align, bold, size } = modes;
    const words = [align === 1 && "centre", size !== 0 && "large", bold === 1 && "bold"].filter(Boolean);
    return words.length > 0 ? `[${words.join(" ")}] ` : "";
  };
  const full = (): string => {
    const text = `${style()}${line}`.trimEnd();
    line = "";
    used = 0;
    return text;
  };
  const char = (bytes: Uint8Array): readonly string[] => {
    const width = bytes.length * (1 + (modes.size >> 4));
    const broken = used + width > columns ? [`[broken] ${full()}`] : [];
    line += bytes.length === 2 ? gbk.decode(bytes) : String.fromCharCode(bytes[0] ?? 0);
    used += width;
    return broken;
  };
  const qr = (does: number, data: Uint8Array): readonly string[] => {
    if (does === qrSize) module = data[0] ?? module;
    // The first byte says m = 48.
    if (does === qrStore) stored = data.slice(1);
    return does === qrPrint ? [`[qr ${module}] ${utf8.decode(stored)}`] : [];
  };

  const printedBy = (token: Token): readonly string[] => {
    switch (token.is) {
      case "char":
        return char(token.bytes);
      case "feed":
        return [full(), ...Array.from({ length: token.lines - 1 }, () => "")];
      case "set":
        modes = { ...modes, [token.what]: token.to };
        return [];
      case "reset":
        // The Chinese models start in Chinese mode [C2, FS &]; others do not.
        modes = usual;
        line = "";
        used = 0;
        return [];
      case "cut":
        return ["[cut]"];
      case "qr":
        return qr(token.does, token.data);
      case "picture":
        return [`[picture ${token.across * 8}x${token.rows}] ${hex(token.dots)}`];
      case "unknown":
        return ["[unknown command]"];
      case "told":
      case "nothing":
        return [];
    }
  };

  return {
    take(token) {
      const printed = printedBy(token);
      return { printed, lines: printed.filter((text) => text !== "[cut]").length };
    },
    chinese: () => modes.chinese === 1,
    clear() {
      line = "";
      used = 0;
    },
  };
}
