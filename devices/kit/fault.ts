/** Why something on a wire did not go as asked. A closed list: each kind has its own sentence on the screen and in the log. */
export type FaultKind =
  | "no-device" // nothing at the path, or unplugged
  | "silent" // no answer within the patience of the question
  | "garbled" // bytes came, none of them a frame of this protocol
  | "refused" // the board answered no
  | "busy"
  | "jammed" // the motor did not turn, or did not come home
  | "empty"
  | "door-open"
  | "self-test" // the board's own check of a part failed: drop curtain, lift, probe
  | "misconfigured" // asked for what the machine does not have
  | "no-drop" // the motor turned and nothing fell
  | "interrupted"; // the wire or the power went while it was moving

/** `detail` speaks to the technician, never to the worker, and never holds a secret. */
export interface Fault {
  readonly kind: FaultKind;
  readonly detail: string;
}

export const fault = (kind: FaultKind, detail: string): Fault => ({ kind, detail });
