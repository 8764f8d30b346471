import { err, ok, type Result } from "../kit/result.ts";

export interface Gm65Options {
  /** continuous: it reads by itself. command: the kiosk starts each reading, and the light rests between them. */
  readonly mode: "continuous" | "command";
  /** A code that stays before the module is told again after so long. */
  readonly sameCodeSeconds: number;
  /** The module tells how a code was printed, with a letter before the text. */
  readonly codeId: boolean;
}

/**
 * The kiosk takes a code that it hears of again within 2 s for one that is still held. The module adds its reading
 * interval and the reading itself to the delay. A text that was broken off is given up after 0.4 s: sooner than the next.
 */
const shortestDelay = 0.5;
const longestDelay = 1.5;

/** `mode` ("continuous"), `sameCodeSeconds` (1), `codeId` (false). */
export function readOptions(raw: unknown): Result<Gm65Options, readonly string[]> {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return err(["options: expected an object"]);
  const given: Readonly<Record<string, unknown>> = { mode: "continuous", sameCodeSeconds: 1, codeId: false, ...raw };
  const { mode, sameCodeSeconds, codeId } = given;
  const mistakes = Object.keys(given)
    .filter((name) => !["mode", "sameCodeSeconds", "codeId"].includes(name))
    .map((name) => `${name}: a GM65 has no such option; it has mode, sameCodeSeconds, codeId`);

  const isMode = mode === "continuous" || mode === "command";
  if (!isMode) mistakes.push('mode: expected "continuous" or "command"');
  const isDelay =
    typeof sameCodeSeconds === "number" && sameCodeSeconds >= shortestDelay && sameCodeSeconds <= longestDelay;
  if (!isDelay)
    mistakes.push(
      `sameCodeSeconds: expected seconds from ${shortestDelay} to ${longestDelay}, or one held code passes for several`,
    );
  if (typeof codeId !== "boolean") mistakes.push("codeId: expected true or false");

  if (mistakes.length > 0 || !isMode || !isDelay || typeof codeId !== "boolean") return err(mistakes);
  return ok({ mode, sameCodeSeconds, codeId });
}
