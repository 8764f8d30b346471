import { InvalidArgumentError } from "commander";
import type { LoadedStation } from "../../config/load.ts";

/** As the station file has it where it is silent. */
const usual = { group: "local", acknowledged: "central", keepalive: 120, birthSpread: 0 } as const;

/** The station with this broker in place of the station file's, where one is named. */
export function withBroker(loaded: LoadedStation, broker: string | undefined): LoadedStation {
  if (broker === undefined) return loaded;
  const { station } = loaded;
  return { ...loaded, station: { ...station, link: { ...usual, ...station.link, servers: [broker] } } };
}

/** For commander: "mqtt://host:1883" or "mqtts://host:8883". */
export function brokerAddress(text: string): string {
  if (/^mqtts?:\/\/[^\s/]+$/.test(text)) return text;
  throw new InvalidArgumentError('expected a broker such as "mqtts://broker.example:8883".');
}
