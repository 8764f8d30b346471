declare const unit: unique symbol;

/** Milliseconds: a span, a monotonic reading, or a UTC time since 1970. */
export type Millis = number & { readonly [unit]: "ms" };

export const millis = (n: number): Millis => n as Millis;
export const seconds = (n: number): Millis => millis(n * 1000);
export const minutes = (n: number): Millis => millis(n * 60_000);
export const hours = (n: number): Millis => millis(n * 3_600_000);
export const days = (n: number): Millis => millis(n * 86_400_000);

export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Never jumps. Every time-out is counted on it. */
  mono(): Millis;
  /** For records only. `trusted`: set by the network or a battery-backed clock within the last 7 days. */
  wall(): { readonly utc: Millis; readonly trusted: boolean };
  /** `label` names the wait in traces and in the list of what is still waiting at the end of a test. */
  after(delay: Millis, label: string, wake: () => void): Timer;
}
