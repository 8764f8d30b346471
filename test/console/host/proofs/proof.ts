import type { Assertion } from "../assertions.ts";

/** A look at what was recorded, for each assertion that it proves. */
export type Proofs = Readonly<Partial<Record<Assertion, () => void>>>;
