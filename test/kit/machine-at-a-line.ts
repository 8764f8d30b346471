// A simulated machine in a process of its own, at a real serial line:
//   node test/kit/machine-at-a-line.ts PROFILE PATH [OPTIONS]
// OPTIONS is JSON laid over the profile's. Each line of stdin, such as {"knob":"jam","to":"3"}, turns a knob and is
// answered; {} only asks. Each answer is a line of what fell until now: {"fell":["1","3"]}.
import { createInterface } from "node:readline";
import { fitDevice, loadModel } from "../../config/profile.ts";
import { millis, type Clock } from "../../devices/kit/clock.ts";
import type { PeerDefinition } from "../../devices/kit/driver.ts";
import { openSerial } from "../../devices/port/serial.ts";

const [profile = "", path = "", options = "{}"] = process.argv.slice(2);
const clock: Clock = {
  mono: () => millis(performance.now()),
  wall: () => ({ utc: millis(Date.now()), trusted: true }),
  after(delay, _label, wake) {
    const timer = setTimeout(wake, delay);
    return { cancel: () => clearTimeout(timer) };
  },
};
const fail = (why: unknown): never => {
  throw new Error(JSON.stringify(why));
};

const model = await loadModel(profile, { file: "arguments", path: "" });
if (!model.ok) fail(model.error);
else {
  const fitted = fitDevice(model.value, {
    id: "machine",
    wiring: { by: "path", match: path },
    options: JSON.parse(options) as Record<string, unknown>,
  });
  if (!fitted.ok) fail(fitted.error);
  else {
    const { default: definition } = (await import(
      new URL(`../../devices/${model.value.profile.driver}.peer.ts`, import.meta.url).href
    )) as { default: PeerDefinition<unknown, Uint8Array, Uint8Array> };
    const line = await openSerial({ ...fitted.value.wiring, by: "path" });
    if (!line.ok) fail(line.error);
    else {
      const { port } = line.value;
      const lab = { clock, chance: (probability: number) => Math.random() < probability };
      const peer = definition.peer(fitted.value.options, lab, (bytes) => void port.send(bytes));
      const tell = () => console.log(JSON.stringify({ fell: peer.truth() }));
      port.listen({ heard: (bytes) => peer.hear(bytes), lost: () => peer.stop() });
      tell();
      for await (const asked of createInterface({ input: process.stdin })) {
        const { knob, to } = JSON.parse(asked) as { knob?: string; to?: string | number | boolean };
        if (knob !== undefined && to !== undefined) peer.turn(knob, to);
        tell();
      }
      peer.stop();
      await line.value.close();
    }
  }
}
