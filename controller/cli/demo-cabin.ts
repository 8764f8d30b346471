import type { Station } from "../../config/schema.ts";
import type { Item, Unit } from "../../devices/health/capability.ts";
import { dateOf, type Day } from "../../protocol/pickup-code/calendar.ts";
import type { Name } from "../screen/model.ts";

// The health cabin of the demonstration: what stands in it, and what whoever tries it can do to it.

/** What is plugged in, by the id that also names its cable. */
export interface Plugged {
  readonly id: string;
  readonly model: string;
  /** Its own options, laid over the profile's. */
  readonly own: Readonly<Record<string, unknown>>;
}

/** A simulated health instrument. */
export interface Instrument extends Plugged {
  readonly name: Name;
  /** In the unit, and as finely, as it tells each item itself. */
  readonly tells: Readonly<Partial<Record<Item, readonly [Unit, number]>>>;
  /** One strip, one item: a person measures one thing after the other. */
  readonly strips?: true;
  /** Its calibration ends in so many days. */
  readonly dueIn?: number;
}

const tenths = (unit: Unit): readonly [Unit, number] => [unit, 0.1];
const whole = (unit: Unit): readonly [Unit, number] => [unit, 1];

/** Over serial lines, USB HID and Bluetooth: for whoever sits there it is the same. */
export const instruments: readonly Instrument[] = [
  {
    id: "pressure",
    model: "maibobo-rbp",
    own: {},
    name: { zh: "血压计", en: "blood pressure cuff" },
    tells: { systolic: whole("mm[Hg]"), diastolic: whole("mm[Hg]"), pulse: whole("/min") },
    dueIn: 20,
  },
  {
    id: "oxygen",
    model: "contec-cms50",
    own: {},
    name: { zh: "血氧仪", en: "oximeter" },
    tells: { spo2: whole("%"), pulse: whole("/min"), perfusion: tenths("%") },
  },
  {
    id: "temperature",
    model: "gatt-thermometer",
    own: {},
    name: { zh: "蓝牙体温计", en: "Bluetooth thermometer" },
    tells: { temperature: tenths("Cel") },
  },
  {
    id: "scale",
    model: "gtech-gl150",
    own: {},
    name: { zh: "身高体重秤", en: "height and weight scale" },
    tells: { height: tenths("cm"), weight: tenths("kg"), bmi: tenths("kg/m2") },
  },
  {
    id: "composition",
    model: "bcm-h10",
    own: {
      sensors: [],
      // Only the index of body water is public: the others are this demonstration's.
      results: [
        { index: 1, item: "body-water", divide: 10 },
        { index: 2, item: "body-fat", divide: 10 },
        { index: 3, item: "muscle-mass", divide: 10 },
        { index: 4, item: "bone-mass", divide: 10 },
        { index: 5, item: "visceral-fat", divide: 10 },
        { index: 6, item: "basal-metabolism", divide: 1 },
      ],
    },
    name: { zh: "体成分仪", en: "body composition board" },
    tells: {
      "body-water": tenths("%"),
      "body-fat": tenths("%"),
      "muscle-mass": tenths("kg"),
      "bone-mass": tenths("kg"),
      "visceral-fat": tenths("1"),
      "basal-metabolism": whole("kcal/d"),
    },
  },
  {
    id: "blood",
    model: "taidoc-meter",
    own: {},
    name: { zh: "血液检测仪", en: "meter for blood" },
    strips: true,
    tells: {
      glucose: whole("mg/dL"),
      urate: tenths("mg/dL"),
      cholesterol: whole("mg/dL"),
      triglyceride: whole("mg/dL"),
      haemoglobin: tenths("g/dL"),
      haematocrit: whole("%"),
      ketone: tenths("mmol/L"),
      lactate: whole("mg/dL"),
    },
  },
];

export const printer: Plugged = { id: "printer", model: "escpos-58", own: {} };

/** What is plugged in, as a station file has it. */
export const deviceOf = ({ id, model, own }: Plugged): Station["devices"][number] => ({
  id,
  profile: model,
  wiring: { by: "path", match: id },
  options: own,
});

/** The cabin's part of the station file's devices. */
export const cabinDevices = (today: Day): Station["devices"] => [
  ...instruments.map(({ tells, dueIn, ...plugged }) => ({
    ...deviceOf(plugged),
    measures: Object.keys(tells) as Item[],
    ...(dueIn === undefined ? {} : { calibrationDue: dateOf(today + dueIn) }),
  })),
  deviceOf(printer),
];

/** @param key of whoever may be sent the results, 64 hex digits. */
export const cabinBlock = (key: string): NonNullable<Station["cabin"]> => ({
  entered: ["waist", "hip", "grip-left", "grip-right", "vision-left", "vision-right"],
  recipient: { name: { zh: "演示卫生站", en: "Demo clinic" }, key },
  pass: true,
  overdue: "say",
});

/** Who sits there at the start. */
export const sitsFirst = "courier";

/** What goes wrong in a cabin, as it is typed at the terminal. */
export const troubles: readonly { readonly line: string; readonly name: Name }[] = [
  { line: "unplug pressure", name: { zh: "拔掉血压计", en: "unplug the cuff" } },
  { line: "plug pressure", name: { zh: "插上血压计", en: "plug the cuff in" } },
  { line: "error pressure", name: { zh: "袖带没绑好", en: "the cuff sits loose" } },
  { line: "unplug temperature", name: { zh: "关掉蓝牙体温计", en: "the thermometer is off" } },
  { line: "plug temperature", name: { zh: "打开蓝牙体温计", en: "the thermometer is on" } },
  { line: "paper out", name: { zh: "打印纸用完", en: "the paper ends" } },
  { line: "paper full", name: { zh: "换上新纸卷", en: "a new roll of paper" } },
  { line: "stale oxygen", name: { zh: "血氧仪里有上一个人的结果", en: "somebody before is still in the oximeter" } },
  { line: "stale blood", name: { zh: "血液仪里有上一个人的结果", en: "somebody before is in the blood meter" } },
];

/** The error that the cuff then shows: its lower air bag gives a weak signal (S8 of the profile's sources). */
export const errorOf: Readonly<Record<string, number>> = { pressure: 0x05, composition: 0x02 };
