import { expect, test } from "vitest";
import { ofSevenBits, sevenBits } from "../../../devices/kit/seven-bits.ts";
import { textLines } from "../../../devices/kit/text-line.ts";

/** As a scale set to 7E1 sends it. */
const withParity = (code: number) =>
  Array.from(code.toString(2)).filter((bit) => bit === "1").length % 2 === 1 ? code | 0x80 : code;

test("seven bits come through, and any one flipped bit is seen", () => {
  for (let code = 0; code < 128; code++) {
    expect(sevenBits(withParity(code))).toBe(code);
    for (let bit = 0; bit < 8; bit++) expect(sevenBits(withParity(code) ^ (1 << bit))).toBe(0xff);
  }
});

test("a line with a damaged byte is damaged as a whole", () => {
  const framer = ofSevenBits(textLines<never>());
  const bytes = Uint8Array.from("ST,+00062.30  kg\r\n", (letter) => withParity(letter.charCodeAt(0)));
  expect(framer.push(framer.start, bytes).frames).toEqual([{ is: "text", text: "ST,+00062.30  kg" }]);
  expect(framer.push(framer.start, bytes.with(8, (bytes[8] ?? 0) ^ 1)).frames).toEqual([{ is: "damaged" }]);
});
