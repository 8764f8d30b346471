/** What a kiosk or somebody in its name sent that cannot be used. It is counted, and changes nothing else but what is said here. */
export type Oddity =
  /** Not a Sparkplug topic, or a kind of message that is not for a host. */
  | "strange-topic"
  /** Of a group that this host does not answer for. */
  | "not-ours"
  /** Kept by the broker: Sparkplug messages never are. */
  | "retained"
  /** No Sparkplug payload, or larger than any. */
  | "unreadable"
  /** More or longer than a kiosk has: limits.ts. */
  | "out-of-bounds"
  /** A birth without a name, or with two meanings for one alias. */
  | "bad-birth"
  /** Data or a device where there was no birth: all is asked for again. */
  | "no-birth"
  /** A metric that no birth named: all is asked for again. */
  | "unknown-metric"
  /** A value that is not of the type its birth said; that metric is left out. */
  | "wrong-type"
  /** Data without its number. */
  | "no-seq"
  | "duplicate"
  /** Messages missing beyond the reorder timeout: all is asked for again. */
  | "gap"
  /** Older than what was heard already: all is asked for again. */
  | "late"
  /** A death of another session than the present one. */
  | "stray-death"
  /** More nodes, devices or metrics than this host keeps. */
  | "crowded"
  /** Another host application uses our name. */
  | "namesake";

export type Oddities = Readonly<Partial<Record<Oddity, number>>>;
