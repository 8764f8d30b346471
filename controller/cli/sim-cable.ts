import { fault } from "../../devices/kit/fault.ts";
import { err, ok } from "../../devices/kit/result.ts";
import type { Session, Uplink } from "../link/uplink.ts";

/** A network cable that can be pulled out, as it is at the beginning. While it is out nothing is sent, and a call waits until it is in again. */
export function simCable(uplink: Uplink) {
  let inside = false;
  let plugged = Promise.withResolvers<void>();
  const sessions = new Set<Session>();

  const through: Uplink = {
    ...uplink,
    async connect(call) {
      await Promise.race([plugged.promise, over(call.abandoned)]);
      if (!inside) return err({ why: "unreachable", detail: "The cable is out." });
      const reached = await uplink.connect(call);
      if (!reached.ok) return reached;
      const session = reached.value;
      sessions.add(session);
      return ok({
        ...session,
        publish: async (message) =>
          inside ? session.publish(message) : err(fault("interrupted", "The cable is out.")),
      });
    },
  };
  return {
    uplink: through,
    pull(): void {
      if (!inside) return;
      inside = false;
      plugged = Promise.withResolvers();
      for (const session of sessions) void session.end(true);
      sessions.clear();
    },
    plug(): void {
      inside = true;
      plugged.resolve();
    },
  };
}

const over = (signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted) resolve();
    signal?.addEventListener("abort", () => resolve(), { once: true });
  });
