// A report descriptor is a row of items [HID 1.11, 6.2.2]: a byte with size, type and tag, then the value.

const sizes = [0, 1, 2, 4] as const;
/** Type and tag of an item, its size bits cleared [HID 1.11, 6.2.2.4 to 6.2.2.8]. */
const item = { usagePage: 0x04, usage: 0x08, reportId: 0x84, collection: 0xa0, endCollection: 0xc0 } as const;
/** A long item: size and tag follow, and no HID device is known to use one [HID 1.11, 6.2.2.3]. */
const longItem = 0xfe;

export interface Interface {
  /** What it is, outermost: usage page and usage such as "008c:0002", in order. */
  readonly usages: readonly string[];
  /** Each report begins with its id. */
  readonly numbered: boolean;
}

/** What a HID interface says of itself as a whole. Never throws: a descriptor that is cut off says less. */
export function interfaceOf(descriptor: Uint8Array): Interface {
  const usages: string[] = [];
  let numbered = false;
  let depth = 0;
  let page = 0;
  let usage: number | undefined;
  for (let at = 0; at < descriptor.length;) {
    const head = descriptor[at] ?? 0;
    if (head === longItem) {
      at += 3 + (descriptor[at + 1] ?? 0);
      continue;
    }
    const size = sizes[head & 3] ?? 0;
    let value = 0;
    for (let i = size; i > 0; i -= 1) value = value * 256 + (descriptor[at + i] ?? 0);
    at += 1 + size;
    switch (head & 0xfc) {
      case item.usagePage:
        page = value;
        break;
      case item.usage:
        // A usage of four bytes brings its page along.
        usage ??= size === 4 ? value : page * 0x10000 + value;
        break;
      case item.reportId:
        numbered = true;
        break;
      case item.collection:
        if (depth === 0 && usage !== undefined) usages.push(written(usage));
        depth += 1;
        usage = undefined;
        break;
      case item.endCollection:
        depth -= 1;
        usage = undefined;
        break;
      default:
        // A local usage is spent by the next input, output or feature item.
        if ((head & 0x0c) === 0) usage = undefined;
    }
  }
  return { usages, numbered };
}

function written(usage: number): string {
  const digits = usage.toString(16).padStart(8, "0");
  return `${digits.slice(0, 4)}:${digits.slice(4)}`;
}
