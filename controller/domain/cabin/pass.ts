/** What the kept passes answer. Only ticks are kept, under the code's own fingerprint: no name, no value. */
export type FoundPass =
  | {
      readonly is: "found";
      /** 12 digits, for whoever made it now. */
      readonly code: string;
      readonly sex: "female" | "male";
      /** Codes of the items that are ticked. */
      readonly ticked: readonly string[];
    }
  | { readonly is: "unknown" }
  /** The disk did not take it, or there is no room. */
  | { readonly is: "failed" };
