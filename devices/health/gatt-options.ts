import { err, ok, type Result } from "../kit/result.ts";
import { services, type ServiceName } from "./gatt-service.ts";

export interface GattOptions {
  readonly services: readonly ServiceName[];
  /**
   * It keeps results and sends them when it is connected: one counts only where the instrument's own clock shows how old
   * it is. Else it sends what it measures in that moment, and forgets.
   */
  readonly keeps: boolean;
}

const isService = (name: unknown): name is ServiceName => typeof name === "string" && Object.hasOwn(services, name);

/** `services` (must be given), `keeps` (true). */
export function readOptions(raw: unknown): Result<GattOptions, readonly string[]> {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return err(["options: expected an object"]);
  const given: Readonly<Record<string, unknown>> = { keeps: true, ...raw };
  const mistakes = Object.keys(given)
    .filter((name) => name !== "services" && name !== "keeps")
    .map((name) => `${name}: a Bluetooth instrument has no such option; it has services, keeps`);
  const { services: named, keeps } = given;
  const list: readonly unknown[] = Array.isArray(named) ? named : [];
  const known = list.filter(isService);
  if (known.length === 0 || known.length !== list.length)
    mistakes.push(`services: expected a list of some of ${Object.keys(services).join(", ")}`);
  if (typeof keeps !== "boolean") mistakes.push("keeps: expected true or false");
  if (mistakes.length > 0 || typeof keeps !== "boolean") return err(mistakes);
  return ok({ services: known, keeps });
}
