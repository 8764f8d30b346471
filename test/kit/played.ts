import { fitDevice, loadModel } from "../../config/profile.ts";
import type { Lab, Peer, PeerDefinition } from "../../devices/kit/driver.ts";

type Bytes = Uint8Array;

/** What a station file says of a machine. */
export interface Cast {
  readonly profile: string;
  readonly path: string;
  readonly options?: object;
}

/** The simulated machine of a profile, for whoever has a line of bytes to it. */
export async function played(
  { profile, path, options }: Cast,
  lab: Lab,
  say: (bytes: Bytes) => void,
): Promise<Peer<Bytes>> {
  const model = await loadModel(profile, { file: "arguments", path: "" });
  if (!model.ok) throw new Error(JSON.stringify(model.error));
  const fitted = fitDevice(model.value, {
    id: "machine",
    wiring: { by: "path", match: path },
    options: { ...options },
  });
  if (!fitted.ok) throw new Error(JSON.stringify(fitted.error));
  const file = new URL(`../../devices/${model.value.profile.driver}.peer.ts`, import.meta.url).href;
  const { default: definition } = (await import(file)) as { default: PeerDefinition<unknown, Bytes, Bytes> };
  return definition.peer(fitted.value.options, lab, say);
}
