/** What is promised about real readers, each a test of its own. The guest says of each whether it was kept. */
export const promises = [
  "a device that is not there is told at once, in a sentence",
  "without silencing, a reader that types is heard by every program: the test can fail",
  "an opened reader that types is heard by the kiosk, key by key, and by nobody else",
  "a card typed by a reader is one reading, and a power key is none",
  "the kiosk's user may open and silence a reader, and nobody else may",
  "a reader that cannot be silenced is refused rather than let leak",
  "a rule made from the station file silences the reader before anybody opened it",
  "a scanner in POS mode is read whole, also codes of several reports",
  "unplugged in the middle of a scan nothing half is told, and the next plug is read",
  "a reader that is plugged in elsewhere is found at once, under another number",
  "reports go both ways with their number in front, and feature reports too",
  "two that are alike are told apart by their serial numbers, and named where they are not",
  "a report is with the driver within milliseconds",
  "two readers that wait cost next to nothing",
  "a card reader on a USB serial line is unplugged and plugged in again, and reads on",
  "a plug with two keyboards is silenced whole, and found by its socket",
  "nothing escaped: no unheard error, no unhandled rejection",
] as const;

export type PromiseName = (typeof promises)[number];
