import { existsSync, readFileSync } from "node:fs";

/** What the machine itself wrote down: a drive command with the open attempt in the ledger at that moment, or a good that fell. */
export type Line = { readonly driven: string; readonly attempt: number | null } | { readonly fell: string };

/** A good that fell, and the attempt that was in the ledger before its motor was told to turn. */
export interface Drop {
  readonly slot: string;
  readonly attempt: number | null;
}

export interface Journal {
  readonly driven: readonly { readonly driven: string; readonly attempt: number | null }[];
  readonly drops: readonly Drop[];
}

/** A slot's motions come one after another, so the oldest command that has not dropped its good is the one that does. */
export function readJournal(path: string): Journal {
  const lines = existsSync(path) ? readFileSync(path, "utf8").trimEnd().split("\n").filter(Boolean) : [];
  const driven: { driven: string; attempt: number | null }[] = [];
  const waiting = new Map<string, (number | null)[]>();
  const drops: Drop[] = [];
  for (const line of lines.map((text) => JSON.parse(text) as Line)) {
    if ("driven" in line) {
      driven.push(line);
      waiting.set(line.driven, [...(waiting.get(line.driven) ?? []), line.attempt]);
    } else {
      const [attempt = null, ...rest] = waiting.get(line.fell) ?? [];
      waiting.set(line.fell, rest);
      drops.push({ slot: line.fell, attempt });
    }
  }
  return { driven, drops };
}
