import { ago } from "./ago.ts";
import type { Presence, StationFacts } from "./status.ts";

/** Why somebody should look at a station, and what to do about it first. */
export interface Cause {
  /** 1 (now) to 9 (nothing to do). */
  readonly urgency: number;
  readonly words: string;
  readonly todo: string;
}

const day = 86_400_000;
const certificateWarning = 30 * day;
/** Days; docs/events.md, calibration. */
const calibrationWarning = 30;
/** Percent. */
const fullCard = 90;

/** What is true whether or not the kiosk is there. */
export function lasting(
  { alarms, certificateExpires, waiting, configFailed }: StationFacts,
  now: number,
): readonly Cause[] {
  const causes = alarms.map(({ what, level, detail }): Cause => ({
    urgency: level,
    words: alarmed(what),
    todo: detail,
  }));
  if (certificateExpires !== null && certificateExpires - now < certificateWarning) {
    const left = Math.floor((certificateExpires - now) / day);
    const words = left < 0 ? "its certificate has expired" : `its certificate expires in ${left} days`;
    causes.push({ urgency: left < 0 ? 2 : 7, words, todo: "Make a new certificate: npx yizhan centre kiosk add." });
  }
  if (waiting > 0)
    causes.push({ urgency: 8, words: "events are missing", todo: "Nothing yet: it was asked to send them again." });
  if (configFailed !== null)
    causes.push({
      urgency: 7,
      words: "did not take its configuration",
      todo: `Correct the configuration: ${configFailed}`,
    });
  return causes;
}

const alarmed = (what: string): string => {
  if (what === "forked") return "forked: two histories of one card";
  if (what === "rolled-back") return "rolled back: an older copy of its card";
  if (what === "over-quota") return "a member took more than the list allows";
  return "its events cannot be stored";
};

export function absence(state: Presence, since: number | null, now: number): readonly Cause[] {
  const span = since === null ? "" : ago(now - since);
  switch (state) {
    case "offline":
      return [{ urgency: 3, words: `silent for ${span}`, todo: "Look whether it has power and network." }];
    case "unstable":
      return [
        { urgency: 6, words: "its connection comes and goes", todo: "Wait five minutes; then look after its network." },
      ];
    case "never":
      return [
        {
          urgency: 8,
          words: "was never heard",
          todo: "Finish its installation, or look at its certificate and broker.",
        },
      ];
    default:
      return [];
  }
}

const outOfService: Readonly<Record<string, Omit<Cause, "words">>> = {
  locked: { urgency: 4, todo: "Unlock it when the reason is gone." },
  disk: { urgency: 2, todo: "Change its card." },
  offers: { urgency: 4, todo: "Send it a campaign or a list." },
  machine: { urgency: 3, todo: "Send a technician." },
  "sold-out": { urgency: 4, todo: "Send a keeper with goods." },
  instruments: { urgency: 3, todo: "Look at the cables and batteries of the health instruments." },
};

/** What a kiosk says of itself; only of one that is there. */
export function ills({ metrics }: StationFacts, state: Presence): readonly Cause[] {
  if (state !== "online" && state !== "unstable") return [];
  const of = (name: string): unknown => metrics.find(({ device, metric }) => device === "" && metric === name)?.value;
  const causes: Cause[] = [];
  const said = of("Health/Reason");
  const reason = typeof said === "string" ? said : "";
  const words = [reason === "sold-out" ? "sold out" : reason, ...faults(metrics)]
    .filter((one) => one !== "")
    .join(", ");
  if (of("Health/State") === 2) {
    const known = outOfService[reason] ?? { urgency: 3, todo: "Send a technician." };
    causes.push({ ...known, words: `cannot give: ${words === "" ? "it does not say why" : words}` });
  }
  if (of("Health/State") === 1) {
    const todo = outOfService[reason]?.todo ?? "Look at it with the next visit.";
    causes.push({ urgency: 5, words: `gives only in part: ${words === "" ? "it does not say why" : words}`, todo });
  }
  if (of("Clock/Synced") === false)
    causes.push({
      urgency: 7,
      words: "clock unsure",
      todo: "Look whether it reaches a time server, or send a beacon.",
    });
  const disk = of("Sys/Disk_pct");
  if (typeof disk === "number" && disk >= fullCard)
    causes.push({
      urgency: 5,
      words: `card is full (${Math.round(disk)} %)`,
      todo: "Make room on its card, or change it.",
    });
  if (of("Sys/Undervoltage") === true)
    causes.push({ urgency: 7, words: "its power supply is too weak", todo: "Change the power supply." });
  return [...causes, ...calibrations(metrics)];
}

/** A date that is past says so to every person who is measured; one that is near needs somebody who comes. */
const calibrations = (metrics: StationFacts["metrics"]): readonly Cause[] =>
  metrics.flatMap(({ device, metric, value }): readonly Cause[] => {
    if (metric !== "Calibration/Days Left" || typeof value !== "number" || value > calibrationWarning) return [];
    const over = value < 0;
    const words = over
      ? `the calibration of ${device} has ended`
      : `the calibration of ${device} ends in ${value} days`;
    return [
      {
        urgency: over ? 4 : 7,
        words,
        todo: `Have ${device} calibrated, and write the new date into its station file.`,
      },
    ];
  });

const faults = (metrics: StationFacts["metrics"]): readonly string[] =>
  metrics.flatMap(({ device, metric, value }) =>
    metric === "Fault/Code" && typeof value === "string" && value !== "" ? [`${device} ${value}`] : [],
  );
