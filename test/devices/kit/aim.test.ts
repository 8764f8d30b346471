import { expect, test } from "vitest";
import { withoutAim } from "../../../devices/kit/aim.ts";

test.each([
  ["]Q1", "qr"],
  ["]C0", "code128"],
  ["]A0", "code39"],
  ["]E0", "ean"],
  ["]d2", "data-matrix"],
  ["]L0", "pdf417"],
  // Aztec: a symbol that we do not tell apart.
  ["]z0", "other"],
])("%s before a text says that it was printed as %s, and is no part of the text", (identifier, symbology) => {
  expect(withoutAim(`${identifier}4829163550`)).toEqual({ text: "4829163550", symbology });
});

test.each(["4829163550", "", "]", "]Q", "]11234", "Q]Q11"])("%j has no identifier and stays as it is", (text) => {
  expect(withoutAim(text)).toEqual({ text });
});
