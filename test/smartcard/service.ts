import { spawn, type ChildProcess } from "node:child_process";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

// Debian's pcscd with two readers that are sockets [vsmartcard, vpcd], and a card that is put onto the first.

/** Where the first reader waits for its card. */
const firstReader = 0x8c7b;
const uid = "04A1B2C3D4E580";
/** Of a DESFire card behind a contactless reader [PC/SC part 3, 3.1.3.2.3]. */
const answerToReset = "3B8180018080";
const control = { answerToReset: 4 } as const;

export const card = { uid, answerToReset };

export function startService(): ChildProcess {
  return spawn("pcscd", ["--foreground"], { stdio: "ignore" });
}

/** Each message is its length in two bytes and itself; one byte is a control, anything else a command. */
export async function putCard(): Promise<{ takeAway(): void }> {
  const socket = await reached();
  const say = (hex: string) => {
    const bytes = Buffer.from(hex, "hex");
    const length = Buffer.alloc(2);
    length.writeUInt16BE(bytes.length);
    socket.write(Buffer.concat([length, bytes]));
  };
  let waiting = Buffer.alloc(0);
  socket.on("error", () => {});
  socket.on("data", (bytes: Buffer) => {
    waiting = Buffer.concat([waiting, bytes]);
    while (waiting.length >= 2 && waiting.length >= 2 + waiting.readUInt16BE(0)) {
      const message = waiting.subarray(2, 2 + waiting.readUInt16BE(0));
      waiting = waiting.subarray(2 + message.length);
      if (message.length > 1) say(message.toString("hex") === "ffca000000" ? `${uid}9000` : "6A81");
      else if (message[0] === control.answerToReset) say(answerToReset);
    }
  });
  return { takeAway: () => socket.destroy() };
}

/** The service is up some time after it was started. */
async function reached(): Promise<Socket> {
  for (let tries = 0; ; tries += 1) {
    const socket = connect(firstReader, "127.0.0.1");
    const answered = await new Promise<boolean>((settle) => {
      socket.once("connect", () => settle(true));
      socket.once("error", () => settle(false));
    });
    if (answered) return socket;
    if (tries > 300) throw new Error("the virtual reader does not answer");
    await sleep(50);
  }
}
