import { nobody, type Token } from "../../../protocol/pickup-code/token.ts";
import { qrImage } from "./qr-image.ts";
import { pageOf } from "./slips.ts";
import type { Lifetime } from "./lifetime.ts";

export interface SheetFacts {
  readonly lifetime: Lifetime;
  /** What they are for, in the issuer's words. */
  readonly nameZh?: string;
  readonly nameEn?: string;
}

/** The page's words and looks stand in a file of their own: a station may print its own. */
const template = new URL("./qr-sheet.zh-CN.html", import.meta.url);

/** One token on the sheet: who it is for is told by its number alone, as in the CSV file. */
export interface Printed {
  readonly token: Token;
  readonly text: string;
  readonly name: string;
}

/** A4 pages of QR codes to cut, twelve a page, in Chinese and English. */
export function qrSheet(tokens: readonly Printed[], { lifetime, nameZh, nameEn }: SheetFacts): string {
  return pageOf(
    template,
    tokens.map(({ token, text, name }) => {
      const { png, millimetres } = qrImage(text);
      return {
        plain: token.pid === nobody ? "" : undefined,
        member: token.pid === nobody ? undefined : "",
        zh: nameZh,
        en: nameEn,
        image: `data:image/png;base64,${Buffer.from(png).toString("base64")}`,
        edge: `${millimetres.toFixed(3)}mm`,
        from: lifetime.fromText,
        until: lifetime.untilText,
        index: name,
      };
    }),
  );
}
