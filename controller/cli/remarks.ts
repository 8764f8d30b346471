import type { LoadedStation } from "../../config/load.ts";
import { fingerprintOf } from "../../protocol/health/letter.ts";
import { parseDate, type Day } from "../../protocol/pickup-code/calendar.ts";
import { bytesOf } from "../../protocol/pickup-code/sign.ts";
import { calibrationOf } from "../domain/cabin/calibration.ts";

/** What is no mistake in a station's files, and is to be known before it opens: a sentence each. */
export const remarks = ({ station }: Pick<LoadedStation, "station">, day: Day): readonly string[] => [
  ...station.devices.flatMap((device) => calibration(device, station.cabin?.overdue ?? "say", day)),
  ...recipient(station.cabin),
];

type Station = LoadedStation["station"];

function calibration(
  { id, calibrationDue }: Station["devices"][number],
  overdue: "say" | "refuse",
  day: Day,
): readonly string[] {
  const due = parseDate(calibrationDue ?? "");
  if (due === undefined) return [];
  const until = overdue === "refuse" ? "it is not measured with" : "each result says so";
  switch (calibrationOf({ due }, day)) {
    case "over":
      return [
        `${id}: its calibration ended on ${calibrationDue}. Have it calibrated and set calibrationDue; until then ${until}.`,
      ];
    case "soon":
      return [`${id}: its calibration ends on ${calibrationDue}. Have it calibrated by then and set calibrationDue.`];
    case "holds":
      return [];
  }
}

/** Whoever puts another key into the file reads what is sent: the fingerprint is what two people can compare. */
const recipient = (cabin: Station["cabin"]): readonly string[] =>
  cabin?.recipient === undefined
    ? []
    : [
        `Results are sealed to ${cabin.recipient.name.en}, key ${fingerprintOf(bytesOf(cabin.recipient.key))}: ` +
          "have the recipient read theirs out and compare.",
      ];
