const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** "40 s", "12 min", "5 h", "3 days". */
export function ago(span: number): string {
  if (span < 2 * minute) return `${Math.max(0, Math.round(span / 1000))} s`;
  if (span < 2 * hour) return `${Math.round(span / minute)} min`;
  if (span < 2 * day) return `${Math.round(span / hour)} h`;
  return `${Math.round(span / day)} days`;
}
