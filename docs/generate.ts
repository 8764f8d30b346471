import { readFile, writeFile } from "node:fs/promises";
import { toJsonSchema } from "@valibot/to-json-schema";
import { stationSchema } from "../config/schema.ts";
import { checkUpPassPage } from "./check-up-pass-page.ts";
import { commandsPage, commandsSchema } from "./commands-page.ts";
import { configPage } from "./config-page.ts";
import { eventsPage, eventsSchema } from "./events-page.ts";
import { healthRangesPage } from "./health-ranges-page.ts";
import { modelsPage } from "./models-page.ts";
import { topicsPage } from "./topics-page.ts";

/** Every file that is made from the code, by its path in the repository. test/docs/generate.test.ts holds them fresh. */
export const pages: Readonly<Record<string, () => string>> = {
  "config/station.schema.json": () =>
    `${JSON.stringify({ title: "station.json", ...toJsonSchema(stationSchema, { typeMode: "input" }) }, null, 2)}\n`,
  "docs/check-up-pass.md": checkUpPassPage,
  "docs/commands.md": commandsPage,
  "docs/commands.schema.json": commandsSchema,
  "docs/config.md": configPage,
  "docs/events.md": eventsPage,
  "docs/events.schema.json": eventsSchema,
  "docs/health-ranges.md": healthRangesPage,
  "docs/models.md": modelsPage,
  "docs/topics.md": topicsPage,
};

const root = new URL("../", import.meta.url);

if (import.meta.main) {
  for (const [file, page] of Object.entries(pages)) {
    const before = await readFile(new URL(file, root), "utf8").catch(() => "");
    const after = page();
    if (after !== before) await writeFile(new URL(file, root), after);
    console.log(after === before ? `${file} is fresh` : `${file} written`);
  }
}
