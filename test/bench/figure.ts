/** One line of a figure: what was measured, what came out, and what it had to be. */
export interface Row {
  readonly what: string;
  readonly value: string;
  readonly goal?: Goal;
}

interface Goal {
  readonly says: string;
  readonly met: boolean;
}

/** What a benchmark found. `how` says in a sentence what was done. */
export interface Figure {
  readonly title: string;
  readonly how: string;
  readonly rows: readonly Row[];
}

export const ms = (value: number): string => `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`;
export const times = (value: number): string => `${value < 10 ? value.toFixed(1) : value.toFixed(0)}×`;
export const mib = (value: number): string => `${value.toFixed(0)} MiB`;

export const atMost = (value: number, limit: number, says: string): Goal => ({
  says: `at most ${says}`,
  met: value <= limit,
});
export const atLeast = (value: number, limit: number, says: string): Goal => ({
  says: `at least ${says}`,
  met: value >= limit,
});

/** As a table in Markdown. */
export function written({ title, how, rows }: Figure): string {
  const line = ({ what, value, goal }: Row) =>
    `| ${what} | ${value} | ${goal ? `${goal.says}${goal.met ? "" : " — **missed**"}` : ""} |`;
  return [`## ${title}`, "", how, "", "| | measured | goal |", "| --- | --- | --- |", ...rows.map(line), ""].join("\n");
}
