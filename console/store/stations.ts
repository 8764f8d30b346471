import type { Asking } from "./store.ts";

/** A kiosk that may send, as `centre kiosk add` made it. */
export interface Registration {
  /** Its name on the wire. */
  readonly kiosk: string;
  /** Group of its topics: the district. */
  readonly district: string;
  /** The `number` of its station file, by which used lists name it. */
  readonly number?: number;
  readonly names?: { readonly zh: string; readonly en: string };
  /** UTC, milliseconds. */
  readonly certificateExpires?: number;
  /** Public keys of the kiosk by their use, as text: "sealing" is the X25519 key for key bundles. */
  readonly publicKeys?: Readonly<Record<string, string>>;
  /** When it is registered: UTC, milliseconds. */
  readonly at: number;
}

/** Registers a kiosk, or tells anew what is said here; what is not said stays. */
export async function register(within: Asking, station: Registration): Promise<void> {
  const { kiosk, district, number, names, certificateExpires, publicKeys, at } = station;
  await within.query(
    `INSERT INTO stations AS s (kiosk, district, number, name_zh, name_en, certificate_expires, public_keys, registered_at)
     VALUES ($1, $2, $3, $4, $5, $6, coalesce($7::jsonb, '{}'), $8)
     ON CONFLICT (kiosk) DO UPDATE SET district = excluded.district,
       number = coalesce(excluded.number, s.number),
       name_zh = coalesce(excluded.name_zh, s.name_zh),
       name_en = coalesce(excluded.name_en, s.name_en),
       certificate_expires = coalesce(excluded.certificate_expires, s.certificate_expires),
       public_keys = s.public_keys || excluded.public_keys`,
    [
      kiosk,
      district,
      number ?? null,
      names?.zh ?? null,
      names?.en ?? null,
      certificateExpires ?? null,
      publicKeys === undefined ? null : JSON.stringify(publicKeys),
      at,
    ],
  );
}
