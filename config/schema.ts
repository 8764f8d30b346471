import * as v from "valibot";
import { cabin, measures } from "./cabin-schema.ts";
import { clockTime, id, line, matching, name, text, usage, whole, wiring, yesNo } from "./fields.ts";

/** The one file that makes a Raspberry Pi this station: `station.json`. docs/config.md is generated from it. */
export const stationSchema = v.strictObject(
  {
    v: v.pipe(v.literal(1, "expected 1, the version of this form"), v.description("Version of this form.")),
    station: v.pipe(
      v.strictObject(
        {
          id: v.pipe(
            matching(/^[A-Za-z0-9][A-Za-z0-9-]{1,31}$/, 'the kiosk\'s id, such as "ZP-001"'),
            v.description("Name of this one kiosk; a site with two machines has two. Its codes are derived from it."),
          ),
          number: v.pipe(whole(1, 32_767), v.description("Number of the kiosk in signed QR tokens.")),
          area: v.exactOptional(
            v.pipe(
              whole(1, 32_767),
              v.description(
                "Number of the area in signed QR tokens that are valid at several stations; without it none of those are given.",
              ),
            ),
          ),
          site: v.pipe(
            matching(/^(?!00)\d\d$/, 'two digits from "01" to "99"'),
            v.description("Two-digit site number printed on the machine, the first two digits of YZ-12 codes."),
          ),
          name: v.pipe(name, v.description("What people call the station.")),
          machine: v.pipe(
            text('the machine\'s number as painted on it, such as "03"'),
            v.description("Shown in the bottom strip."),
          ),
          phone: v.pipe(text("the service phone"), v.description("Shown on every refusal. Somebody answers it.")),
          opens: v.optional(
            v.pipe(clockTime, v.description("Daily opening of the host; the machine gives nothing outside.")),
            "00:00",
          ),
          closes: v.optional(v.pipe(clockTime, v.description("Daily closing of the host.")), "24:00"),
          refillAt: v.exactOptional(
            v.pipe(clockTime, v.description("When goods usually come, shown where all is given out.")),
          ),
          channel: v.exactOptional(
            v.pipe(name, v.description("Where workers get their codes, shown where a code has expired.")),
          ),
          dispenser: v.exactOptional(
            v.pipe(
              name,
              v.description("Where drinking water can be had, shown to whoever has had the day's share of drinks."),
            ),
          ),
        },
        "expected the fields of the station",
      ),
      v.description("Who and where this kiosk is."),
    ),
    screen: v.optional(
      v.pipe(
        v.strictObject(
          {
            widthMm: v.pipe(
              whole(60, 1000),
              v.description("Width of the glass: 222 at 10.1 inches, 154 at 7 inches. Keys are sized in millimetres."),
            ),
            attached: v.optional(
              v.pipe(
                yesNo,
                v.description(
                  "False where only a number pad is fitted; then the watchdog does not ask for painted pictures.",
                ),
              ),
              true,
            ),
          },
          "expected the fields of the screen",
        ),
        v.description("The worker's screen."),
      ),
      { widthMm: 222, attached: true },
    ),
    devices: v.pipe(
      v.array(
        v.strictObject(
          {
            id: v.pipe(id, v.description("Name of this device in the planogram, in the log and on the bench.")),
            profile: v.pipe(
              id,
              v.description("Model of the device: the name of a file under config/profiles, without .json."),
            ),
            wiring: v.pipe(
              wiring,
              v.description("Where it is plugged in, and how the line is set where that differs from the profile."),
            ),
            options: v.optional(
              v.pipe(
                v.record(v.string(), v.unknown(), "expected the driver's options as fields"),
                v.description("Options of the driver that differ from the profile's."),
              ),
              {},
            ),
            measures: v.exactOptional(
              v.pipe(
                measures,
                v.description(
                  "What this health instrument measures, where its options make it differ from the profile.",
                ),
              ),
            ),
            calibrationDue: v.exactOptional(
              v.pipe(
                matching(/^\d{4}-\d\d-\d\d$/, 'a date such as "2027-03-01"'),
                v.description("Last day on which this health instrument's calibration holds."),
              ),
            ),
          },
          "expected the fields of a device",
        ),
        "expected a list of devices",
      ),
      v.description("What is plugged in, and where."),
    ),
    products: v.pipe(
      v.array(
        v.strictObject(
          {
            id: v.pipe(id, v.description("Name of the product in the planogram and in campaigns.")),
            name: v.pipe(name, v.description("What workers call it.")),
          },
          "expected the fields of a product",
        ),
        "expected a list of products",
      ),
      v.description("What the machine gives; at least one product, but for a health cabin alone."),
    ),
    slots: v.pipe(
      v.array(
        v.strictObject(
          {
            device: v.pipe(id, v.description("Id of the device the slot belongs to.")),
            slot: v.pipe(
              text('the slot\'s number on the board, such as "1"'),
              v.description("Number of the slot as the board counts it."),
            ),
            product: v.pipe(id, v.description("Id of the product in it.")),
            capacity: v.pipe(whole(1, 255), v.description("Goods that fit.")),
            refillTo: v.exactOptional(
              v.pipe(whole(1, 255), v.description("Goods after a usual refill; the capacity where absent.")),
            ),
            critical: v.optional(v.pipe(whole(0, 255), v.description("At this many or fewer the keeper is told.")), 2),
            expires: v.exactOptional(
              v.pipe(
                matching(/^\d{4}-\d\d-\d\d$/, 'a date such as "2026-09-30"'),
                v.description("Last day on which the first batch may be given."),
              ),
            ),
          },
          "expected the fields of a slot",
        ),
        "expected a list of slots",
      ),
      v.description("The planogram. On the first start each slot counts as filled to refillTo."),
    ),
    trust: v.pipe(
      v.array(
        v.strictObject(
          {
            kid: v.pipe(
              text('the key\'s short name, such as "r1"; for role qr a number from "0" to "255"'),
              v.description("Short name of the key, as files signed with it give it."),
            ),
            role: v.pipe(
              v.picklist(["release", "ops", "qr"], 'expected "release", "ops" or "qr"'),
              v.description("What the key may sign."),
            ),
            key: v.pipe(
              matching(/^[0-9a-f]{64}$/, "an Ed25519 public key of 64 hex digits"),
              v.description("The public key. The secret one never lies on a kiosk."),
            ),
          },
          "expected the fields of a public key",
        ),
        "expected a list of public keys",
      ),
      v.description(
        "Public keys whose signatures are obeyed: release for campaigns, lists, keys and configuration, ops for commands, qr for tokens.",
      ),
    ),
    keyDays: v.optional(v.pipe(whole(1, 62), v.description("How many days ahead keys are held.")), 14),
    link: v.exactOptional(
      v.pipe(
        v.strictObject(
          {
            group: v.pipe(
              matching(/^[a-z0-9][a-z0-9-]{0,31}$/, 'the district code, such as "320583"'),
              v.description("District to which the kiosk belongs; the Sparkplug group."),
            ),
            servers: v.pipe(
              v.array(
                matching(/^mqtts?:\/\/[^\s/]+$/, 'a broker such as "mqtts://broker.example:8883"'),
                "expected a list of brokers",
              ),
              v.minLength(1, "expected at least one broker"),
              v.description(
                "Brokers, the usual one first. mqtts:// needs ca.pem, cert.pem and key.pem in the folder link/ beside the station file.",
              ),
            ),
            acknowledged: v.optional(
              v.pipe(
                v.picklist(["central", "broker"], 'expected "central" or "broker"'),
                v.description(
                  'When an event counts as delivered: "central", when our centre has it in its database; "broker", when the broker has it, where there is no such centre.',
                ),
              ),
              "central",
            ),
            keepalive: v.optional(
              v.pipe(
                whole(30, 600),
                v.description("Seconds after which a silent line is tried. More saves mobile data."),
              ),
              120,
            ),
            birthSpread: v.optional(
              v.pipe(
                whole(0, 600),
                v.description("Births wait a random time up to so many seconds: 0 below 200 kiosks, 30 above."),
              ),
              0,
            ),
            primaryHost: v.exactOptional(
              v.pipe(
                matching(/^[^+/#\s]{1,64}$/, "the id of a Sparkplug host"),
                v.description(
                  "Nothing is told while this Sparkplug host is offline; events wait in the ledger. Leave it out where in doubt.",
                ),
              ),
            ),
          },
          "expected the fields of the link",
        ),
        v.description("The way to the centre. Without it the kiosk works alone."),
      ),
    ),
    escrow: v.optional(
      v.pipe(
        whole(0, 100),
        v.description("How many credentials of several stations are given a day while the centre cannot be reached."),
      ),
      3,
    ),
    neighbours: v.optional(
      v.pipe(
        v.array(
          v.strictObject(
            {
              kiosk: v.pipe(
                matching(/^[A-Za-z0-9][A-Za-z0-9-]{1,31}$/, 'the other kiosk\'s id, such as "ZP-002"'),
                v.description("Id of the other kiosk."),
              ),
              name: v.pipe(name, v.description("What people call its station.")),
              metres: v.pipe(whole(1, 100_000), v.description("The way there, in metres.")),
              minutes: v.pipe(whole(1, 1000), v.description("Minutes on foot.")),
            },
            "expected the fields of a neighbour",
          ),
          "expected a list of neighbours",
        ),
        v.description(
          "Stations nearby, named to a worker whose card or QR code is valid there when this machine has nothing left.",
        ),
      ),
      [],
    ),
    cabin: v.exactOptional(
      v.pipe(
        cabin,
        v.description("The health cabin of a station with health instruments; where absent, each field's default."),
      ),
    ),
  },
  "expected an object with the fields of a station",
);

export type Station = v.InferOutput<typeof stationSchema>;

const hexWord = matching(/^[0-9a-f]{4}$/, "four hex digits");

/** What is known of a model of machine, as data: config/profiles/<model>.json. */
export const profileSchema = v.strictObject(
  {
    model: v.pipe(id, v.description("Name of the model, and of the file.")),
    name: v.pipe(name, v.description("What people call the machine.")),
    driver: v.pipe(
      matching(/^(vending|reader|health|board|printer)\/[a-z0-9]+(-[a-z0-9]+)*$/, 'a driver such as "vending/tcn"'),
      v.description("The driver: a file under devices, without .ts."),
    ),
    usb: v.exactOptional(
      v.pipe(
        v.array(
          v.strictObject(
            {
              vendor: v.pipe(hexWord, v.description("USB vendor number.")),
              product: v.pipe(hexWord, v.description("USB product number.")),
            },
            "expected a vendor and a product number",
          ),
          "expected a list of USB numbers",
        ),
        v.description("By which USB numbers it can be known."),
      ),
    ),
    reads: v.exactOptional(
      v.pipe(
        v.array(v.picklist(["card", "code"], 'expected "card" or "code"'), "expected what it reads"),
        v.minLength(1, "expected what it reads"),
        v.description(
          "What a reader reads: cards, codes, or both where it is left out. The screen speaks of nothing else.",
        ),
      ),
    ),
    measures: v.exactOptional(v.pipe(measures, v.description("What a health instrument measures with these options."))),
    starts: v.exactOptional(
      v.pipe(
        v.literal(true, "expected true"),
        v.description("The kiosk starts this instrument; where absent the person does, on the instrument."),
      ),
    ),
    wiring: v.pipe(
      v.strictObject({ ...line, ...usage }, "expected how the line is set"),
      v.description("How its line is set; a station's own wiring goes before it."),
    ),
    options: v.pipe(
      v.record(v.string(), v.unknown(), "expected the driver's options as fields"),
      v.description("The driver's options for this model; a station's own go before them."),
    ),
    quirks: v.pipe(
      v.array(
        v.strictObject(
          {
            does: v.pipe(
              text("what the machine does"),
              v.description("What it does that its manual's reader would not expect."),
            ),
            source: v.pipe(text("where that is written"), v.description("Manual and section, or capture.")),
          },
          "expected what the machine does, and the source",
        ),
        "expected a list of quirks",
      ),
      v.description("What an engineer must know before touching the driver."),
    ),
    proven: v.pipe(
      v.picklist(
        ["on-hardware", "from-manual", "from-capture"],
        'expected "on-hardware", "from-manual" or "from-capture"',
      ),
      v.description("How far the profile can be trusted."),
    ),
    source: v.pipe(
      text("the document or capture the profile was made from"),
      v.description("The document or capture it was made from."),
    ),
  },
  "expected an object with the fields of a profile",
);

export type Profile = v.InferOutput<typeof profileSchema>;
