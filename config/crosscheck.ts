import type { Known } from "./examine.ts";
import { fieldPath } from "./mistake.ts";
import { suggestion } from "./nearest.ts";
import type { Station } from "./schema.ts";

export interface Finding {
  readonly path: string;
  readonly says: string;
}

/** What is wrong between the fields of a station file. Looks only at values that are right by themselves. */
export function crossCheck(station: Known<Station>): readonly Finding[] {
  return [
    ...twice(station.devices, "devices", "id", ({ id }) => id),
    ...twice(station.products, "products", "id", ({ id }) => id),
    ...twice(station.trust, "trust", "kid", ({ kid }) => kid),
    ...twice(station.trust, "trust", "key", ({ key }) => key),
    ...twice(station.slots, "slots", "slot", ({ device, slot }) =>
      device === undefined || slot === undefined ? undefined : `${device} ${slot}`,
    ),
    ...twice(station.devices, "devices", "wiring.match", ({ wiring }) => wireOf(wiring)),
    ...wires(station),
    ...hours(station),
    ...planogram(station),
    ...tokenKeys(station),
  ];
}

/** The second of two that must differ, with the place of the first. */
function twice<T>(
  list: readonly T[] = [],
  name: string,
  field: string,
  identity: (item: T) => string | undefined,
): readonly Finding[] {
  const first = new Map<string, number>();
  return list.flatMap((item, i) => {
    const same = identity(item);
    if (same === undefined) return [];
    const earlier = first.get(same);
    if (earlier === undefined) first.set(same, i);
    return earlier === undefined
      ? []
      : [{ path: `${fieldPath([name, i])}.${field}`, says: `"${same}" stands already at ${name}[${earlier}]` }];
  });
}

type Wiring = Known<Station["devices"][number]["wiring"]>;

/** One name for one wire, where by-id is given as a path too, and a HID device may hold several. */
function wireOf({ by, match, usage }: Wiring = {}): string | undefined {
  if (by === undefined || match === undefined) return undefined;
  if (by === "by-id") return `/dev/serial/by-id/${match}`;
  return usage === undefined ? match : `${match} usage ${usage}`;
}

const wireForms = {
  path: { form: /^\//, says: 'expected a whole path, such as "/dev/ttyUSB0"' },
  "by-id": { form: /^[^/]+$/, says: "expected a file name under /dev/serial/by-id, without the folder" },
  usb: { form: /^\d+-\d+(\.\d+)*$/, says: 'expected a USB path such as "1-1.3"' },
  hid: {
    form: /^[0-9a-f]{4}:[0-9a-f]{4}(:[^,]+)?(,[0-9a-f]{4}:[0-9a-f]{4}(:[^,]+)?)*$/,
    says: 'expected USB numbers such as "0c2e:0b61", or with the serial number "0c2e:0b61:S1234"',
  },
  pcsc: { form: /./, says: "expected a part of the reader's name" },
  w1: {
    form: /^28-[0-9a-f]{12}$/,
    says: 'expected the number of the probe as the kernel has it, such as "28-0316a2794eff"',
  },
  ble: {
    form: /^[0-9A-F]{2}(:[0-9A-F]{2}){5}$/,
    says: 'expected the address of the bonded instrument in capitals, such as "C4:7C:8D:00:11:22"',
  },
};

const wires = ({ devices = [] }: Known<Station>): readonly Finding[] =>
  devices.flatMap(({ profile, wiring: { by, match } = {} }, i) => {
    if (by === undefined) return [];
    const finding = (says: string) => [{ path: `devices[${i}].wiring.match`, says }];
    const { form, says } = wireForms[by];
    if (match !== undefined) return form.test(match) ? [] : finding(`${says}, found "${match}"`);
    if (by !== "hid" && by !== "pcsc" && by !== "w1") return finding(`is missing: ${says}`);
    const twin = devices.findIndex(
      (other) => other.profile === profile && other.wiring?.by === by && other.wiring.match === undefined,
    );
    return twin === i ? [] : finding(`is missing: devices[${twin}] is a ${profile} too. ${says}`);
  });

function hours({ station: { opens = "00:00", closes = "24:00" } = {} }: Known<Station>): readonly Finding[] {
  if (opens < closes) return [];
  return [{ path: "station.closes", says: `expected a time after opens (${opens}), found "${closes}"` }];
}

function planogram({ devices, products, slots }: Known<Station>): readonly Finding[] {
  const strangers = slots?.flatMap((slot, i) => [
    ...stranger(`slots[${i}].device`, "device", slot.device, idsOf(devices)),
    ...stranger(`slots[${i}].product`, "product", slot.product, idsOf(products)),
  ]);
  const overfull = slots?.flatMap(({ capacity, refillTo, critical, expires }, i) => [
    ...tooMany(`slots[${i}].refillTo`, refillTo, capacity),
    ...tooMany(`slots[${i}].critical`, critical, capacity),
    ...(expires === undefined || isDay(expires)
      ? []
      : [{ path: `slots[${i}].expires`, says: `expected a day of the calendar, found "${expires}"` }]),
  ]);
  return [...(strangers ?? []), ...(overfull ?? []), ...homeless(products, slots)];
}

/** Undefined while an id is wrong by itself: what refers to it is not wrong as well. */
function idsOf(list: readonly { readonly id?: string }[] = []): readonly string[] | undefined {
  const ids = list.flatMap(({ id }) => id ?? []);
  return ids.length === list.length && ids.length > 0 ? ids : undefined;
}

const stranger = (path: string, noun: string, id?: string, known?: readonly string[]): readonly Finding[] =>
  id === undefined || known === undefined || known.includes(id)
    ? []
    : [{ path, says: `there is no ${noun} "${id}"; ${suggestion(id, known)}` }];

const tooMany = (path: string, count?: number, capacity?: number): readonly Finding[] =>
  count === undefined || capacity === undefined || count <= capacity
    ? []
    : [{ path, says: `expected at most the capacity of ${capacity}, found ${count}` }];

/** Only where every slot's product is known: a slip in a slot is one mistake, not two. */
function homeless(products: Known<Station>["products"], slots: Known<Station>["slots"]): readonly Finding[] {
  const known = idsOf(products);
  const stocked = slots?.map(({ product }) => product);
  if (known === undefined || stocked === undefined) return [];
  if (stocked.some((product) => product === undefined || !known.includes(product))) return [];
  return known.flatMap((id, i) =>
    stocked.includes(id) ? [] : [{ path: `products[${i}]`, says: `expected a slot with "${id}"; there is none` }],
  );
}

/** A token names its key by one byte. */
const tokenKeys = ({ trust = [] }: Known<Station>): readonly Finding[] =>
  trust.flatMap(({ kid, role }, i) =>
    role !== "qr" || kid === undefined || (/^(0|[1-9]\d{0,2})$/.test(kid) && Number(kid) <= 255)
      ? []
      : [{ path: `trust[${i}].kid`, says: `expected a number from "0" to "255" for role qr, found "${kid}"` }],
  );

/** A day of the calendar, such as "2026-09-30". */
export function isDay(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.split("-").map(Number);
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return day >= 1 && day <= days;
}
