/** A pure reducer: what happened goes in, what is now true and what shall be done come out. */
export interface Machine<S, E, X> {
  readonly start: S;
  step(state: S, event: E): Step<S, X>;
}

export interface Step<S, X> {
  readonly state: S;
  readonly effects: readonly X[];
}
