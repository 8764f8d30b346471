import type { Kiosk } from "../real/kiosk.ts";
import type { Street } from "../real/street.ts";

/** A worker with a fresh code takes a bottle. Throws where the kiosk ends before, or does not give it. */
export async function vend(street: Street, kiosk: Kiosk, product: number): Promise<void> {
  await kiosk.hear("device.working");
  await kiosk.until("idle", "done", "E11", "E23b");
  await kiosk.type(street.freshCode());
  await kiosk.until("choose");
  await kiosk.press(`choose:${product}`);
  await kiosk.until("done");
}
