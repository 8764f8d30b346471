/** What instruments measure of one person, in numbers that stand nowhere by chance. */
export interface Figures {
  /** kg. */
  readonly weight: number;
  /** cm. */
  readonly height: number;
  readonly bmi: number;
  /** mg/dL, as the meter has it. */
  readonly glucose: number;
  /** cm, typed in. */
  readonly waist: number;
  /** mmHg. */
  readonly systolic: number;
  readonly diastolic: number;
  readonly pulse: number;
}

type Named<T> = readonly (readonly [string, T])[];
export type Content = Uint8Array | string;

/** mmol/L on the glass. */
export const shownGlucose = ({ glucose }: Figures): string => (glucose / 18.016).toFixed(1);

/** Not in the midst of a longer number, and not the seconds of a moment: it may well be 2026-11-22 14:28:10.4. */
const begins = "(?<![\\d.]|\\d{4}[-/]\\d\\d[-/]\\d\\d[ T-]\\d\\d:\\d\\d:)";
/** No part of a longer number. */
const alone = (text: string): string => `${begins}${text.replaceAll(".", "\\.")}(?!\\.?\\d)`;
const words =
  "systolic|diastolic|pulse|glucose|weight|height|waist|bmi|value|shown|native|mmHg|mg/dL|血|压|糖|脉|体重|身高|腰";
/** A whole number says something only beside a word that says of what. */
const beside = (value: number): string =>
  `(?:${words})[^\\d\\n]{0,40}${alone(`${value}`)}|${alone(`${value}`)}[^\\d\\n]{0,24}(?:${words})`;

/** As four and eight bytes, either end first. Halves and quarters are mostly noughts, which stand anywhere. */
function floats(value: number): Named<Buffer> {
  if (Math.fround(value) === value) return [];
  return (["Float", "Double"] as const).flatMap((size) =>
    (["LE", "BE"] as const).map((end) => {
      const bytes = Buffer.alloc(size === "Float" ? 4 : 8);
      bytes[`write${size}${end}`](value);
      return [`${value} as ${size}${end}`, bytes] as const;
    }),
  );
}

/** Two whole numbers side by side, as frames have them. */
const pairs = (one: number, other: number): Named<Buffer> =>
  (["LE", "BE"] as const).map((end) => {
    const bytes = Buffer.alloc(4);
    bytes[`writeUInt16${end}`](one);
    bytes[`writeUInt16${end}`](other, 2);
    return [`${one} and ${other} as UInt16${end}`, bytes];
  });

/** What stands around each of these texts in what an instrument said: as much of a frame as is nobody else's. */
function windows(frames: readonly Uint8Array[], texts: readonly string[]): Named<Buffer> {
  const around = 4;
  return frames.flatMap((frame) => {
    const said = Buffer.from(frame).toString("latin1");
    return texts
      .map((text) => [text, said.indexOf(text)] as const)
      .filter(([, at]) => at >= 0)
      .map(([text, at]) => {
        const cut = Buffer.from(frame.slice(Math.max(0, at - around), at + text.length + around));
        return [`${text} in a frame`, cut] as const;
      });
  });
}

/** As text: with a decimal, which stands nowhere by chance. */
const fractionsOf = (whose: Figures): readonly string[] => [
  whose.weight.toFixed(2),
  ...[whose.weight, whose.height, whose.bmi, whose.waist].map((value) => value.toFixed(1)),
  shownGlucose(whose),
];

function sureOf(whose: Figures, frames: readonly Uint8Array[]) {
  const { weight, height, bmi, waist, glucose, systolic } = whose;
  const exact = [weight, height, bmi, waist, Number(shownGlucose(whose)), glucose / 18.016];
  const native = [weight.toFixed(2), height.toFixed(1), bmi.toFixed(1), `  ${glucose} `, `S${systolic}`];
  const fractions = fractionsOf(whose);
  const unrounded = /^\d+\.\d{3}/.exec(`${glucose / 18.016}`)?.[0] ?? "";
  const patterns = [
    ...fractions.map((text) => [text, alone(text)] as const),
    [unrounded, `${begins}${unrounded.replace(".", "\\.")}`] as const,
  ];
  const wide = fractions.map((text) => [`${text} in UTF-16`, Buffer.from(text, "utf16le")] as const);
  return { patterns, needles: [...exact.flatMap(floats), ...wide, ...windows(frames, native)] };
}

function weakOf({ systolic, diastolic, pulse, glucose }: Figures) {
  const patterns = [
    ...[systolic, diastolic, pulse, glucose].map((value) => [`${value}`, beside(value)] as const),
    [`${systolic}/${diastolic}`, `${alone(`${systolic}`)}\\D{1,40}${alone(`${diastolic}`)}`] as const,
  ];
  return { patterns, needles: pairs(systolic, diastolic) };
}

/**
 * The forms in which somebody's figures stand in any of these contents, by name.
 * @param frames what instruments said; what of it bears a figure is searched for as well.
 * @param amid "megabytes" of memory or of a database have any short number in them: whole numbers are not searched for.
 */
export function formsIn(
  people: readonly Figures[],
  all: readonly Content[],
  frames: readonly Uint8Array[],
  amid: "little" | "megabytes" = "little",
): readonly string[] {
  const kinds = people.flatMap((whose) => [sureOf(whose, frames), ...(amid === "little" ? [weakOf(whose)] : [])]);
  const patterns = kinds.flatMap((kind) =>
    kind.patterns.map(([name, form]) => ({
      name,
      form: new RegExp(form),
      figure: Buffer.from(/^[\d.]+/.exec(name)?.[0] ?? ""),
    })),
  );
  const named = kinds.flatMap((kind) => kind.needles);
  const needles = [...new Map(named.map(([name, needle]) => [needle.toString("hex"), { name, needle }])).values()];
  const found = all.flatMap((content) => {
    const bytes =
      typeof content === "string"
        ? Buffer.from(content)
        : Buffer.from(content.buffer, content.byteOffset, content.byteLength);
    const likely = patterns.filter(({ figure }) => bytes.includes(figure));
    const text = likely.length > 0 ? bytes.toString() : "";
    return [
      ...likely.filter(({ form }) => form.test(text)).map(({ name }) => name),
      ...needles.filter(({ needle }) => bytes.includes(needle)).map(({ name }) => name),
    ];
  });
  return [...new Set(found)];
}
