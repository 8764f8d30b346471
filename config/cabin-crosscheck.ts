import { isDay, type Finding } from "./crosscheck.ts";
import type { Known } from "./examine.ts";
import type { LoadedDevice } from "./profile.ts";
import type { Station } from "./schema.ts";

export const isInstrument = ({ driver }: Pick<LoadedDevice, "driver">): boolean => driver.provides.includes("meter");

/** What is wrong between the health cabin and the devices of a station file. `loaded`: the devices without a mistake. */
export const cabinCheck = (station: Known<Station>, loaded: readonly LoadedDevice[]): readonly Finding[] => [
  ...nothingToGive(station, loaded),
  ...noInstruments(station, loaded),
  ...notMeasuring(station, loaded),
  ...cabinFields(station),
];

/** Where a device has a mistake of its own, nobody knows what it would have been. */
const allKnown = ({ devices = [] }: Known<Station>, loaded: readonly LoadedDevice[]): boolean =>
  loaded.length === devices.length;

/** Only a health cabin that stands alone has no products. */
function nothingToGive(station: Known<Station>, loaded: readonly LoadedDevice[]): readonly Finding[] {
  const { products, slots } = station;
  if (products?.length !== 0 || slots === undefined) return [];
  if (slots.length === 0 && (!allKnown(station, loaded) || loaded.some(isInstrument))) return [];
  const but = "none are only right where there is a health instrument and no slot";
  return [{ path: "products", says: `expected at least one product: ${but}` }];
}

function noInstruments(station: Known<Station>, loaded: readonly LoadedDevice[]): readonly Finding[] {
  if (station.cabin === undefined || !allKnown(station, loaded) || loaded.some(isInstrument)) return [];
  const says = "there is no health instrument among the devices: add one, or take the cabin out";
  return [{ path: "cabin", says }];
}

/** What only an instrument has. */
function notMeasuring({ devices = [] }: Known<Station>, loaded: readonly LoadedDevice[]): readonly Finding[] {
  return devices.flatMap((device, i) => {
    const own = loaded.filter(({ id }) => id === device.id);
    const [one] = own;
    if (own.length !== 1 || one === undefined || isInstrument(one)) return [];
    return (["measures", "calibrationDue"] as const)
      .filter((field) => device[field] !== undefined)
      .map((field) => ({
        path: `devices[${i}].${field}`,
        says: `expected only of a health instrument; "${one.id}" is a ${one.driver.id}`,
      }));
  });
}

function cabinFields({ devices = [], trust = [], cabin }: Known<Station>): readonly Finding[] {
  const signs = trust.findIndex(({ key }) => key !== undefined && key === cabin?.recipient?.key);
  const { within, urgent } = cabin?.spo2 ?? {};
  return [
    ...devices.flatMap(({ measures = [], calibrationDue: due }, i) => [
      ...doubled(`devices[${i}].measures`, measures),
      ...(due === undefined || isDay(due)
        ? []
        : [{ path: `devices[${i}].calibrationDue`, says: `expected a day of the calendar, found "${due}"` }]),
    ]),
    ...doubled("cabin.entered", cabin?.entered ?? []),
    ...(within === undefined || urgent === undefined || urgent < within
      ? []
      : [{ path: "cabin.spo2.urgent", says: `expected less than within (${within}), found ${urgent}` }]),
    ...(signs === -1
      ? []
      : [
          {
            path: "cabin.recipient.key",
            says: `stands at trust[${signs}], and a key that signs opens nothing: expected the X25519 key of the recipient`,
          },
        ]),
  ];
}

const doubled = (path: string, items: readonly string[]): readonly Finding[] =>
  items.flatMap((item, i) =>
    items.indexOf(item) === i
      ? []
      : [{ path: `${path}[${i}]`, says: `"${item}" stands already at ${path}[${items.indexOf(item)}]` }],
  );
