/** What the host application takes its time from, so that tests need not wait. A kiosk's Clock fits. */
export interface Clock {
  /** Milliseconds that never jump: for waits and limits. */
  mono(): number;
  /** For records: UTC, milliseconds since 1970. */
  wall(): { readonly utc: number };
  /** `label` names the wait in the list of what is still waiting at the end of a test. */
  after(delay: number, label: string, wake: () => void): { cancel(): void };
}

export const systemClock: Clock = {
  mono: () => performance.now(),
  wall: () => ({ utc: Date.now() }),
  after(delay, _label, wake) {
    const timer = setTimeout(wake, delay);
    return { cancel: () => clearTimeout(timer) };
  },
};
