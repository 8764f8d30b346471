/** Our own topics, beside Sparkplug's: what must not be lost, and what a kiosk is asked to do. docs/topics.md is generated from `topics`. */

const base = "yz/v1";

/** Signed things that a kiosk shall have in force. */
export type Desired = "config" | "campaign" | "keys";

export const topicsOf = (group: string, kiosk: string) => {
  const own = `${base}/${group}/${kiosk}`;
  return {
    /** Batches of ledger entries. */
    events: `${own}/up/ev`,
    /** What became of a command. */
    results: `${own}/up/res`,
    /** What is in force, and its hash. */
    reported: `${own}/up/reported`,
    /** Log lines, on request. */
    log: `${own}/up/log`,
    /** What of the events is in the centre's database. */
    ack: `${own}/down/ack`,
    /** Signed commands. */
    commands: `${own}/down/cmd`,
    desired: (what: Desired, id?: string): string => `${own}/down/desired/${what}${id === undefined ? "" : `/${id}`}`,
    /** Everything that comes down to this kiosk. */
    down: `${own}/down/#`,
    /** What this kiosk has left, for its neighbours. */
    stock: `${base}/${group}/stock/${kiosk}`,
  };
};

/** Lists of credentials that were used, of one group. */
export const usedTopic = (group: string, batch: string): string => `${base}/${group}/used/${batch}`;
/** Lists of what members of several stations took, of one group. */
export const takenTopic = (group: string, batch: string): string => `${base}/${group}/taken/${batch}`;
/** Subscriptions. */
export const usedTopics = (group: string): string => `${base}/${group}/used/+`;
export const takenTopics = (group: string): string => `${base}/${group}/taken/+`;
export const stockTopics = (group: string): string => `${base}/${group}/stock/+`;
/** For a centre: all that kiosks of all groups send up. */
export const upTopics = `${base}/+/+/up/#`;

export interface UpAddress {
  readonly group: string;
  readonly kiosk: string;
  readonly what: "ev" | "res" | "reported" | "log";
}

export function readUpTopic(topic: string): UpAddress | undefined {
  const found = /^yz\/v1\/([^/]+)\/([^/]+)\/up\/(ev|res|reported|log)$/.exec(topic);
  if (found === null) return undefined;
  const [, group = "", kiosk = "", what = ""] = found;
  return { group, kiosk, what: what as UpAddress["what"] };
}

/** The kiosk's name on the wire and in its certificate: the station's id in small letters. */
export const kioskName = (stationId: string): string => stationId.toLowerCase();
