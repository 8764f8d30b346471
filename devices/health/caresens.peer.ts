import { cp2110Chip, cp2110Descriptor } from "../kit/cp2110-chip.ts";
import type { PeerDefinition } from "../kit/driver.ts";
import { careSens, knobs } from "./caresens-machine.ts";
import { baud } from "./caresens-wire.ts";

const definition: PeerDefinition<object, Uint8Array, Uint8Array> = {
  knobs,
  descriptor: () => cp2110Descriptor,
  peer(_, lab, send) {
    const meter = careSens(lab, (bytes) => chip.say(bytes));
    const chip = cp2110Chip(baud, send, (bytes) => meter.hear(bytes));
    return { ...meter, hear: (report) => chip.hear(report) };
  },
};

export default definition;
