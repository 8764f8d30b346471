import { fault, type Fault } from "../kit/fault.ts";
import type { GattDoing, GattPort, GattWord, Sink } from "../kit/port.ts";
import { err, ok, type Result } from "../kit/result.ts";
import { loadBluez, type Bluez, type BluezCharacteristic, type BluezDevice } from "./bluez.ts";

export interface BleWiring {
  /** Address of a bonded instrument, "C4:7C:8D:00:11:22". */
  readonly match: string;
}

/** So many attempts may fail in a row before the wire is given up, and the supervisor waits before it opens another. */
const attempts = 10;

/** The base of the Bluetooth SIG's short numbers [Bluetooth Core, vol. 3, part B, 2.5.1]. */
const sigUuid = /^0000([0-9a-f]{4})-0000-1000-8000-00805f9b34fb$/;
const shortOf = (uuid: string): string => sigUuid.exec(uuid)?.[1] ?? uuid;

const said = (mistake: unknown): string => (mistake instanceof Error ? mistake.message : String(mistake));

/**
 * Opens the way to one bonded instrument, which may be away: it is connected whenever it is switched on. An absent package,
 * service, adapter or bond is `no-device`; the kiosk runs without.
 */
export async function openBle(
  { match }: BleWiring,
  load: () => Promise<() => Bluez> = loadBluez,
): Promise<Result<{ readonly port: GattPort; close(): Promise<void> }>> {
  let create: () => Bluez;
  try {
    create = await load();
  } catch {
    return err(fault("no-device", "the package node-ble is not installed: npm install node-ble@1.13.0, or do without"));
  }
  const first = await meet(create, match);
  return first.ok ? ok(attach(create, match, first.value)) : first;
}

interface Meeting {
  readonly device: BluezDevice;
  /** Ends the connection to the bus, and with it every listener that node-ble forgets. */
  end(): Promise<void>;
}

/** A fresh connection to the bus for each meeting: node-ble keeps listeners of earlier ones [its issues 12 and 76]. */
async function meet(create: () => Bluez, address: string): Promise<Result<Meeting>> {
  let bluez: Bluez | undefined;
  const end = async () => {
    const mine = bluez;
    bluez = undefined;
    try {
      await mine?.destroy();
    } catch {
      // It is gone already.
    }
  };
  const not = async (why: string) => {
    await end();
    return err(fault("no-device", why));
  };
  try {
    const session = (bluez = create());
    const broken = new Promise<never>((_, reject) => void session.bluetooth.dbus?.on("error", reject));
    // Whether it is heard or not: a late error of the bus must not end the process.
    broken.catch(() => {});
    const adapter = await Promise.race([session.bluetooth.defaultAdapter(), broken]);
    if (!(await adapter.isPowered())) return await not("Bluetooth is switched off: bluetoothctl power on");
    const device = await adapter.getDevice(address);
    if (!(await device.isPaired())) return await not(`${address} is not bonded: bluetoothctl pair ${address}`);
    return ok({ device, end });
  } catch (mistake) {
    const cure = `is the service bluetooth running, and was ${address} bonded with bluetoothctl?`;
    return not(`no way to the Bluetooth instrument (${said(mistake)}): ${cure}`);
  }
}

function attach(create: () => Bluez, address: string, first: Meeting) {
  const label = `Bluetooth ${address}`;
  const sinks = new Set<Sink<GattWord>>();
  let present: { readonly name: string; readonly has: ReadonlyMap<string, BluezCharacteristic> } | undefined;
  let meeting: Meeting | undefined = first;
  let gone: Fault | undefined;

  const tell = (word: GattWord) => {
    for (const sink of Array.from(sinks)) if (!gone) sink.heard(word);
  };
  const lose = (why: Fault) => {
    if (gone) return;
    gone = why;
    present = undefined;
    for (const sink of Array.from(sinks)) sink.lost(why);
    sinks.clear();
  };

  const greeting = (): GattWord | undefined =>
    present && { is: "connected", name: present.name, has: [...present.has.keys()] };
  /** From the connection to its end. False where there was none. */
  const visit = async ({ device }: Meeting): Promise<boolean> => {
    const left = new Promise<undefined>((resolve) => void device.on("disconnect", () => resolve(undefined)));
    const arrive = async () => {
      await device.connect();
      return { name: await device.getAlias(), has: await characteristicsOf(device) };
    };
    try {
      // Whoever leaves before it has told what it has would be waited for for ever.
      present = await Promise.race([arrive(), left]);
      const word = greeting();
      if (word === undefined) return false;
      tell(word);
      await left;
      present = undefined;
      tell({ is: "gone" });
      return true;
    } catch {
      // Away: the service gives up after some twenty seconds.
      return false;
    }
  };
  const live = async () => {
    let failed = 0;
    while (!gone) {
      if (meeting === undefined) {
        const met = await meet(create, address);
        if (!met.ok) return lose(met.error);
        meeting = met.value;
      }
      failed = (await visit(meeting)) ? 0 : failed + 1;
      await meeting.end();
      meeting = undefined;
      if (failed >= attempts) lose(fault("no-device", `${label} did not answer: switch it on, or bond it anew`));
    }
  };

  const done = async (doing: GattDoing): Promise<Result<void>> => {
    const of = doing.do === "write" ? doing.to : doing.of;
    const characteristic = present?.has.get(of);
    if (characteristic === undefined) return err(gone ?? fault("no-device", `${label} is away, or has no ${of}`));
    try {
      if (doing.do === "write") await characteristic.writeValueWithResponse(Buffer.from(doing.bytes));
      else if (doing.do === "read") tell({ is: "value", of, bytes: Uint8Array.from(await characteristic.readValue()) });
      else {
        characteristic.on("valuechanged", (bytes) => tell({ is: "value", of, bytes: Uint8Array.from(bytes) }));
        await characteristic.startNotifications();
      }
      return ok(undefined);
    } catch (mistake) {
      return err(fault("refused", `${label} refused ${doing.do} ${of}: ${said(mistake)}`));
    }
  };

  const port: GattPort = {
    label,
    send: done,
    listen(sink) {
      if (gone) sink.lost(gone);
      else {
        sinks.add(sink);
        const word = greeting();
        if (word) sink.heard(word);
      }
      return { stop: () => void sinks.delete(sink) };
    },
  };
  const living = live();
  return {
    port,
    async close() {
      lose(fault("no-device", `${label} was closed`));
      const last = meeting;
      if (last) {
        await last.device.disconnect().catch(() => {});
        await last.end();
      }
      void living;
    },
  };
}

async function characteristicsOf(device: BluezDevice): Promise<ReadonlyMap<string, BluezCharacteristic>> {
  const gatt = await device.gatt();
  const found = new Map<string, BluezCharacteristic>();
  for (const uuid of await gatt.services()) {
    const service = await gatt.getPrimaryService(uuid);
    for (const of of await service.characteristics()) found.set(shortOf(of), await service.getCharacteristic(of));
  }
  return found;
}
