import type { Stock } from "../../protocol/fleet/stock.ts";
import { closed, shelf } from "./shelf.ts";
import type { Setting, State } from "./state.ts";
import { left } from "./stock.ts";

/** More goods than any machine holds; what a message may say. */
const mostGoods = 65_535;
const mostProducts = 64;

/** What this kiosk tells its neighbours: goods that a worker sent here would get now. Closed for whatever reason: none. */
export function ownStock(setting: Setting, state: State): Stock["left"] {
  if (closed(setting, state) !== undefined) return {};
  const ready = shelf(setting, state);
  const goods = setting.products.map(({ id }) => [id, Math.min(left(ready, id), mostGoods)] as const);
  return Object.fromEntries(goods.filter(([, count]) => count > 0).slice(0, mostProducts));
}
