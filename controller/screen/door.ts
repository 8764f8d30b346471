import type { IncomingMessage } from "node:http";
import { err, ok, type Result } from "../../devices/kit/result.ts";
import type { Key } from "./model.ts";

/** Why a request is turned away: a status of HTTP and a sentence. */
export interface Refused {
  readonly status: number;
  readonly why: string;
}

/** What a page says: the name of a key, or the revision that is on its glass. */
export interface Spoken {
  readonly key?: Key;
  readonly revision?: number;
}

/** The longest true body is {"revision":9007199254740991}. */
const mostBytes = 128;

const workersKeys = /^(?:\d|back|clear|language|cancel|go-on|taken|cabin|choose:\d{1,2}|face:(?:good|fair|poor))$/;
/** As cabin-model.ts has them. */
const cabinKeys =
  /^(?:end|agree|refuse|female|male|skip|next|dot|begin|ready|skip-rest|still-me|new-person|fasting|after-meal|unknown|stop|again|understood|results|print|qr|send|pass|new-pass|steps|symptoms|tick:[a-z-]{1,24}|step:[a-z]{1,16}|leaf:\d{1,3})$/;

/** What is no key of a page is not handed on. */
export const isKey = (name: string): boolean => workersKeys.test(name) || cabinKeys.test(name);

/**
 * Only the kiosk's own page may press keys. A web page elsewhere can send requests to the loopback: its Origin gives it
 * away, and a name that was re-pointed to 127.0.0.1 stands in Host.
 */
export function admitted({ headers }: IncomingMessage, served: string): Refused | undefined {
  const { host, origin } = headers;
  const name = host?.replace(/:\d+$/, "");
  if (name === undefined || !["127.0.0.1", "localhost", "[::1]", served].includes(name)) {
    return { status: 421, why: "This screen is served to its own machine only." };
  }
  const site = headers["sec-fetch-site"];
  const foreign = site !== undefined && site !== "same-origin" && site !== "none";
  if (foreign || (origin !== undefined && origin !== `http://${host}`)) {
    return { status: 403, why: "Only the screen's own page may ask this." };
  }
  return undefined;
}

/** The JSON of a request, of at most so many bytes; undefined where it is none. */
export async function heard(request: IncomingMessage, most: number): Promise<Result<unknown, Refused>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > most) return err({ status: 413, why: `A page says at most ${most} bytes at once.` });
    chunks.push(chunk);
  }
  return ok(parsed(Buffer.concat(chunks).toString("utf8")));
}

export async function spoken(request: IncomingMessage): Promise<Result<Spoken, Refused>> {
  const body = await heard(request, mostBytes);
  if (!body.ok) return body;
  const said = body.value;
  if (typeof said !== "object" || said === null) return err({ status: 400, why: "This is not JSON of a screen." });
  const { key, revision } = said as { readonly key?: unknown; readonly revision?: unknown };
  return ok({
    ...(typeof key === "string" && isKey(key) && { key }),
    ...(typeof revision === "number" && Number.isSafeInteger(revision) && { revision }),
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
