import type { LoadedStation } from "../config/load.ts";
import { documentHash } from "../protocol/commands/desired.ts";
import { writeReported, type Reported } from "../protocol/commands/reported.ts";
import { today } from "./domain/almanac.ts";
import type { Entry } from "./domain/entry.ts";
import type { Event, State } from "./domain/state.ts";
import { openWanted } from "./link/wanted.ts";
import { openConfiguration, type Configuration } from "./store/configuration.ts";
import { openDesiredFiles } from "./store/desired.ts";
import type { InForce } from "./store/in-force.ts";
import type { Keys } from "./store/keys.ts";
import type { World } from "./world.ts";

export interface WishesAsked {
  readonly world: Pick<World, "clock" | "disk" | "dice">;
  readonly loaded: LoadedStation;
  readonly keys: Keys;
  /** The kiosk's X25519 private key, 32 bytes. */
  readonly kioskKey: Uint8Array;
  /** Where the station file came from; absent where it comes from nowhere, as in the simulation. */
  readonly configuration?: { readonly folder: string; readonly dataFolder: string; readonly inForce: InForce };
  state(): State;
  send(event: Extract<Event, { readonly kind: "command-refused" }>): void;
  /** To the ledger. */
  write(entry: Entry): void;
  /** From now on these keys and their code book are the kiosk's. */
  renewed(keys: Keys): void;
  /** Stops the kiosk, asks stationInForce again, and starts it with that. */
  restart(why: string): void;
  /** For up/reported: once at the beginning and whenever something has changed. */
  report(payload: Uint8Array): void;
}

/** What the centre wants to be in force at this kiosk, beside single commands. */
export interface Wishes {
  /** A message on down/desired/… `about`: the rest of its topic. */
  heard(about: string, payload: Uint8Array): void;
  stop(): void;
}

export function openWishes(asked: WishesAsked): Wishes {
  const { world, loaded, state, write } = asked;
  const { clock, disk, dice } = world;
  const report = (): void =>
    asked.report(
      writeReported({
        v: 1,
        at: clock.wall().utc,
        config: configuration?.reported() ?? ofNowhere(loaded),
        ...files.reported(),
      }),
    );
  const files = openDesiredFiles({
    loaded,
    keys: asked.keys,
    keep: disk.keep,
    kioskKey: asked.kioskKey,
    clock,
    dice,
    today: () => today(state().almanac, state().now).day,
    write,
    renewed: asked.renewed,
    changed: report,
  });
  const configuration: Configuration | undefined =
    asked.configuration &&
    openConfiguration({
      ...asked.configuration,
      clock,
      state,
      write,
      refused: (why) => asked.send({ kind: "command-refused", counts: { [why]: 1 } }),
      restart: asked.restart,
      // What is known at once is reported with everything else, below.
      changed: () => void Promise.resolve().then(report),
    });
  const wanted = openWanted({
    clock,
    take: {
      config: async (payload) => configuration?.desired(payload),
      campaign: files.desired,
      keys: files.desired,
    },
  });
  report();

  return {
    heard: wanted.heard,
    stop() {
      wanted.stop();
      configuration?.stop();
    },
  };
}

const ofNowhere = ({ station }: LoadedStation): Reported["config"] => ({
  version: null,
  hash: documentHash(station),
  state: "local",
});
