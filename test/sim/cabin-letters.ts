import { openLetter } from "../../protocol/health/sealing.ts";
import { clinicSecret } from "./cabin-stands.ts";
import type { CabinRoom } from "./cabin-room.ts";
import type { SeenVisit } from "./cabin-visits.ts";

interface Quantity {
  readonly valueQuantity?: { readonly value: number };
}
interface Observation extends Quantity {
  readonly component?: readonly Quantity[];
}
interface Bundle {
  readonly entry: readonly { readonly resource: Observation }[];
}

const numbersIn = ({ entry }: Bundle): readonly number[] =>
  entry.flatMap(({ resource }) =>
    [resource, ...(resource.component ?? [])].flatMap(({ valueQuantity }) =>
      valueQuantity ? [valueQuantity.value] : [],
    ),
  );

/** Letters, opened by the recipient: each is of one who agreed to it, and holds what that person was shown. */
export async function wrongLetters(room: CabinRoom, visits: readonly SeenVisit[]): Promise<readonly string[]> {
  const wrong: string[] = [];
  let agreed = visits.filter(({ letters }) => letters > 0);
  for (const { entry } of room.card.entries) {
    if (entry.kind !== "handed-over") continue;
    const { v, to, enc, sealed } = entry;
    const opened = await openLetter({ v, kind: "health", kiosk: "cabin-1", to, enc, sealed }, clinicSecret);
    if (!opened.ok) {
      wrong.push(`a letter does not open: ${opened.error.join(" ")}`);
      continue;
    }
    const numbers = numbersIn(JSON.parse(opened.value) as Bundle);
    const whose = agreed.find(({ shown }) => numbers.every((number) => shown.has(number)));
    if (whose === undefined) wrong.push(`a letter with ${numbers.join(", ")} is of nobody who agreed to it`);
    // Whoever sent it twice, because it failed, may have two.
    if (whose) whose.letters -= 1;
    agreed = agreed.filter(({ letters }) => letters > 0);
  }
  return wrong;
}
