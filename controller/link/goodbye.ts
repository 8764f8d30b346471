import type { Socket } from "node:net";
import type { Clock } from "../../devices/kit/clock.ts";
import { delays } from "../delays.ts";

/** [MQTT5 3.14.2.1] Disconnect with Will Message. */
const withWillMessage = 0x04;

/** [MQTT5 3.14] DISCONNECT. MQTT 3.1.1 has no reason codes: there the will is always forgotten. */
export const goodbye = (version: 4 | 5, withWill: boolean): Uint8Array =>
  version === 5 && withWill ? Uint8Array.of(0xe0, 1, withWillMessage) : Uint8Array.of(0xe0, 0);

/** Says `words` after all that was handed to the socket; resolves when the broker has closed, or has had its time. */
export const saidGoodbye = (socket: Socket, words: Uint8Array, clock: Clock): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      timer.cancel();
      socket.off("close", done);
      resolve();
    };
    const timer = clock.after(delays.goodbye, "goodbye to the broker", done);
    socket.once("close", done);
    if (socket.destroyed) done();
    else socket.end(words);
  });
