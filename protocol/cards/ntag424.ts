import { failed, type Exchange, type Failed } from "./exchange.ts";
import { addressIn } from "./ndef.ts";
import { mirrorIn, type Mirror } from "./sdm.ts";
import { readMessage } from "./type4.ts";

export type MirrorRead = { readonly is: "read"; readonly mirror: Mirror } | Failed;

/** Reads what an NTAG 424 DNA writes into its address at this reading. No key is needed; the counter rises by one. */
export async function readMirror(exchange: Exchange): Promise<MirrorRead> {
  const message = await readMessage(exchange);
  if (message.is !== "message") return message;
  const address = addressIn(message.bytes);
  const mirror = address === undefined ? undefined : mirrorIn(address);
  return mirror === undefined ? failed("not-this-kind") : { is: "read", mirror };
}
