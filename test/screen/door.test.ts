import { expect, test } from "vitest";
import { isKey } from "../../controller/screen/door.ts";
import { view } from "../../controller/screen/view.ts";
import { cabin, cabinPages } from "./cabin-gallery.ts";
import { gallery, stationWith } from "./gallery.ts";

const face = { station: stationWith(222), simulated: false };
const keysOf = (html: string): readonly string[] =>
  [...html.matchAll(/data-press="([^"]*)"/g)].map(([, key = ""]) => key);

test.for(Object.entries(cabinPages))("every key on the cabin's page %s is handed on to the kiosk", ([, page]) => {
  const keys = keysOf(view({ language: "zh-CN", body: cabin(page) }, face).text);
  expect(keys).not.toHaveLength(0);
  expect(keys.filter((key) => !isKey(key))).toEqual([]);
});

test("so is every other key, the one into the cabin among them", () => {
  const idle = { is: "idle", products: [], digits: 10, cabin: "beside" } as const;
  const screens = [...gallery("en").values(), { language: "en", body: idle } as const];
  const keys = new Set(screens.flatMap((screen) => keysOf(view(screen, face).text)));
  expect(keys).toContain("cabin");
  expect([...keys].filter((key) => !isKey(key))).toEqual([]);
});

test("what no page has is not handed on", () => {
  expect(["ok", "cabins", "end ", "tick:", "tick:Ä", "step:1", "leaf:", "leaf:x", "steps:"].filter(isKey)).toEqual([]);
});
