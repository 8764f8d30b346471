import { millis, seconds, type Timer } from "../kit/clock.ts";
import type { Device, DriverDefinition } from "../kit/driver.ts";
import { fault } from "../kit/fault.ts";
import { measuring } from "../kit/measuring.ts";
import { err, ok } from "../kit/result.ts";
import type { Meter, Reading } from "./capability.ts";
import { readOptions, type GattOptions } from "./gatt-options.ts";
import { services } from "./gatt-service.ts";
import { steadying } from "./gatt-steady.ts";
import { talkWith } from "./gatt-talk.ts";
import type { Told } from "./gatt-told.ts";

// Instruments that speak Bluetooth Low Energy [instruments.md 2.9]. Most are connected only for a moment after each
// measurement and send what they have kept: a result counts where it can be shown that it is this person's.

/** A scale sends its weight and then the composition; a cuff may send the same twice. */
const moreToCome = seconds(2);
/** The wave of a PC-60FW comes in fives, fifty a second [S16]. */
const waveRate = 50;

const sameReadings = (readings: readonly Reading[]) => readings.map(({ item, value }) => `${item}=${value}`).join(",");

const driver: DriverDefinition<GattOptions, "gatt"> = {
  id: "gatt",
  provides: ["meter"],
  port: "gatt",
  remembers: false,
  options: readOptions,

  async open({ port, clock, options, note }) {
    const talk = talkWith({ port, clock, options, note });
    const turns = measuring<readonly Reading[]>();
    talk.listen(() => {}, turns.close);
    /** The result that was given last: sent again, it is not the next person's. */
    let last = "";
    /** Until then one without a time may be the same, sent again. */
    let echoes = clock.mono();

    const meter: Meter = {
      items: Array.from(new Set(options.services.flatMap((name) => services[name].items))),
      starts: false,
      measure: ({ stop, began, heard }) =>
        turns.measure(stop, (end) => {
          const steady = steadying(clock);
          let collected: readonly Reading[] = [];
          let settle: Timer | undefined;

          const collect = ({ readings, at, stored }: Told & { readonly is: "result" }) => {
            const isTheirs = options.keeps ? talk.isSince(at, began) : !stored;
            if (isTheirs === undefined) {
              const why =
                "it does not say when it measured, or has no clock that can be read: it cannot be told whose it is";
              return end(err(fault("refused", `a result came, but ${why}`)));
            }
            const words = at && `${Object.values(at).join(" ")} ${sameReadings(readings)}`;
            if (!isTheirs || words === last || (words === undefined && clock.mono() < echoes)) return;
            last = words ?? last;
            const items = new Set(readings.map(({ item }) => item));
            collected = [...collected.filter(({ item }) => !items.has(item)), ...readings];
            settle?.cancel();
            settle = clock.after(moreToCome, `${port.label}: more to come`, () => {
              echoes = millis(clock.mono() + moreToCome);
              end(ok(collected));
            });
          };
          const ear = talk.listen(
            (told) => {
              if (told.is === "result") collect(told);
              else if (told.is === "refused") {
                // What failed on somebody else, and was kept, is not this person's either.
                if (!options.keeps || talk.isSince(told.at, began) !== false) end(err(fault("refused", told.says)));
              } else if (told.is === "cuff") heard({ is: "cuff", pressure: told.pressure, unit: "mm[Hg]" });
              else if (told.is === "wave") heard({ is: "wave", samples: told.samples, rate: waveRate });
              else if (told.is === "empty") {
                steady.forget();
                heard({ is: "waiting" });
              } else {
                const readings = steady.see(told.moment);
                if (readings) end(ok(readings));
              }
            },
            (why) => end(err(why)),
          );
          heard({ is: "waiting" });
          return () => {
            settle?.cancel();
            ear.stop();
          };
        }),
    };

    const device: Device = {
      can: { meter },
      // It is away most of the time: it counts as working while the way to it is open.
      async identify() {
        const why = talk.gone();
        return why ? err(why) : ok({ model: "Bluetooth instrument" });
      },
      async selfTest() {
        const why = talk.gone();
        if (why) return err(why);
        return ok([talk.isConnected() ? "it is connected now" : "it is away: switch it on, or measure somebody"]);
      },
      async close() {
        const why = fault("no-device", "closed");
        turns.close(why);
        talk.close(why);
      },
    };
    return ok(device);
  },
};

export default driver;
