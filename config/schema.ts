import * as v from "valibot";

const text = (what: string) =>
  v.pipe(v.string(`expected ${what}`), v.nonEmpty(`expected ${what}, found an empty text`));
const whole = (low: number, high: number) =>
  v.pipe(
    v.number(`expected a whole number from ${low} to ${high}`),
    v.integer(`expected a whole number from ${low} to ${high}`),
    v.minValue(low, `expected a whole number from ${low} to ${high}`),
    v.maxValue(high, `expected a whole number from ${low} to ${high}`),
  );
const matching = (form: RegExp, what: string) =>
  v.pipe(v.string(`expected ${what}`), v.regex(form, `expected ${what}`));

const name = v.strictObject({ zh: text("the name in Chinese"), en: text("the name in English") });
const id = matching(/^[a-z][a-z0-9-]{0,31}$/, 'a short name of small letters, digits and "-", such as "vend"');
const clockTime = matching(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time of day such as "06:00"');

const wiring = v.strictObject({
  by: v.picklist(["path", "by-id", "usb"], 'expected "path", "by-id" or "usb"'),
  match: text('what to look for: a path, a name under /dev/serial/by-id, or a USB path such as "1-1.3"'),
  baud: v.optional(whole(300, 921_600)),
  parity: v.optional(v.picklist(["none", "even", "odd"], 'expected "none", "even" or "odd"')),
});

/** The one file that makes a Raspberry Pi this station: `station.json`. docs/config.md is generated from it. */
export const stationSchema = v.strictObject({
  v: v.literal(1, "expected 1, the version of this form"),
  station: v.pipe(
    v.strictObject({
      id: v.pipe(
        matching(/^[A-Za-z0-9][A-Za-z0-9-]{1,31}$/, 'the kiosk\'s id, such as "ZP-001"'),
        v.description("Name of this one kiosk; a site with two machines has two. Its codes are derived from it."),
      ),
      number: v.pipe(whole(1, 32_767), v.description("Number of the kiosk in signed QR tokens.")),
      site: v.pipe(
        matching(/^(?!00)\d\d$/, 'two digits from "01" to "99"'),
        v.description("Two-digit site number printed on the machine, the first two digits of YZ-12 codes."),
      ),
      name,
      machine: v.pipe(
        text('the machine\'s number as painted on it, such as "03"'),
        v.description("Shown in the bottom strip."),
      ),
      phone: v.pipe(text("the service phone"), v.description("Shown on every refusal. Somebody answers it.")),
      opens: v.pipe(
        v.optional(clockTime, "00:00"),
        v.description("Daily opening of the host; the machine gives nothing outside."),
      ),
      closes: v.pipe(v.optional(clockTime, "24:00"), v.description("Daily closing of the host.")),
      refillAt: v.pipe(v.optional(clockTime), v.description("When goods usually come, shown where all is given out.")),
      channel: v.pipe(
        v.optional(name),
        v.description("Where workers get their codes, shown where a code has expired."),
      ),
    }),
    v.description("Who and where this kiosk is."),
  ),
  screen: v.pipe(
    v.optional(
      v.strictObject({
        widthMm: v.pipe(
          whole(60, 1000),
          v.description("Width of the glass: 222 at 10.1 inches, 154 at 7 inches. Keys are sized in millimetres."),
        ),
        attached: v.pipe(
          v.optional(v.boolean("expected true or false"), true),
          v.description(
            "False where only a number pad is fitted; then the watchdog does not ask for painted pictures.",
          ),
        ),
      }),
      { widthMm: 222, attached: true },
    ),
    v.description("The worker's screen."),
  ),
  devices: v.pipe(
    v.array(
      v.strictObject({
        id,
        profile: v.pipe(id, v.description("File name under config/profiles, without .json.")),
        wiring,
        options: v.optional(v.record(v.string(), v.unknown()), {}),
      }),
      "expected a list of devices",
    ),
    v.description("What is plugged in, and where."),
  ),
  products: v.pipe(
    v.pipe(
      v.array(v.strictObject({ id, name }), "expected a list of products"),
      v.minLength(1, "expected at least one product"),
    ),
    v.description("What the machine gives."),
  ),
  slots: v.pipe(
    v.array(
      v.strictObject({
        device: id,
        slot: text('the slot\'s number on the board, such as "1"'),
        product: id,
        capacity: v.pipe(whole(1, 255), v.description("Goods that fit.")),
        refillTo: v.pipe(
          v.optional(whole(1, 255)),
          v.description("Goods after a usual refill; the capacity where absent."),
        ),
        critical: v.pipe(v.optional(whole(0, 255), 2), v.description("At this many or fewer the keeper is told.")),
        expires: v.pipe(
          v.optional(matching(/^\d{4}-\d\d-\d\d$/, 'a date such as "2026-09-30"')),
          v.description("Last day of the first batch."),
        ),
      }),
      "expected a list of slots",
    ),
    v.description("The planogram. On the first start each slot counts as filled to refillTo."),
  ),
  trust: v.pipe(
    v.array(
      v.strictObject({
        kid: text('the key\'s short name, such as "r1"; for role qr a number from 0 to 255'),
        role: v.picklist(["release", "ops", "qr"], 'expected "release", "ops" or "qr"'),
        key: matching(/^[0-9a-f]{64}$/, "an Ed25519 public key of 64 hex digits"),
      }),
      "expected a list of public keys",
    ),
    v.description(
      "Public keys whose signatures are obeyed: release for campaigns, lists, keys and configuration, ops for commands, qr for tokens.",
    ),
  ),
  keyDays: v.pipe(v.optional(whole(1, 62), 14), v.description("How many days ahead keys are held.")),
});

export type Station = v.InferOutput<typeof stationSchema>;

/** What is known of a model of machine, as data: config/profiles/<model>.json. */
export const profileSchema = v.strictObject({
  model: id,
  name,
  driver: matching(/^(vending|reader|health|board)\/[a-z0-9]+(-[a-z0-9]+)*$/, 'a driver such as "vending/tcn"'),
  usb: v.optional(
    v.array(
      v.strictObject({
        vendor: matching(/^[0-9a-f]{4}$/, "four hex digits"),
        product: matching(/^[0-9a-f]{4}$/, "four hex digits"),
      }),
    ),
  ),
  wiring: v.partial(wiring),
  options: v.record(v.string(), v.unknown()),
  quirks: v.array(v.strictObject({ does: text("what the machine does"), source: text("where that is written") })),
  proven: v.picklist(["on-hardware", "from-manual", "from-capture"]),
  source: text("the document or capture the profile was made from"),
});

export type Profile = v.InferOutput<typeof profileSchema>;
