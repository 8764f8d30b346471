import * as v from "valibot";
import type { Entry } from "../../../controller/domain/entry.ts";
import { draftOf } from "../../../controller/store/ledger.ts";
import { events, isEventKind } from "../../../protocol/events/events.ts";

/** What the catalogue has against an entry as it leaves the kiosk. */
export function misfitOf(entry: Entry): readonly string[] {
  const { kind, dev, body } = draftOf(entry, 0, true);
  if (!isEventKind(kind)) return [`no event is called ${kind}`];
  const { device, data } = events[kind];
  const judged = v.safeParse(data, JSON.parse(body));
  return [
    ...(device === (dev !== null) ? [] : [dev === null ? "its device is missing" : `it names the device ${dev}`]),
    ...(judged.success ? [] : judged.issues.map((issue) => `${v.getDotPath(issue) ?? ""}: ${issue.message}`)),
  ];
}
