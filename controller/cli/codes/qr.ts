import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { err, ok, type Result } from "../../../devices/kit/result.ts";
import { hexOf } from "../../../protocol/pickup-code/sign.ts";
import { mint, nobody, numericText, type Token } from "../../../protocol/pickup-code/token.ts";
import { readSecret } from "../../store/secret-file.ts";
import { lifetimeOf, type Lifetime } from "./lifetime.ts";
import { handOver, refused } from "./paper.ts";
import { qrImage } from "./qr-image.ts";
import { qrSheet, type Printed } from "./qr-sheet.ts";
import { pidsIn, readRegister } from "./register.ts";

export interface QrOptions {
  readonly qrKey: string;
  readonly kid: number;
  readonly number?: number;
  readonly area?: number;
  readonly class: number;
  readonly from?: string;
  readonly lasts: string;
  readonly count?: number;
  readonly member?: string;
  readonly members?: string;
  readonly nameZh?: string;
  readonly nameEn?: string;
  readonly png?: string;
  readonly sheet?: string;
  readonly csv?: string;
}

/** A member's card is shown on a telephone, and photographed in a moment: it dies soon, and the next one is minted. */
const cardQuarters = 7 * 96;
const idLength = 8;
const pidForm = /^[0-9a-f]{16}$/;
/** More tokens of one order do not fit its numbers, nor a printer. */
export const tokensAtMost = 10_000;

/** Mints signed QR tokens and writes them down. @returns the exit code. */
export function mintTokens(options: QrOptions): number {
  const secret = readSecret(options.qrKey);
  if (!secret.ok) return refused(secret.error);
  const lifetime = lifetimeOf(options.from, options.lasts, Date.now());
  if (!lifetime.ok) return refused(lifetime.error);
  const scope = scopeOf(options);
  if (!scope.ok) return refused(scope.error);
  const pids = bearers(options, lifetime.value);
  if (!pids.ok) return refused(pids.error);
  const outputs = freshOutputs(options, pids.value.length);
  if (!outputs.ok) return refused(outputs.error);

  const tokens = pids.value.map((pid, at): Printed => {
    const token: Token = {
      kid: options.kid,
      id: hexOf(randomBytes(idLength)),
      notBefore: lifetime.value.notBefore,
      quarters: lifetime.value.quarters,
      scope: scope.value,
      productClass: options.class,
      pid,
    };
    return { token, text: numericText(mint(token, secret.value)), name: nameOf(at) };
  });
  const written = writeAll(tokens, options, lifetime.value);
  if (!written.ok) return refused(written.error);
  const where = `${scope.value.of === "area" ? "the area" : "the kiosk"} ${scope.value.number}`;
  console.error(
    `${tokens.length} ${pids.value[0] === nobody ? "tokens" : "members' cards"} of the key ${options.kid} for ${where}, good once from ${lifetime.value.fromText} to ${lifetime.value.untilText} (UTC+8).`,
  );
  return 0;
}

/** "0001": the number of a token in its order. */
const nameOf = (at: number): string => String(at + 1).padStart(4, "0");

function scopeOf({ number, area }: QrOptions): Result<Token["scope"], string> {
  if (number !== undefined && area === undefined) return ok({ of: "station", number });
  if (area !== undefined && number === undefined) return ok({ of: "area", number: area });
  return err("Say where they are good: --number for one kiosk, or --area for all kiosks of an area.");
}

/** Whose tokens they are, one pid a token. */
function bearers({ count, member, members }: QrOptions, { quarters }: Lifetime): Result<readonly string[], string> {
  if (member === undefined && members === undefined) return ok(Array<string>(count ?? 1).fill(nobody));
  if (quarters > cardQuarters)
    return err("A member's card is good for at most 7 days: mint the next one when it is needed.");
  if (member !== undefined && members !== undefined) return err("Name one --member, or a register with --members.");
  if (member !== undefined)
    return pidForm.test(member) && member !== nobody
      ? ok(Array<string>(count ?? 1).fill(member))
      : err("--member: expected the 16 hex digits that the register has as pid.");
  if (count !== undefined) return err("With --members everybody on the register gets one card: leave --count out.");
  const text = readRegister(members ?? "");
  if (!text.ok) return text;
  const pids = pidsIn(text.value);
  if (pids.length === 0) return err(`${members} names no member: expected the register that codes members made.`);
  return pids.length <= tokensAtMost
    ? ok(pids)
    : err(`${members} has ${pids.length} members, and one order mints ${tokensAtMost}: split it.`);
}

/** Where they go. What is there already is never overwritten: it may be the only copy of tokens that are out. */
function freshOutputs({ png, sheet, csv }: QrOptions, count: number): Result<void, string> {
  if (png === undefined && sheet === undefined && csv === undefined)
    return err("Say where they go: --png, --sheet or --csv.");
  const images = png === undefined ? [] : Array.from({ length: count }, (_, at) => join(png, `${nameOf(at)}.png`));
  const there = [sheet, csv, ...images].filter((path) => path !== undefined && path !== "-" && existsSync(path));
  return there.length === 0
    ? ok(undefined)
    : err(`${there[0]} is there already. Tokens are never overwritten; name another place.`);
}

function writeAll(tokens: readonly Printed[], options: QrOptions, lifetime: Lifetime): Result<void, string> {
  const { png, sheet, csv } = options;
  if (png !== undefined) {
    try {
      mkdirSync(png, { recursive: true, mode: 0o700 });
    } catch (thrown) {
      return err(`${png} cannot be made: ${thrown instanceof Error ? thrown.message : String(thrown)}.`);
    }
    for (const { text, name } of tokens) {
      const written = handOver(qrImage(text).png, join(png, `${name}.png`), "private");
      if (!written.ok) return written;
    }
  }
  if (csv !== undefined) {
    const rows = tokens.map(({ token, text, name }) => `${name},${token.pid},${text}\n`);
    const written = handOver(`number,pid,text\n${rows.join("")}`, csv, "private");
    if (!written.ok) return written;
  }
  return sheet === undefined ? ok(undefined) : handOver(qrSheet(tokens, { ...options, lifetime }), sheet, "private");
}
