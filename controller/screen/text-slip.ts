/** What only paper and the code for the own telephone say. The rest are the words of the cabin. */
export interface SlipWords {
  readonly title: string;
  /** "2026-11-22 16:14", as people write it. */
  moment(year: number, month: number, day: number, clock: string): string;
  /** Both pressures in one line, upper and lower. */
  readonly pressure: string;
  /** What the two arrows say. */
  readonly arrows: string;
  machine(number: string): string;
  /** Where to ask. */
  ask(phone: string): string;
  /** Whose the paper is. */
  readonly yours: string;
  /** Between remarks. */
  readonly and: string;
}
