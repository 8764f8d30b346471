/** What is promised about smart-card readers, each a test of its own. The session says of each whether it was kept. */
export const promises = [
  "without the service a sentence says how to get it, at once",
  "two readers that fit are both named",
  "a card comes, gives its number, and goes",
  "a card that lay there before anybody listened is told too",
  "a command to a card that went is answered with no-device",
  "a card is one reading of the real driver",
  "a service that is killed is no-device, and its reader works again when it is back",
  "a service that hangs does not hold the kiosk up",
  "the end of the process waits for no reader",
] as const;

export type PromiseName = (typeof promises)[number];
