import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { profileNames } from "../../config/profile.ts";
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

test("the page of the models names every profile once, with what a health instrument measures", async () => {
  const page = pages["docs/models.md"]?.() ?? "";
  for (const name of await profileNames()) expect(page.split(`\n| \`${name}\` |`)).toHaveLength(2);
  expect(page).toMatch(/^\| `aandd-ua767pc` \|.*\| path, by-id, usb \| systolic, diastolic, pulse \| by hand \|/m);
  expect(page).toMatch(/^\| `maibobo-rbp` \|.*\| by the kiosk \|/m);
});
