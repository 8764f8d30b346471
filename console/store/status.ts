import { statusOf, type CentreFacts, type Overview, type StationFacts } from "../collector/status.ts";
import type { Asking } from "./store.ts";

/** The metrics by which a station is judged. */
const judgedBy = [
  "Health/State",
  "Health/Reason",
  "Clock/Synced",
  "Sys/Disk_pct",
  "Sys/Undervoltage",
  "Fault/Code",
  "Calibration/Days Left",
];

/** What the staff see, read from the database. @param now UTC, milliseconds. */
export async function overview(store: Asking, now: number): Promise<Overview> {
  const stations = await store.query<StationFacts>(
    `SELECT s.kiosk, s.district AS "group", s.name_zh AS zh, s.name_en AS en,
       s.certificate_expires AS "certificateExpires",
       CASE WHEN p.kiosk IS NOT NULL THEN
         jsonb_build_object('online', p.online, 'since', p.since, 'heard', p.heard, 'losses', p.losses) END AS presence,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('device', device, 'metric', metric, 'value', value)), '[]')
        FROM latest l WHERE l.kiosk = s.kiosk AND NOT l.stale
          AND l.metric IN (SELECT json_array_elements_text($1::json))) AS metrics,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('what', what, 'level', level, 'detail', detail)), '[]')
        FROM alarms a WHERE a.kiosk = s.kiosk AND a.cleared IS NULL) AS alarms,
       (SELECT count(*) FROM waiting w WHERE w.kiosk = s.kiosk) AS waiting,
       r.document #>> '{config,failed,why}' AS "configFailed"
     FROM stations s LEFT JOIN presence p USING (kiosk) LEFT JOIN reported r USING (kiosk)`,
    [JSON.stringify(judgedBy)],
  );
  const centres = await store.query<CentreFacts>("SELECT name, what, at, said FROM centre");
  return statusOf(stations, centres, now);
}
