// What is used of node-ble 1.13 [its README and src/index.d.ts], written down here so that the kiosk is built and runs
// without the package.

export interface BluezCharacteristic {
  readValue(): Promise<Uint8Array>;
  writeValueWithResponse(bytes: Buffer): Promise<void>;
  startNotifications(): Promise<void>;
  on(event: "valuechanged", heard: (bytes: Uint8Array) => void): unknown;
}

interface BluezService {
  /** Whole UUIDs in small letters. */
  characteristics(): Promise<readonly string[]>;
  getCharacteristic(uuid: string): Promise<BluezCharacteristic>;
}

export interface BluezGatt {
  services(): Promise<readonly string[]>;
  getPrimaryService(uuid: string): Promise<BluezService>;
}

export interface BluezDevice {
  /** Its name, or what the technician called it. */
  getAlias(): Promise<string>;
  isPaired(): Promise<unknown>;
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  gatt(): Promise<BluezGatt>;
  on(event: "disconnect", heard: () => void): unknown;
}

export interface BluezAdapter {
  isPowered(): Promise<boolean>;
  /** Only among those that the service knows: a bonded one stays known while it is away. */
  getDevice(address: string): Promise<BluezDevice>;
}

/** One connection to the system's message bus. */
export interface Bluez {
  readonly bluetooth: {
    defaultAdapter(): Promise<BluezAdapter>;
    /** The bus itself, which throws what nobody hears: the service is not there. */
    readonly dbus?: { on(event: "error", heard: (mistake: Error) => void): unknown };
  };
  destroy(): Promise<void> | void;
}

/** Throws where the package is not installed. */
export async function loadBluez(): Promise<() => Bluez> {
  // Not a literal: the compiler must not look for a package that may be absent.
  const name: string = "node-ble";
  const loaded: { readonly createBluetooth: () => Bluez } = await import(name);
  return loaded.createBluetooth;
}
