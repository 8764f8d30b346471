// A DS18B20 as the kernel's w1_therm shows it: the text of /sys/bus/w1/devices/28-*/w1_slave. Two lines of nine bytes; the first
// ends with the kernel's verdict on their check, the second with thousandths of a degree [kernel, w1_therm].

export type ProbeText =
  /** Degrees Celsius. */
  | { readonly is: "temperature"; readonly degrees: number }
  /** The check failed, or the text is not whole: it should be read again. */
  | { readonly is: "unread" }
  /** What the chip holds from its power-on until it has measured once. */
  | { readonly is: "not-yet" };

const bytes = "(?:[0-9a-f]{2} ){9}";
const form = new RegExp(`^${bytes}: crc=[0-9a-f]{2} (YES|NO)\\n${bytes}t=(-?\\d{1,6})\\n$`);
const powerOn = 85_000;
/** Thousandths of a degree that the chip can tell [DS18B20, data sheet]. */
const coldest = -55_000;
const hottest = 125_000;

export function readProbe(text: string): ProbeText {
  const [, verdict, thousandths] = form.exec(text) ?? [];
  if (verdict !== "YES") return { is: "unread" };
  const value = Number(thousandths);
  if (value < coldest || value > hottest) return { is: "unread" };
  return value === powerOn ? { is: "not-yet" } : { is: "temperature", degrees: value / 1000 };
}
