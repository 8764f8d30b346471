import { posix } from "node:path";
import type { Import, Source } from "./source.ts";

/** Who may import whom; CONTRIBUTING.md tells it in words. A rule returns its complaints. */
export type Rule = (house: readonly Source[]) => readonly string[];

interface Edge {
  readonly by: string;
  readonly type: boolean;
  /** A path in the repository, or the name of a package as it is written. */
  readonly to: string;
}

const edgeOf = (path: string, { from, type }: Import): Edge => ({
  by: path,
  type,
  to: from.startsWith(".") ? posix.normalize(posix.join(posix.dirname(path), from)) : from,
});
const edges = (house: readonly Source[]): readonly Edge[] =>
  house.filter(isOurs).flatMap(({ path, imports }) => imports.map((one) => edgeOf(path, one)));

/** The code of kiosk and centre; tests, documents and builds are free. */
const isOurs = ({ path }: Source): boolean => /^(controller|devices|config|protocol|console)\//.test(path);
const isInside = (to: string): boolean => /^(controller|devices|config|protocol|console|test|docs)\//.test(to);

const complain = (house: readonly Source[], by: RegExp, wrong: (edge: Edge) => boolean, why: string) =>
  edges(house)
    .filter((edge) => by.test(edge.by) && wrong(edge))
    .map((edge) => `${edge.by} imports ${edge.to}: ${why}`);

/** Rule 1. */
export const devicesKnowNoController: Rule = (house) =>
  complain(house, /^devices\//, ({ to }) => isInside(to) && !to.startsWith("devices/"), "devices import only devices");

const driverForm = /^devices\/(?!kit\/|port\/)[^/]+\/([a-z0-9]+)[^/]*\.ts$/;
const isCapability = (path: string): boolean => /^devices\/[^/]+\/capability\.ts$/.test(path);

/** The file of a driver that makes bytes with packages, which it imports when first needed; none opens a device. */
const encoderOf: Readonly<Record<string, readonly string[]>> = {
  "devices/printer/escpos-encode.ts": ["node-thermal-printer", "qr"],
};

/** Rule 2: the kit, capabilities, and the files of its own protocol ("xy-wire.ts" beside "xy.ts"). */
export const driversImportTheKit: Rule = (house) =>
  complain(
    house,
    driverForm,
    ({ by, to }) => {
      const stem = posix.join(posix.dirname(by), driverForm.exec(by)?.[1] ?? "");
      const own = to.startsWith(stem) && /^[-.]/.test(to.slice(stem.length));
      const shown = by.endsWith(".peer.ts") && to.startsWith(`${posix.dirname(by)}/cards/`);
      const packed = encoderOf[by]?.includes(to) ?? false;
      return !to.startsWith("devices/kit/") && !isCapability(to) && (isCapability(by) || !(own || shown || packed));
    },
    "a driver imports the kit, capabilities and the files of its own protocol",
  );

/** Rule 2, for the simulated cards that are shown to every simulated reader: they know neither, and reckon for themselves. */
export const cardsStandAlone: Rule = (house) =>
  complain(
    house,
    /^devices\/reader\/cards\//,
    ({ to }) => !to.startsWith("devices/reader/cards/") && to !== "node:crypto",
    "a simulated card knows neither reader nor kiosk",
  );

export const driversKnowNoPeer: Rule = (house) =>
  complain(
    house.filter(({ path }) => !path.endsWith(".peer.ts")),
    driverForm,
    ({ to }) => to.endsWith(".peer.ts"),
    "the peer is the machine's side of the wire",
  );

export const kitStandsAlone: Rule = (house) =>
  complain(house, /^devices\/kit\//, ({ to }) => !to.startsWith("devices/kit/"), "the kit imports nothing");

/** Rule 3. The screen's model is a type; the delays are numbers. */
export const domainIsPure: Rule = (house) => [
  ...complain(
    house,
    /^controller\/domain\//,
    ({ to, type }) =>
      !/^(controller\/domain|protocol)\//.test(to) &&
      !/^devices\/kit\/(result|fault|clock)\.ts$/.test(to) &&
      to !== "controller/delays.ts" &&
      !(type && (isCapability(to) || /^controller\/screen\/(cabin-)?model\.ts$/.test(to))),
    "the domain imports itself, protocol, the kit's result, fault and clock, and types of capabilities and screen",
  ),
  ...unclean(house),
];

/** What the domain runs, however far away, is without Node and without packages. */
function unclean(house: readonly Source[]): readonly string[] {
  const running = edges(house).filter(({ type }) => !type);
  const reached = new Set(house.map(({ path }) => path).filter((path) => path.startsWith("controller/domain/")));
  for (const path of reached) for (const { by, to } of running) if (by === path && isInside(to)) reached.add(to);
  return running
    .filter(({ by, to }) => reached.has(by) && !isInside(to))
    .map(({ by, to }) => `${by} imports ${to}: the domain runs it, and must run without Node and packages`);
}

export const protocolStandsAlone: Rule = (house) =>
  complain(
    house,
    /^protocol\//,
    ({ to }) => isInside(to) && !to.startsWith("protocol/"),
    "protocol imports nothing of ours",
  );

export const consoleKnowsProtocol: Rule = (house) =>
  complain(
    house,
    /^console\//,
    ({ to }) => isInside(to) && !/^(console|protocol)\//.test(to),
    "the console imports only protocol",
  );

/** domain <- store, link, screen, cli <- kiosk <- main. */
export const innerKnowsNoOuter: Rule = (house) => [
  ...complain(
    house,
    /^controller\/(store|link|screen)\//,
    ({ to }) => /^controller\/(kiosk|main|cli\/.*|world\.(node|sim))(\.ts)?$/.test(to),
    "the kiosk is assembled from it, not the other way round",
  ),
  ...complain(
    house,
    /^(?!controller\/yizhan\.mjs)/,
    ({ to }) => to === "controller/main.ts",
    "main.ts is the beginning",
  ),
  ...complain(
    house,
    /^(?!controller\/(main|world\.node)\.ts|controller\/cli\/)/,
    ({ to, type }) => to === "controller/world.node.ts" && !type,
    "only the command line chooses the real world",
  ),
  ...complain(
    house,
    /^(?!console\/|controller\/main\.ts)/,
    ({ to }) => to.startsWith("console/"),
    "the console is never imported by the kiosk; main.ts may start it",
  ),
];

/** Rule 4. */
export const oneImporter: Rule = (house) =>
  ["serialport", "pino", "node:sqlite", "onoff", "node-hid", "smartcard", "mqtt", "node-thermal-printer"].flatMap(
    (name) => {
      const importers = edges(house).filter(({ by, to }) => to === name && !by.startsWith("console/"));
      const files = [...new Set(importers.map(({ by }) => by))];
      return files.length > 1 ? [`${name} is imported by ${files.join(" and ")}: one file of the kiosk may`] : [];
    },
  );

/** Rule 6. A circle of types alone is none: they are erased. */
export const noCircles: Rule = (house) => {
  const next = new Map<string, string[]>();
  for (const { by, to, type } of edges(house)) if (!type) next.set(by, [...(next.get(by) ?? []), to]);
  const done = new Set<string>();
  const complaints: string[] = [];
  const visit = (path: string, way: readonly string[]) => {
    if (way.includes(path)) complaints.push(`${[...way.slice(way.indexOf(path)), path].join(" -> ")} is a circle`);
    if (way.includes(path) || done.has(path)) return;
    for (const to of next.get(path) ?? []) visit(to, [...way, path]);
    done.add(path);
  };
  for (const path of next.keys()) visit(path, []);
  return complaints;
};
