/** What a centre may order a kiosk to do. docs/topics.md is generated from `orderSchema`. */
export type Order =
  /** The whole kiosk starts anew, as after a power cut. */
  | { readonly op: "restart" }
  /** Nothing is given until "unlock". `why` is for the technician. */
  | { readonly op: "lock"; readonly why: string }
  | { readonly op: "unlock" }
  | { readonly op: "slot"; readonly device: string; readonly slot: string; readonly on: boolean }
  /** One good without a code, with the reason for which it is given. */
  | { readonly op: "vend"; readonly product: string; readonly why: string }
  /** Goods in the slot now, as a keeper counted them. */
  | {
      readonly op: "refill";
      readonly device: string;
      readonly slot: string;
      readonly count: number;
      readonly expires?: string;
    }
  /** The newest log lines. */
  | { readonly op: "log"; readonly lines: number }
  /** The centre's time: the one thing that may set the kiosk's floor back. */
  | { readonly op: "beacon"; readonly utc: number };

export type Op = Order["op"];
