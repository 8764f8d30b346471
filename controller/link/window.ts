/** How many messages may be under way at once: the others wait for their turn, in order. */
export interface Window {
  /** Calls `go` when there is room; it must call `leave` once. `bytes` counts while it waits. */
  pass(bytes: number, go: (leave: () => void) => void): void;
  /** Of those that wait. */
  bytes(): number;
  /** Whoever waits goes no more. */
  close(): void;
}

/** @param most [MQTT5 3.3.4] a broker ends the connection of whoever exceeds its Receive Maximum. */
export function openWindow(most: number): Window {
  const waiting: { readonly bytes: number; readonly go: (leave: () => void) => void }[] = [];
  let under = 0;
  let bytes = 0;
  const turn = () => {
    while (under < most) {
      const first = waiting.shift();
      if (first === undefined) return;
      bytes -= first.bytes;
      under += 1;
      first.go(() => {
        under -= 1;
        turn();
      });
    }
  };
  return {
    pass(size, go) {
      waiting.push({ bytes: size, go });
      bytes += size;
      turn();
    },
    bytes: () => bytes,
    close() {
      waiting.length = 0;
      bytes = 0;
    },
  };
}
