import { execFile } from "node:child_process";
import { seconds } from "../devices/kit/clock.ts";
import type { Facts } from "../devices/kit/driver.ts";

/** What systemd is told about this process. Nothing here throws, and nothing waits for systemd but who asks to. */
export interface Notify {
  /** Everything is open: units ordered after this one may start. Resolves when systemd has read it. */
  ready(status: string): Promise<void>;
  /** Feeds WatchdogSec. */
  alive(): void;
  /** One line for `systemctl status`. Never a secret: every user of the machine can read it. */
  status(text: string): void;
  /** The end is wanted; do not take it for a crash. Resolves when systemd has read it. */
  stopping(): Promise<void>;
}

/** systemd-notify itself gives up after 5 s without an answer; a child that hangs longer is ended. */
const patience = seconds(8);

const oneLine = (text: string) => text.replaceAll(/\s+/g, " ").trim();

/**
 * Talks to systemd through its own small program, since Node has no Unix datagram sockets. Each message waits until
 * systemd has read it: a sender that is gone by then belongs to no unit any more, and its message is dropped.
 * `socket` is the variable NOTIFY_SOCKET; without it nobody listens, and nothing is done.
 * The unit needs NotifyAccess=all.
 */
export function openNotify(from: {
  readonly socket: string | undefined;
  readonly note: (event: string, facts?: Facts) => void;
}): Notify {
  const { socket, note } = from;
  if (socket === undefined || socket === "") {
    const heardByNobody = () => Promise.resolve();
    return { ready: heardByNobody, alive() {}, status() {}, stopping: heardByNobody };
  }

  let broken = false;
  const tell = (words: readonly string[]) =>
    new Promise<void>((told) => {
      const environment = { PATH: "/usr/bin:/bin", NOTIFY_SOCKET: socket };
      execFile("systemd-notify", [...words], { env: environment, timeout: patience }, (failure) => {
        if (failure !== null && !broken) note("notify.failed", { why: oneLine(failure.message) });
        broken = failure !== null;
        told();
      });
    });

  let queue = Promise.resolve();
  const say = (...words: readonly string[]) => {
    queue = queue.then(() => tell(words));
    return queue;
  };

  let feeding = false;
  return {
    ready: (status) => say("READY=1", `STATUS=${oneLine(status)}`),
    alive() {
      if (feeding) return;
      feeding = true;
      void say("WATCHDOG=1").then(() => (feeding = false));
    },
    status(text) {
      void say(`STATUS=${oneLine(text)}`);
    },
    stopping: () => say("STOPPING=1"),
  };
}
