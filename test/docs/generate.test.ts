import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { pages } from "../../docs/generate.ts";

const root = new URL("../../", import.meta.url);

test.each(Object.entries(pages))('%s is as "npm run generate" makes it', async (file, page) => {
  expect(await readFile(new URL(file, root), "utf8")).toBe(page());
});

test("the page of the station file tells every field's meaning, form and default", () => {
  const page = pages["docs/config.md"]?.() ?? "";
  expect(page).toContain(
    "| `slots[].critical` | At this many or fewer the keeper is told. | a whole number from 0 to 255 | `2` |",
  );
  expect(page).toContain("| `devices[].wiring.by` |");
  expect(page).not.toContain("|  |");
});
