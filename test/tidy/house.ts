import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { readSource, type Source } from "./source.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
/** Not ours, or not kept. */
const elsewhere = new Set([".git", "node_modules", "data", ".work"]);
const isText =
  /\.(ts|js|mjs|cjs|css|html|json|md|txt|c|sh|yml|service|rules|conf|toml|csv)$|(^|\/)(run|Makefile|LICENSE|\.gitignore)$/;

/** Every text file of the repository. */
export function readHouse(): readonly Source[] {
  const walk = (folder: string): readonly string[] =>
    readdirSync(folder, { withFileTypes: true })
      .filter(({ name }) => !elsewhere.has(name))
      .flatMap((entry) => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return walk(path);
        return entry.isFile() && isText.test(path) ? [path] : [];
      });
  return walk(root).map((path) => readSource(relative(root, path), readFileSync(path, "utf8")));
}
