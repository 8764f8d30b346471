/** Before another call to a broker. Milliseconds. */
const shortest = 1000;
const longest = 30_000;
/** Calling again soon does not help against these; by MQTT 3.1.1, then 5. */
const afterRefusal = 30_000;
const refusals: ReadonlySet<number> = new Set([
  4, // bad user name or password
  5, // not authorised
  0x86, // bad user name or password
  0x87, // not authorised
  0x8a, // banned
  0x8e, // session taken over: another host has our name
  0x97, // quota exceeded
]);

/**
 * Full jitter, doubled with each failure, so that a broker that comes back is not run down.
 * @param failures in a row before this one. @param dice from 0 up to, not including, 1.
 */
export function waitBefore(failures: number, code: number | undefined, dice: () => number): number {
  const span = Math.min(longest, shortest * 2 ** Math.min(failures, 16));
  const least = code !== undefined && refusals.has(code) ? afterRefusal : shortest;
  return Math.round(least + dice() * span);
}
