import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import type { GattWord } from "../../../devices/kit/port.ts";
import { openBle } from "../../../devices/port/ble.ts";
import { loadBluez, type Bluez } from "../../../devices/port/bluez.ts";

const address = "C4:7C:8D:00:11:22";
const sig = (short: string) => `0000${short}-0000-1000-8000-00805f9b34fb`;
const pc60 = "6e400003-b5a3-f393-e0a9-e50e24dcca9e";

/** The service, an adapter and one instrument, as node-ble shows them. */
function service({ powered = true, paired = true, known = true, connects = Infinity, resolves = true } = {}) {
  const state = { sessions: 0, destroyed: 0, left: connects, written: [] as string[] };
  const bus = new EventEmitter();
  const present: { device?: EventEmitter; characteristic?: EventEmitter } = {};
  const create = (): Bluez => {
    state.sessions += 1;
    const device = new EventEmitter();
    const characteristic = Object.assign(new EventEmitter(), {
      readValue: async () => Uint8Array.of(0xea, 7, 7, 1, 8, 0, 0),
      writeValueWithResponse: async (bytes: Buffer) => void state.written.push(bytes.toString("hex")),
      startNotifications: async () => {},
    });
    Object.assign(present, { device, characteristic });
    const gattService = {
      characteristics: async () => [sig("2a35"), pc60],
      getCharacteristic: async () => characteristic,
    };
    const instrument = Object.assign(device, {
      getAlias: async () => "UA-651BLE",
      isPaired: async () => paired,
      async connect() {
        state.left -= 1;
        if (state.left < 0) throw new Error("le-connection-abort-by-local");
      },
      disconnect: async () => void device.emit("disconnect"),
      gatt: () =>
        resolves
          ? Promise.resolve({ services: async () => [sig("1810")], getPrimaryService: async () => gattService })
          : new Promise<never>(() => {}),
    });
    const adapter = {
      isPowered: async () => powered,
      getDevice: async () => (known ? instrument : Promise.reject(new Error("Device not found"))),
    };
    return {
      bluetooth: { defaultAdapter: async () => adapter, dbus: bus },
      destroy: () => void (state.destroyed += 1),
    };
  };
  return {
    create,
    state,
    bus,
    leave: () => present.device?.emit("disconnect"),
    notify: (bytes: Uint8Array) => present.characteristic?.emit("valuechanged", bytes),
  };
}

const open = (fake: ReturnType<typeof service>) => openBle({ match: address }, async () => fake.create);
const turn = () => new Promise((resolve) => setImmediate(resolve));

async function listening(fake: ReturnType<typeof service>) {
  const opened = await open(fake);
  if (!opened.ok) throw new Error(opened.error.detail);
  const words: (GattWord | string)[] = [];
  opened.value.port.listen({ heard: (word) => words.push(word), lost: ({ kind }) => words.push(kind) });
  await turn();
  return { ...opened.value, words };
}

test("without the package the instrument is absent, in a sentence that says what to do", async () => {
  const absent = await openBle({ match: address }, () => Promise.reject(new Error("Cannot find package")));
  expect(absent).toMatchObject({
    error: { kind: "no-device", detail: expect.stringContaining("npm install node-ble") },
  });
});

test("the package is looked for by its name, and only then", async () => {
  const looked = await loadBluez().then(
    (create) => typeof create,
    (mistake: unknown) => String(mistake),
  );
  expect(looked).toMatch(/^function$|node-ble/);
});

test.each([
  ["switched off", { powered: false }, "bluetoothctl power on"],
  ["not bonded", { paired: false }, "bluetoothctl pair C4:7C:8D:00:11:22"],
  ["not known", { known: false }, "Device not found"],
])("%s: absent, with a sentence, and the bus is let go", async (_, world, says) => {
  const fake = service(world);
  expect(await open(fake)).toMatchObject({ error: { kind: "no-device", detail: expect.stringContaining(says) } });
  expect(fake.state.destroyed).toBe(fake.state.sessions);
});

test("a bus that breaks before it answered is an absence, not the end of the process", async () => {
  const fake = service();
  const create = (): Bluez => {
    const bluez = fake.create();
    setImmediate(() => fake.bus.emit("error", new Error("ENOENT")));
    return { ...bluez, bluetooth: { ...bluez.bluetooth, defaultAdapter: () => new Promise(() => {}) } };
  };
  expect(await openBle({ match: address }, async () => create)).toMatchObject({ error: { kind: "no-device" } });
});

test("connected, it tells its name and what it has; values come whole; away and back again it is met on a fresh bus", async () => {
  const fake = service();
  const { port, words, close } = await listening(fake);
  expect(words).toEqual([{ is: "connected", name: "UA-651BLE", has: ["2a35", pc60] }]);
  expect(await port.send({ do: "hear", of: "2a35" })).toEqual({ ok: true, value: undefined });
  fake.notify(Uint8Array.of(1, 2, 3));
  await port.send({ do: "read", of: "2a35" });
  await port.send({ do: "write", to: "2a35", bytes: Uint8Array.of(1, 6) });
  expect(words.slice(1)).toEqual([
    { is: "value", of: "2a35", bytes: Uint8Array.of(1, 2, 3) },
    { is: "value", of: "2a35", bytes: Uint8Array.of(0xea, 7, 7, 1, 8, 0, 0) },
  ]);
  expect(fake.state.written).toEqual(["0106"]);

  fake.leave();
  await turn();
  await turn();
  expect(words.slice(3)).toEqual([{ is: "gone" }, { is: "connected", name: "UA-651BLE", has: ["2a35", pc60] }]);
  expect(fake.state).toMatchObject({ sessions: 2, destroyed: 1 });
  await close();
  expect(words.at(-1)).toBe("no-device");
  expect(fake.state.destroyed).toBe(2);
});

test("while it is away, or where it lacks a characteristic, nothing can be sent", async () => {
  const { port, close } = await listening(service());
  expect(await port.send({ do: "hear", of: "2a18" })).toMatchObject({ error: { kind: "no-device" } });
  await close();
  expect(await port.send({ do: "hear", of: "2a35" })).toMatchObject({ error: { kind: "no-device" } });
});

test("one that never answers is given up after ten attempts, each on a fresh bus that is let go", async () => {
  const fake = service({ connects: 0 });
  const { words } = await listening(fake);
  await turn();
  expect(words).toEqual(["no-device"]);
  expect(fake.state).toMatchObject({ sessions: 10, destroyed: 10 });
});

test("one that leaves before it told what it has is met again, and does not hold up the wire", async () => {
  const fake = service({ resolves: false });
  const { words, close } = await listening(fake);
  fake.leave();
  await turn();
  await turn();
  expect(fake.state.sessions).toBe(2);
  expect(words).toEqual([]);
  await close();
});
