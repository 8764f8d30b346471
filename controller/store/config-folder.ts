import { hash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { desiredConfigSchema } from "../../protocol/commands/desired.ts";
import { err, ok, type Result } from "../../devices/kit/result.ts";
import { makeNamesDurable } from "./aside.ts";
import { writeWhole } from "./secret-file.ts";
import { sentenceOf } from "./trouble.ts";
import type { Holding } from "./trial.ts";

type Name = keyof Holding;

const held = { base: v.string(), document: desiredConfigSchema };
/** What a power cut or a rotten card may have left is looked at as closely as what comes from outside. */
const schemas: { readonly [N in Name]: v.GenericSchema<unknown, NonNullable<Holding[N]>> } = {
  now: v.object(held),
  before: v.object(held),
  trial: v.object({ ...held, starts: v.number(), working: v.array(v.string()) }),
  failed: v.object({
    sig: v.string(),
    version: v.string(),
    issuedAt: v.string(),
    state: v.picklist(["rolled-back", "refused"]),
    why: v.string(),
  }),
};

/** No secrets; the technician may read them. */
const everybodyReads = 0o644;

/**
 * The configurations from the centre in a data folder, as files: they are needed before the database is open. Each is
 * written whole or not at all.
 */
export interface ConfigFolder {
  /** A file that cannot be read any more counts as absent. */
  read(): Holding;
  /** Writes some files and removes others, in this order. The error is a sentence. */
  write(change: { readonly [N in Name]?: Holding[N] | null }): Result<void, string>;
}

export function configFolder(dataFolder: string): ConfigFolder {
  const folder = join(dataFolder, "config");
  const pathOf = (name: Name): string => join(folder, `${name}.json`);
  return {
    read: () => {
      const of = <N extends Name>(name: N): Pick<Holding, N> | undefined => {
        const judged = v.safeParse(schemas[name], readJson(pathOf(name)));
        return judged.success ? ({ [name]: judged.output } as Pick<Holding, N>) : undefined;
      };
      return { ...of("now"), ...of("before"), ...of("trial"), ...of("failed") };
    },
    write(change) {
      try {
        if (!existsSync(folder)) {
          mkdirSync(folder);
          makeNamesDurable(dataFolder);
        }
        for (const [name, value] of Object.entries(change) as [Name, object | null][])
          if (value === null) rmSync(pathOf(name), { force: true });
          else writeWhole(pathOf(name), `${JSON.stringify(value, null, 1)}\n`, everybodyReads);
        makeNamesDurable(folder);
        return ok(undefined);
      } catch (thrown) {
        return err(sentenceOf(thrown, dataFolder));
      }
    },
  };
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/** SHA-256 of a file, 64 hex digits; undefined where it cannot be read. */
export function fileHash(path: string): string | undefined {
  try {
    return hash("sha256", readFileSync(path), "hex");
  } catch {
    return undefined;
  }
}
