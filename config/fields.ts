import * as v from "valibot";

// Every message is "expected …": the loader adds what was found, docs/config.md shows it as the field's form.

export const text = (what: string) => v.pipe(v.string(`expected ${what}`), v.nonEmpty(`expected ${what}`));
export const whole = (low: number, high: number) => {
  const form = `expected a whole number from ${low} to ${high}`;
  return v.pipe(v.number(form), v.integer(form), v.minValue(low, form), v.maxValue(high, form));
};
export const matching = (form: RegExp, what: string) =>
  v.pipe(v.string(`expected ${what}`), v.regex(form, `expected ${what}`));
export const yesNo = v.boolean("expected true or false");

export const name = v.strictObject(
  {
    zh: v.pipe(text("the name in Chinese"), v.description("As workers read it.")),
    en: v.pipe(text("the name in English"), v.description("As workers read it who switched to English.")),
  },
  'expected a name in both languages: { "zh": …, "en": … }',
);
export const id = matching(/^[a-z][a-z0-9-]{0,31}$/, 'a short name of small letters, digits and "-", such as "vend"');
export const clockTime = matching(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time of day such as "06:00"');

export const line = {
  baud: v.exactOptional(v.pipe(whole(300, 921_600), v.description("Speed of the line in bits a second."))),
  parity: v.exactOptional(
    v.pipe(
      v.picklist(["none", "even", "odd"], 'expected "none", "even" or "odd"'),
      v.description("Parity of the line."),
    ),
  ),
};

export const usage = {
  usage: v.exactOptional(
    v.pipe(
      matching(/^[0-9a-f]{4}:[0-9a-f]{4}$/, 'a HID usage page and usage such as "008c:0002"'),
      v.description("Which HID interface is meant, where one plug holds several."),
    ),
  ),
};

export const wiring = v.strictObject(
  {
    by: v.pipe(
      v.picklist(
        ["path", "by-id", "usb", "hid", "pcsc", "ble", "w1"],
        'expected "path", "by-id", "usb", "hid", "pcsc", "ble" or "w1"',
      ),
      v.description(
        'How the wire is found: "by-id" by the adapter\'s own name, "usb" by the socket it is plugged into, "path" by a device file, "hid" by USB numbers, "pcsc" by the name of a smart-card reader, "ble" by the address of a bonded Bluetooth instrument, "w1" by the number of a probe on the 1-Wire bus.',
      ),
    ),
    match: v.exactOptional(
      v.pipe(
        text(
          'a path, a name under /dev/serial/by-id, a USB path such as "1-1.3", USB numbers such as "0c2e:0b61", a Bluetooth address such as "C4:7C:8D:00:11:22", the number of a probe such as "28-0316a2794eff", or a part of a name',
        ),
        v.description(
          'What to look for. By "hid", "pcsc" and "w1" it may be left out: the only one that fits the profile.',
        ),
      ),
    ),
    ...line,
    ...usage,
  },
  'expected where it is plugged in, such as { "by": "path", "match": "/dev/ttyUSB0" }',
);
