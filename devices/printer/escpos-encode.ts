import thermal from "node-thermal-printer";
import { encodeQR } from "qr";
import type { EscposOptions } from "./escpos-options.ts";
import type { PageLine } from "./escpos-page.ts";

// The bytes of a slip. This file alone knows the packages, and is loaded at the first slip: they take a tenth of a second.
// The package makes bytes; it is given no interface, and never opens a device.
// [E1] Epson, ESC/POS Command Reference; [C1] Cashino KP-628E, [C2] SP91: printers with Chinese fonts.

/** The modes of the last slip end [E1, ESC @]. */
const initialise = Buffer.of(0x1b, 0x40);
/** "$" is "$": the package's Chinese set makes it "¥" [E1, ESC R]. */
const international = Buffer.of(0x1b, 0x52, 0);
/** Two bytes are one Chinese character [C1, C2: FS &]. */
const doubleByte = Buffer.of(0x1c, 0x26);
/** Of the usual font [E1, ESC M 0]: a line of 32 letters has 384 dots, one of 48 has 576. */
const dotsAColumn = 12;
/** White around a QR code [ISO/IEC 18004, 9.1]. */
const quiet = 4;
/** From 8 dots on, 1 mm, larger modules are no easier to read. The package knows sizes from 1 to 8. */
const largestModule = 8;
/** A printer's dots run into each other: a module of two dots is the smallest that is read. */
const smallestModule = 2;

type Paper = InstanceType<typeof thermal.printer>;

const fresh = (): Paper =>
  new thermal.printer({
    type: thermal.types.EPSON,
    interface: "",
    characterSet: thermal.characterSet.CHINA,
    breakLine: thermal.breakLine.NONE,
  });

/** Rows of GB 2312 with punctuation and units, and with letters as wide as Chinese characters. */
const symbolRows = [0xa1, 0xa3];
const isHanzi = (char: string): boolean => char >= "\u4e00" && char <= "\u9fa5";
const isGreek = (char: string): boolean => char >= "α" && char <= "ω";

/** What GB18030 says in two bytes, and Chinese fonts of printers have. */
let symbols: ReadonlySet<string> | undefined;
function symbolsOfGb(): ReadonlySet<string> {
  const decoder = new TextDecoder("gbk");
  const cells = Array.from({ length: 94 }, (_, i) => 0xa1 + i);
  return new Set(symbolRows.flatMap((row) => cells.map((cell) => decoder.decode(Uint8Array.of(row, cell)))));
}

/** The package looks for other code pages where the Chinese one lacks a character; a question mark is better. */
function inFont(text: string): string {
  const known = (symbols ??= symbolsOfGb());
  // Two marks keep the place of one wide character.
  const has = (char: string) => char <= "~" || isHanzi(char) || isGreek(char) || known.has(char);
  return Array.from(text, (char) => (has(char) ? char : "??")).join("");
}

/** As many dots as let it fit on the paper. */
function sizeOf(modules: number, columns: number): number {
  const fits = Math.floor((columns * dotsAColumn) / modules);
  return Math.max(smallestModule, Math.min(largestModule, fits));
}

/**
 * A picture, eight dots a byte, the left one highest [E1, GS v 0]. A module is two dots or more: no byte is 10h, with which
 * a command in real time would begin [E1, DLE EOT].
 */
function raster(modules: readonly (readonly boolean[])[], size: number): Buffer {
  const edge = modules.length * size;
  const across = Math.ceil(edge / 8);
  const head = Buffer.of(0x1d, 0x76, 0x30, 0, across & 0xff, across >> 8, edge & 0xff, edge >> 8);
  const dots = Buffer.alloc(across * edge);
  for (let y = 0; y < edge; y++)
    for (let x = 0; x < edge; x++)
      if (modules[Math.floor(y / size)]?.[Math.floor(x / size)])
        dots[y * across + (x >> 3)] = (dots[y * across + (x >> 3)] ?? 0) | (0x80 >> (x & 7));
  return Buffer.concat([head, dots]);
}

function printQr(paper: Paper, text: string, { qr, columns }: EscposOptions): void {
  const modules = encodeQR(text, "raw", { ecc: "low", border: quiet });
  const size = sizeOf(modules.length, columns);
  paper.alignCenter();
  if (qr === "raster") paper.add(raster(modules, size));
  else {
    // Its type says text, of which it would count the characters where the printer counts bytes.
    const bytes: unknown = Buffer.from(text);
    paper.printQR(bytes as string, { model: 2, cellSize: size, correction: "L" });
  }
  paper.alignLeft();
  paper.newLine();
}

function printLine(paper: Paper, { text, large, bold, centred }: Extract<PageLine, { is: "line" }>): void {
  if (centred) paper.alignCenter();
  if (bold) paper.bold(true);
  if (large) paper.setTextSize(1, 1);
  if (text !== "") paper.append(text);
  paper.newLine();
  if (large) paper.setTextSize(0, 0);
  if (bold) paper.bold(false);
  if (centred) paper.alignLeft();
}

/** All that the printer gets of a slip. */
export function encoded(page: readonly PageLine[], options: EscposOptions): Uint8Array {
  const paper = fresh();
  paper.add(initialise);
  paper.add(international);
  if (options.codePage === "gb18030") paper.add(doubleByte);
  for (const one of page) {
    if (one.is === "qr") printQr(paper, one.text, options);
    else printLine(paper, { ...one, text: inFont(one.text) });
  }
  // Past the knife, or the edge on which it is torn.
  if (options.cut === "full") paper.cut({ verticalTabAmount: 1 });
  else if (options.cut === "partial") paper.partialCut({ verticalTabAmount: 1 });
  else paper.printVerticalTab();
  return paper.getBuffer();
}
