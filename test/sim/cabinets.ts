import { loadModel } from "../../config/profile.ts";
import type { PeerDefinition } from "../../devices/kit/driver.ts";
import type { Cabinet } from "./street.ts";

/** The first slots of a machine, as its board numbers them. */
const slots = ["1", "2", "3", "4", "5", "6"];

/** A model under the name `id`, with its simulated machine; `over`: options of the station file. */
export async function stand(
  model: string,
  id: string,
  match: string,
  over: object = {},
): Promise<Omit<Cabinet, "slots">> {
  const loaded = await loadModel(model, { file: "test", path: model });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  const { profile, driver } = loaded.value;
  const options = driver.options({ ...profile.options, ...over });
  if (!options.ok) throw new Error(options.error.join("; "));
  const { default: peer } = (await import(
    new URL(`../../devices/${profile.driver}.peer.ts`, import.meta.url).href
  )) as {
    default: PeerDefinition<unknown, Uint8Array, Uint8Array>;
  };
  return {
    device: {
      id,
      profile,
      driver,
      options: options.value,
      wiring: { by: "path", match },
      remembers: driver.remembers,
    },
    peer,
  };
}

const cabinet = async (model: string): Promise<Cabinet> => ({ ...(await stand(model, "vend", "simulated")), slots });

export const cabinets = { tcn: await cabinet("tcn"), xy: await cabinet("xy-v3") } as const;

/** A reader of 125 kHz cards and a scanner, each on a line of its own. */
export const stands = {
  rfid: await stand("rdm6300", "rfid", "rfid"),
  scanner: await stand("line-scanner", "scanner", "scanner"),
} as const;
