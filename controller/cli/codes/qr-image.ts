import { crc32 } from "node:zlib";
import { PNG } from "pngjs";
import { encodeQR } from "qr";

/**
 * So many pixels a module, and so many pixels a metre: printed at its own size a module is 8 dots of a 300 dpi printer,
 * 0.68 mm, and never a fraction of one. Scanners of kiosks read modules from about 0.3 mm.
 */
const pixelsAModule = 8;
const pixelsAnInch = 300;
const millimetresAnInch = 25.4;
/** White around it [ISO/IEC 18004, 9.1]. */
const quietModules = 4;

export interface QrImage {
  readonly png: Uint8Array;
  /** Edge of the printed square, white included. */
  readonly millimetres: number;
}

/** A QR code of digits in numeric mode, level M: a corner may be torn or wet. */
export function qrImage(digits: string): QrImage {
  const modules = encodeQR(digits, "raw", { ecc: "medium", encoding: "numeric", border: quietModules });
  const edge = modules.length * pixelsAModule;
  const image = new PNG({ width: edge, height: edge });
  for (let y = 0; y < edge; y++)
    for (let x = 0; x < edge; x++) {
      const isDark = modules[Math.floor(y / pixelsAModule)]?.[Math.floor(x / pixelsAModule)] === true;
      image.data.set(isDark ? [0, 0, 0, 255] : [255, 255, 255, 255], (y * edge + x) * 4);
    }
  const png = PNG.sync.write(image, { colorType: 0, inputHasAlpha: true });
  return { png: withSize(png), millimetres: (edge / pixelsAnInch) * millimetresAnInch };
}

/** Signature 8 bytes, and IHDR of 25, which comes first [PNG, 5.2 and 11.2.1]. */
const afterHeader = 33;

/** Says how large it is on paper: else each program that prints it chooses for itself, and modules get frayed edges. */
function withSize(png: Buffer): Uint8Array {
  const pixelsAMetre = Math.round((pixelsAnInch / millimetresAnInch) * 1000);
  const chunk = Buffer.alloc(21);
  chunk.writeUInt32BE(9, 0);
  chunk.write("pHYs", 4, "latin1");
  chunk.writeUInt32BE(pixelsAMetre, 8);
  chunk.writeUInt32BE(pixelsAMetre, 12);
  chunk.writeUInt8(1, 16); // the unit is the metre [PNG, 11.3.5.3]
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 17)), 17);
  return Buffer.concat([png.subarray(0, afterHeader), chunk, png.subarray(afterHeader)]);
}
