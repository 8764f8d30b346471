import { appendFileSync, existsSync } from "node:fs";
import { readLetter } from "../../protocol/health/letter.ts";
import { parseDate, startOf } from "../../protocol/pickup-code/calendar.ts";
import type { LetterMark } from "../store/letters.ts";
import { withDesk, type CentrePlace } from "./with-desk.ts";
import { refused, say } from "./words.ts";

export interface LettersOptions extends CentrePlace {
  /** Fingerprint of the recipient's key. */
  readonly for: string;
  readonly out: string;
  /** A day, "2026-07-01". */
  readonly since?: string;
}

/** Writes the letters of a recipient to a file, one a line, unread. @returns the exit code. */
export function handOutLetters(options: LettersOptions): Promise<number> {
  const { for: to, out, since } = options;
  const day = since === undefined ? undefined : parseDate(since);
  if (since !== undefined && day === undefined)
    return Promise.resolve(refused([`${since} is no day: expected one such as 2026-07-01.`]));
  if (existsSync(out))
    return Promise.resolve(refused([`${out} is there already, and is left as it is: name another file with --out.`]));
  return withDesk(options, async ({ desk }) => {
    let [count, after]: [number, LetterMark | undefined] = [0, undefined];
    for (;;) {
      const some = await desk.letters({
        to,
        since: day === undefined ? 0 : startOf(day),
        ...(after === undefined ? {} : { after }),
      });
      const last = some.at(-1);
      if (last === undefined) break;
      after = { kiosk: last.kiosk, life: last.life, seq: last.seq };
      const lines = some.map(({ letter }) => JSON.stringify(letter)).filter((line) => readLetter(line).ok);
      appendFileSync(out, lines.map((line) => `${line}\n`).join(""));
      count += lines.length;
    }
    if (count === 0) return refused([`There is no letter for ${to}${since === undefined ? "" : ` since ${since}`}.`]);
    say(
      `${count === 1 ? "1 letter" : `${count} letters`} for ${to}, in ${out}. The recipient opens them with "health open".`,
    );
    return 0;
  });
}
