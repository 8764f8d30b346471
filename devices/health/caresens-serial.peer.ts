import type { PeerDefinition } from "../kit/driver.ts";
import { careSens, knobs } from "./caresens-machine.ts";

const definition: PeerDefinition<object, Uint8Array, Uint8Array> = {
  knobs,
  peer: (_, lab, send) => careSens(lab, send),
};

export default definition;
