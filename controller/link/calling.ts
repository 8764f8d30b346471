import type { Clock, Millis } from "../../devices/kit/clock.ts";
import { fault, type Fault } from "../../devices/kit/fault.ts";
import { delays } from "../delays.ts";
import type { World } from "../world.ts";
import { nextCall, unacquainted, type Outcome } from "./next-call.ts";
import type { Call, Refused, Session, Uplink } from "./uplink.ts";

/** How the kiosk stands with the centre: for the technician. */
export interface LinkState {
  readonly online: boolean;
  /** The broker in use, or the one that was called last. */
  readonly server: string;
  /** UTC: since when it is online, or is not. */
  readonly since: Millis;
  /** Why the last call came to nothing. */
  readonly refused?: Refused;
}

interface Own {
  readonly uplink: Uplink;
  readonly clock: Clock;
  readonly dice: World["dice"];
  /** Brokers, the usual one first. */
  readonly servers: readonly string[];
  /** Asked for each call anew: each has a will of its own. */
  readonly call: () => Promise<Omit<Call, "server" | "version" | "abandoned">>;
  /**
   * One conversation: settles when it is over. `order` is aborted when it shall end, to say goodbye in its own way; if
   * the session is then still open after a while, it is ended with the will.
   */
  readonly talk: (session: Session, server: string, order: AbortSignal) => Promise<void>;
  readonly changed: (state: LinkState) => void;
  readonly log: Pick<World["log"], "note" | "fail">;
}

export interface Calling {
  /** Ends what is going on and goes to the next server of the list. */
  next(): void;
  /** Ends what is going on. Nothing waits any more when it resolves. */
  stop(): Promise<void>;
  state(): LinkState;
}

/** Calls the brokers until it is told to stop, and talks with whoever answers. */
export function startCalling({ uplink, clock, dice, servers, call, talk, changed, log }: Own): Calling {
  let standing = unacquainted(servers.length);
  let stopped = false;
  let moving = false;
  let order = new AbortController();
  let state: LinkState = { online: false, server: servers[0] ?? "", since: clock.wall().utc };
  /** The sentence that was told last, by server: the same is not told twice. */
  const told = new Map<string, string>();

  const show = (online: boolean, server: string, refused?: Refused) => {
    const since = online === state.online ? state.since : clock.wall().utc;
    state = { online, server, since, ...(refused && { refused }) };
    changed(state);
  };

  const attempt = async (server: string, signal: AbortSignal): Promise<Outcome> => {
    const version = standing.versions[standing.server] ?? 5;
    const asked = { ...(await call()), server, version, abandoned: signal };
    if (signal.aborted) return { is: "moved" };
    const reached = await uplink.connect(asked);
    if (!reached.ok) {
      if (!signal.aborted) refused(server, reached.error);
      return { is: "refused", why: reached.error.why };
    }
    const began = clock.mono();
    told.delete(server);
    log.note("link.up", { server, version });
    show(true, server);
    const why = await conversation(reached.value, server, signal);
    log.fail("link.down", fault(why.kind, `${server}: ${why.detail}`));
    show(false, server);
    return { is: "ended", lasted: (clock.mono() - began) as Millis };
  };

  const refused = (server: string, why: Refused) => {
    if (told.get(server) !== why.detail)
      log.fail("link.refused", fault(why.why === "unreachable" ? "silent" : "refused", `${server}: ${why.detail}`));
    told.set(server, why.detail);
    show(false, server, why);
  };

  const conversation = async (session: Session, server: string, signal: AbortSignal): Promise<Fault> => {
    let ended: Fault | undefined;
    const watched: Session = {
      limits: session.limits,
      publish: (message) => session.publish(message),
      subscribe: (topics) => session.subscribe(topics),
      end: (withWill) => session.end(withWill),
      listen: ({ heard, ended: over }) =>
        session.listen({
          heard,
          ended(why) {
            ended = why;
            over(why);
          },
        }),
    };
    const goodbye = farewell(clock, signal, session);
    await talk(watched, server, signal);
    goodbye.stop();
    await session.end(true);
    return ended ?? fault("interrupted", "The conversation is over.");
  };

  const pause = (wait: Millis): Promise<void> =>
    new Promise((resolve) => {
      const { signal } = order;
      const over = () => {
        timer.cancel();
        signal.removeEventListener("abort", over);
        resolve();
      };
      const timer = clock.after(wait, "next call", over);
      signal.addEventListener("abort", over);
      if (signal.aborted) over();
    });

  const decide = (outcome: Outcome): Millis => {
    const decided = nextCall(standing, moving ? { is: "moved" } : outcome, chance(dice));
    standing = decided.standing;
    if (moving) order = new AbortController();
    moving = false;
    return decided.wait;
  };

  const run = async () => {
    while (!stopped) {
      // One order a call: whoever listened for the last one is forgotten with it.
      order = new AbortController();
      const outcome = await attempt(servers[standing.server] ?? "", order.signal);
      if (stopped) return;
      await pause(decide(outcome));
      // Told to move while it waited: it waits no longer.
      if (moving) decide({ is: "moved" });
    }
  };
  const running = run();

  return {
    next() {
      moving = true;
      order.abort();
    },
    stop() {
      stopped = true;
      order.abort();
      return running;
    },
    state: () => state,
  };
}

/** From 0 up to but not including 1. */
const chance = (dice: World["dice"]): number => dice.bytes(4).reduce((sum, byte) => sum * 256 + byte, 0) / 2 ** 32;

/** Ends the session where the conversation does not do so in time after it was told to. */
function farewell(clock: Clock, order: AbortSignal, session: Session) {
  let timer: { cancel(): void } | undefined;
  const told = () => (timer = clock.after(delays.goodbye, "goodbye", () => void session.end(true)));
  order.addEventListener("abort", told);
  if (order.aborted) told();
  return {
    stop() {
      timer?.cancel();
      order.removeEventListener("abort", told);
    },
  };
}
