import { decodePayload } from "../../protocol/sparkplug/payload.ts";
import { nextServer, rebirth } from "../../protocol/sparkplug/metrics.ts";

/** What an NCMD asks of the node. Only these two are obeyed without a signature: neither moves anything. */
export interface NodeControl {
  readonly rebirth: boolean;
  readonly nextServer: boolean;
  /** Metrics that ask for something else, or that ask wrongly. */
  readonly ignored: number;
}

/** A command of Sparkplug has some 60 bytes; larger ones are not decoded. */
const longest = 4096;
const nothing: NodeControl = { rebirth: false, nextServer: false, ignored: 1 };

/** Never throws, whatever came. */
export function readNodeControl(payload: Uint8Array): NodeControl {
  if (payload.length > longest) return nothing;
  const decoded = decodePayload(payload);
  if (!decoded.ok) return nothing;
  const asked = { rebirth: false, nextServer: false, ignored: 0 };
  for (const { name, alias, value } of decoded.value.metrics) {
    const is = (control: typeof rebirth): boolean =>
      value === true && (name === undefined ? alias !== undefined && alias === control.alias : name === control.name);
    if (is(rebirth)) asked.rebirth = true;
    else if (is(nextServer)) asked.nextServer = true;
    else asked.ignored += 1;
  }
  return asked;
}
