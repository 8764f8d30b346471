/** A number exactly. `over` is above nought. */
interface Ratio {
  readonly top: bigint;
  readonly over: bigint;
}

/** What the number says when it is printed: 0.1 is one tenth here, whatever the binary fraction beneath. */
function ratio(value: number): Ratio {
  const parts = /^(-?\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value));
  if (parts === null) throw new Error(`${value} is no number that could have been measured`);
  const [, whole = "", fraction = "", exponent = "0"] = parts;
  const shift = Number(exponent) - fraction.length;
  const digits = BigInt(whole + fraction);
  return shift < 0 ? { top: digits, over: 10n ** BigInt(-shift) } : { top: digits * 10n ** BigInt(shift), over: 1n };
}

/** (value − minus) × times ÷ by. */
export interface Factor {
  readonly minus?: number;
  readonly times?: number;
  readonly by?: number;
}

/**
 * Reckons exactly and rounds once, as a person does: half goes away from nought, and 5.55 is half way to 5.6.
 * @throws Error for what is no finite number: a sentinel that a driver let pass.
 */
export function reckoned(value: number, { minus = 0, times = 1, by = 1 }: Factor, decimals: number): number {
  const [given, less, factor, divisor] = [ratio(value), ratio(minus), ratio(times), ratio(by)];
  const top = (given.top * less.over - less.top * given.over) * factor.top * divisor.over;
  const over = given.over * less.over * factor.over * divisor.top;
  if (over <= 0n) throw new Error(`divided by ${by}: a factor is above nought`);
  return rounded({ top, over }, decimals);
}

function rounded({ top, over }: Ratio, decimals: number): number {
  const magnitude = top < 0n ? -top : top;
  const digits = (2n * magnitude * 10n ** BigInt(decimals) + over) / (2n * over);
  return Number(`${top < 0n && digits !== 0n ? "-" : ""}${digits}e-${decimals}`);
}
