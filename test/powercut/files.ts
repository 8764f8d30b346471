import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Files by their path below a folder, without a leading slash. */
export type Files = ReadonlyMap<string, Buffer>;

/** What lies in `folder`, and which file each inode number is. */
export function filesIn(folder: string): { readonly files: Files; readonly numbers: ReadonlyMap<bigint, string> } {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );
  return {
    files: new Map(names.map((name) => [name, readFileSync(join(folder, name))])),
    numbers: new Map(names.map((name) => [statSync(join(folder, name), { bigint: true }).ino, name])),
  };
}

export function writeFiles(folder: string, files: Files): void {
  for (const [name, content] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}
