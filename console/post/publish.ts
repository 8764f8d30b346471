import type { Judged } from "../../protocol/pickup-code/judged.ts";

/** Hands a message of QoS 1 to the broker: resolves when it has it, or with a sentence when it cannot. */
export type Publish = (topic: string, payload: Uint8Array, retain: boolean) => Promise<Judged<void>>;
