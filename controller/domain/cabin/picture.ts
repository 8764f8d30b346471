import type { CabinBody } from "../../screen/cabin-model.ts";
import type { Scene, Setting, State } from "../state.ts";

/** What the person in the cabin sees. */
export function cabinPicture(_setting: Setting, _state: State, { visit }: Extract<Scene, { is: "cabin" }>): CabinBody {
  return { is: "cabin", page: visit.page, forgets: visit.consent === "refused" };
}
