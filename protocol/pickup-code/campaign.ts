/** What a derived code is worth: the signed campaign file. docs/pickup-codes.md explains each field. */
export interface Campaign {
  readonly v: 1;
  readonly kind: "campaign";
  /** Short name, such as "summer-2026". */
  readonly id: string;
  readonly name: { readonly zh: string; readonly en: string };
  /** The kiosk for which it is. */
  readonly station: string;
  readonly epoch: "day" | "week" | "batch";
  /** The only label of a batch campaign. */
  readonly batch?: string;
  /** Length of a typed code: 10 (YZ-10) or 12 (YZ-12). */
  readonly digits: 10 | 12;
  /** Codes an epoch, and codes an epoch that the keeper may hand out. */
  readonly count: number;
  readonly keeperCount: number;
  /** Product ids; a worker takes one of them. */
  readonly products: readonly string[];
  /** First and last day in UTC+8, "2026-07-01". */
  readonly from: string;
  readonly to: string;
  /** Daily hours in UTC+8, "00:00-24:00". */
  readonly hours: string;
  /** Drinks a kiosk-year that guessing may cost; above it the campaign is refused. */
  readonly lossLimit: number;
  /** ISO 8601 in UTC. The newest valid file of an id wins. */
  readonly issuedAt: string;
  readonly kid: string;
  /** Ed25519 over "yizhan/campaign/v1\0" and the canonical JSON of all other fields, base64url. */
  readonly sig: string;
}
