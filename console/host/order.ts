/** Puts the messages of one node back into their order [Sparkplug 3.0, operational-behavior-host-reordering]. */
export interface Order<M> {
  /** The next one's number, 0 to 255. */
  readonly expected: number;
  /** Those that came too early. */
  readonly ahead: readonly Numbered<M>[];
  /** The last few that were in order, by which a repetition is known. */
  readonly recent: readonly Print[];
}

export interface Numbered<M> extends Print {
  /** How much room it takes: its metrics. */
  readonly weight: number;
  readonly message: M;
}

interface Print {
  readonly seq: number;
  /** When the kiosk sent it, where it says so. */
  readonly at: number | undefined;
}

/** What became of a message. "crowded": there is no room left for those that came too early. */
export interface Arrival<M> {
  readonly is: "next" | "ahead" | "duplicate" | "crowded";
  readonly order: Order<M>;
  /** In order now, the message itself first. */
  readonly ready: readonly M[];
}

const aheadLimit = 64;
const weightLimit = 8192;
const recentLimit = 32;

/** Numbers go to 255 and then begin at 0 again. */
export const following = (seq: number): number => (seq + 1) % 256;

/** After a birth with this number. */
export const orderAfter = <M>(seq: number): Order<M> => ({ expected: following(seq), ahead: [], recent: [] });

const same = (a: Print, b: Print): boolean => a.seq === b.seq && a.at === b.at && a.at !== undefined;

/**
 * A number other than the expected one is early, never old: after the loss of 200 messages it would look old. An old one
 * that is no exact repetition therefore ends in a rebirth too.
 */
export function arrive<M>(order: Order<M>, came: Numbered<M>): Arrival<M> {
  const { expected, ahead, recent } = order;
  if ([...recent, ...ahead].some((print) => same(print, came))) return { is: "duplicate", order, ready: [] };
  if (came.seq !== expected) {
    const weight = ahead.reduce((sum, one) => sum + one.weight, came.weight);
    const crowded = ahead.length >= aheadLimit || weight > weightLimit || ahead.some(({ seq }) => seq === came.seq);
    if (crowded) return { is: "crowded", order, ready: [] };
    return { is: "ahead", order: { expected, ahead: [...ahead, came], recent }, ready: [] };
  }
  const inOrder = [came];
  let next = following(expected);
  for (let found = ahead.find(({ seq }) => seq === next); found !== undefined;) {
    inOrder.push(found);
    next = following(next);
    found = ahead.find(({ seq }) => seq === next);
  }
  return {
    is: "next",
    order: {
      expected: next,
      ahead: ahead.filter((one) => !inOrder.includes(one)),
      recent: [...recent, ...inOrder.map(({ seq, at }) => ({ seq, at }))].slice(-recentLimit),
    },
    ready: inOrder.map(({ message }) => message),
  };
}
