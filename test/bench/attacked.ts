import { topicsOf } from "../../protocol/fleet/topics.ts";
import { startMosquitto } from "../kit/broker.ts";
import { costly, flood, json, unsigned, type Thrown } from "../real/attack.ts";
import { clockSet } from "../real/clock.ts";
import { entrust, type Signer } from "../real/signer.ts";
import { atMost, mib, ms, times, type Figure } from "./figure.ts";
import { memoryOf } from "./kiosk.ts";
import { median, percentile } from "./statistics.ts";
import { openVisited } from "./visits.ts";

const visits = 40;
const rounds = 3;
const aSecond = 10_000;
/** Longer than the visits of one round. */
const seconds = 25;
const group = "local";
const kioskName = "real-1";

/** Workers come while somebody publishes as fast as they like, and while nobody does. */
export async function attacked(): Promise<Figure> {
  const broker = await startMosquitto({});
  const signers: Signer[] = [];
  const visited = await openVisited({
    ready: (folder) => void signers.push(entrust(folder)),
    more: ["--broker", broker.url],
    before: clockSet,
  });
  const [signer] = signers;
  if (signer === undefined) throw new Error("nobody signs");
  const commands = unsigned(signer, 500).map((one): Thrown => ({
    topic: topicsOf(group, kioskName).commands,
    payload: json(one),
  }));
  const others = costly(group, kioskName, signer);
  const thrown = commands.flatMap((command, n) => [command, others[n % others.length] ?? command]);
  const quiet: number[] = [];
  const under: number[] = [];
  let sent = 0;
  const visit = async (took: number[]): Promise<void> => {
    for (let n = 0; n < visits; n++) took.push(await visited.visit());
  };
  await visit([]);
  for (let round = 0; round < rounds; round++) {
    await visit(quiet);
    const flooding = flood(broker.url, thrown, { qos: 0, aSecond, seconds });
    await visit(under);
    sent += await flooding;
  }
  const most = memoryOf(visited.kiosk.pid, "VmHWM");
  await visited.end();
  await broker.stop();
  const [before, during] = [percentile(quiet, 0.95), percentile(under, 0.95)];
  return {
    title: "Last digit to drive command, attacked",
    how: `As above, at TCN, ${visits * rounds} visits in quiet and as many under ${aSecond.toLocaleString("en")} messages a second, in turn: forged commands and acknowledgements, configurations, keys, used lists and requests for births, ${sent.toLocaleString("en")} in all. Attacker, broker, board and kiosk share this machine.`,
    rows: [
      { what: "in quiet: median, 95 of 100 within", value: `${ms(median(quiet))}, ${ms(before)}` },
      { what: "attacked: median, 95 of 100 within", value: `${ms(median(under))}, ${ms(during)}` },
      { what: "attacked to quiet, 95 of 100", value: times(during / before), goal: atMost(during / before, 2, "2×") },
      { what: "attacked to quiet, medians", value: times(median(under) / median(quiet)) },
      { what: "most memory at any time (VmHWM)", value: mib(most) },
    ],
  };
}
