import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dateOf, dayLabel, dayOf } from "../../protocol/pickup-code/calendar.ts";
import { millis } from "../../devices/kit/clock.ts";
import { makeStation, type Folder, type Model } from "../real/station.ts";

const keepers = 10;
const capacity = 250;

/** A station folder with one product, so that the last digit vends, and slots that do not run empty. `codes`: codes of today. */
export async function benchStation(model: Model, codes: number): Promise<Folder> {
  const folder = await makeStation(model);
  const today = dayOf(millis(Date.now()));
  const campaign = folder.issuer.campaign({
    id: "summer",
    name: { zh: "夏送清凉", en: "Summer drinks" },
    epoch: "day",
    digits: 12,
    count: codes - keepers,
    keeperCount: keepers,
    products: ["water"],
    from: dateOf(today - 10),
    to: dateOf(today + 10),
    hours: "00:00-24:00",
    lossLimit: 10,
    issuedAt: `${dateOf(today - 1)}T00:00:00Z`,
  });
  folder.write("campaigns/summer.json", campaign);
  const file = JSON.parse(readFileSync(join(folder.config, "station.json"), "utf8")) as {
    readonly products: readonly { readonly id: string }[];
    readonly slots: readonly object[];
  };
  const slots = file.slots.map((slot) => ({ ...slot, product: "water", capacity }));
  folder.write("station.json", { ...file, products: file.products.filter(({ id }) => id === "water"), slots });
  return { ...folder, codes: folder.issuer.codes(dayLabel(today), codes, "42") };
}
