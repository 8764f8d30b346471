import { seconds, type Millis, type Timer } from "../kit/clock.ts";
import type { Device, DriverDefinition } from "../kit/driver.ts";
import { fault } from "../kit/fault.ts";
import { hear } from "../kit/hearing.ts";
import { measuring } from "../kit/measuring.ts";
import { err, ok, type Result } from "../kit/result.ts";
import { unasked } from "../kit/unasked.ts";
import { commands, framer, type Ua767Said } from "./aandd-ua767-wire.ts";
import type { Item, Reading } from "./capability.ts";

// An arm monitor that the person starts. It is opened for each measurement, and tells the result when it has one.

const items: readonly Item[] = ["systolic", "diastolic", "pulse"];

/** How long the monitor may take to say that it is open, and how often it is asked (ours). */
const patience = seconds(2);
const tries = 3;
/**
 * A cuff is not pumped up and let down in less: what comes sooner after the opening was measured before, on somebody else
 * perhaps. Whether the monitor keeps a result until it is opened no source tells (ours).
 */
const shortestMeasurement = seconds(10);

function readingsOf(said: Ua767Said & { readonly is: "result" }): readonly Reading[] {
  return [
    { item: "systolic", value: said.systolic, unit: "mm[Hg]", notes: [] },
    { item: "diastolic", value: said.diastolic, unit: "mm[Hg]", notes: [] },
    { item: "pulse", value: said.pulse, unit: "/min", notes: [] },
  ];
}

const driver: DriverDefinition<object, "bytes"> = {
  id: "aandd-ua767",
  provides: ["meter"],
  port: "bytes",
  remembers: false,
  options(raw): Result<object, readonly string[]> {
    if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return err(["options: expected an object"]);
    const mistakes = Object.keys(raw).map((name) => `${name}: an A&D UA-767PC has no options`);
    return mistakes.length > 0 ? err(mistakes) : ok({});
  },

  async open({ port, clock }) {
    const heard = hear<Ua767Said, Uint8Array, Ua767Said>(port, clock, { framer, means: (said) => said });
    const turns = measuring<readonly Reading[]>();

    /** Opens the monitor and waits for what it measures; closes it again in the end. */
    const measure = (began: Millis, end: (outcome: Result<readonly Reading[]>) => void) => {
      const from = Math.max(began, clock.mono()) + shortestMeasurement;
      let left = tries;
      let unanswered: Timer | undefined;
      const send = async (bytes: Uint8Array) => {
        const sent = await port.send(bytes);
        if (!sent.ok) end(sent);
      };
      const open = () => {
        if (left === 0) return end(err(fault("silent", `no answer to the opening in ${tries} tries: is the plug in?`)));
        left -= 1;
        unanswered = clock.after(patience, "aandd-ua767: until it is open", open);
        void send(commands.open);
      };
      const ear = heard.seen(
        (said, since) => {
          if (said.is === "answer") {
            if (said.taken) unanswered?.cancel();
          } else if (since < from) return;
          else if (said.is === "result") end(ok(readingsOf(said)));
          else
            end(err(fault("refused", `the monitor gave code ${said.code}: sit still, arm in the cuff, measure again`)));
        },
        (why) => end(err(why)),
      );
      open();
      return () => {
        unanswered?.cancel();
        ear.stop();
        if (heard.gone() === undefined) void port.send(commands.close);
      };
    };

    const alone = unasked(heard, { model: "A&D UA-767PC" }, "measure somebody");
    const device: Device = {
      can: {
        meter: {
          items,
          starts: false,
          measure: ({ stop, began, heard: tell }) =>
            turns.measure(stop, (end) => {
              tell({ is: "waiting" });
              return measure(began, end);
            }),
        },
      },
      ...alone,
      async close() {
        turns.close(fault("no-device", "closed"));
        await alone.close();
      },
    };
    return ok(device);
  },
};

export default driver;
