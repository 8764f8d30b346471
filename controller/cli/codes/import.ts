import { issuer } from "../../../protocol/pickup-code/issuer.ts";
import { alphabets, longest, parseList, shortest, type Alphabet } from "../../../protocol/pickup-code/list.ts";
import { listLoss, listLossTooHigh } from "../../../protocol/pickup-code/loss.ts";
import { err, ok, type Result } from "../../../devices/kit/result.ts";
import { readSecret } from "../../store/secret-file.ts";
import { handOver, readPaper, refused } from "./paper.ts";

export interface ImportOptions {
  readonly rootFile: string;
  readonly releaseKey: string;
  readonly kid: string;
  readonly station: string;
  readonly id: string;
  readonly in: string;
  readonly column?: string;
  readonly products: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly hours: string;
  readonly lossLimit: number;
  readonly out: string;
}

/** Below this many codes a place that never changes may be chance. */
const enoughToJudge = 30;

/** Writes a signed list of another platform's codes. @returns the exit code. */
export function importCodes(options: ImportOptions): number {
  const { station, kid, id, products, from, to, hours, lossLimit, out } = options;
  const [root, release] = [readSecret(options.rootFile), readSecret(options.releaseKey)];
  if (!root.ok) return refused(root.error);
  if (!release.ok) return refused(release.error);
  const text = readPaper(options.in);
  if (!text.ok) return refused(text.error);
  const found = codesIn(text.value, options.column);
  if (!found.ok) return refused(found.error);
  const codes = [...new Set(found.value)];
  const form = formOf(codes);
  if (!form.ok) return refused(form.error);
  const { codeLength, alphabet, guessed } = form.value;
  const { size } = alphabets[alphabet];

  const weak = listLossTooHigh(codes.length, size, guessed, lossLimit);
  const same = codeLength - guessed;
  if (weak !== undefined)
    return refused(
      ...(same > 0
        ? [`${same} of the ${codeLength} characters are the same in all codes, so that nobody need guess them.`]
        : []),
      weak,
    );
  const issuedAt = new Date().toISOString();
  const list = issuer({ root: root.value, release: release.value, kid, station }).list(
    { id, codeLength, alphabet, products, from, to, hours, lossLimit, issuedAt },
    codes,
  );
  const judged = parseList(JSON.stringify(list));
  if (!judged.ok) return refused(...judged.error);
  const written = handOver(`${JSON.stringify(list)}\n`, out);
  if (!written.ok) return refused(written.error);
  const twice = found.value.length - codes.length;
  console.error(
    `${codes.length} codes of ${codeLength} ${alphabet === "digits" ? "digits" : "digits and letters"}${twice > 0 ? `, ${twice} more stood there twice` : ""}. ` +
      `Guessing costs an expected ${listLoss(codes.length, size, guessed).toPrecision(2)} drinks a kiosk-year; lossLimit is ${lossLimit}. ` +
      `The kiosk needs its key: codes export-keys --list ${id}.`,
  );
  return 0;
}

/** One code a line, or a column of CSV. Quotes around a field are taken away; codes hold neither commas nor quotes. */
function codesIn(text: string, column: string | undefined): Result<readonly string[], string> {
  const rows = text
    .replace(/^\ufeff/, "")
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .map((line) => line.split(/[,;\t]/).map((field) => field.trim().replace(/^"(.*)"$/, "$1")));
  const head = rows[0];
  if (!head) return err("There are no codes in the file.");
  const asked = column ?? "code";
  const at = head.indexOf(asked);
  if (at >= 0) return ok(rows.slice(1).map((row) => row[at] ?? ""));
  if (column !== undefined) return err(`There is no column ${column}; the file has: ${head.join(", ")}.`);
  if (head.length > 1) return err(`Which column holds the codes? Name it with --column: ${head.join(", ")}.`);
  return ok(rows.map((row) => row[0] ?? ""));
}

interface Form {
  readonly codeLength: number;
  readonly alphabet: Alphabet;
  /** Places that differ from code to code: what a guesser must hit. */
  readonly guessed: number;
}

function formOf(codes: readonly string[]): Result<Form, string> {
  const [first = ""] = codes;
  const codeLength = first.length;
  const odd = codes.findIndex((code) => code.length !== codeLength);
  if (odd >= 0)
    return err(
      `Code ${odd + 1} has ${codes[odd]?.length} characters and the first has ${codeLength}: import each length by itself.`,
    );
  if (codeLength < shortest || codeLength > longest)
    return err(`The codes have ${codeLength} characters: expected ${shortest} to ${longest}.`);
  const alphabet = (["digits", "capitals", "letters"] as const).find((name) =>
    codes.every((code) => alphabets[name].form.test(code)),
  );
  if (!alphabet) {
    const strange = codes.findIndex((code) => !alphabets.letters.form.test(code));
    return err(`Code ${strange + 1} holds something else than digits and letters: is it the right column?`);
  }
  const differs = (at: number): boolean => codes.some((code) => code[at] !== first[at]);
  const guessed =
    codes.length < enoughToJudge
      ? codeLength
      : Array.from({ length: codeLength }, (_, at) => at).filter(differs).length;
  return ok({ codeLength, alphabet, guessed });
}
