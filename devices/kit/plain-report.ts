// HID instruments of a maker's own kind, whose reports have no number and all one length.

/** A report without a number: 0 in front, filled up with zeros. */
export function plainReport(data: Iterable<number>, length: number): Uint8Array {
  const report = new Uint8Array(1 + length);
  report.set(Array.from(data), 1);
  return report;
}

/** Whether both hold the same bytes: a report that was told twice. */
export const isSameReport = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, i) => byte === other[i]);

const bytes = (hex: string) => Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** The descriptor of a simulated one: so many bytes both ways, and as a feature where it has one. */
export const plainDescriptor = (length: number, feature = 0): Uint8Array =>
  Uint8Array.from([
    ...bytes("0600FF0901A101150026FF007508"),
    ...[0x95, length].concat(bytes("09018102")),
    ...[0x95, length].concat(bytes("09019102")),
    ...(feature > 0 ? [0x95, feature].concat(bytes("0901B102")) : []),
    0xc0,
  ]);
