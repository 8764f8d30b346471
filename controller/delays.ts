import { days, hours, millis, minutes, seconds } from "../devices/kit/clock.ts";

/** Every wait of the kiosk, named, with its reason. Drivers keep their makers' times beside their wire. */
export const delays = {
  /** No key while a code is being typed: ask whether the worker is still there. */
  stillThere: seconds(30),
  /** … and clear the digits, for the next person's sake. */
  entryForgotten: seconds(45),
  /** Whoever chose a language and typed nothing has gone. */
  languageForgotten: seconds(45),
  /** A choice not made: the code stays unused. */
  choiceForgotten: seconds(30),
  /** "Done, please take it below", with the faces. */
  doneShown: seconds(8),
  /** A refusal stays long enough to be read twice; any key ends it. */
  refusalShown: seconds(15),
  /** After a power cut the worker may still stand there. */
  powerCutShown: seconds(60),
  /** A motor that takes longer makes people walk off: say more. */
  stillDispensing: seconds(8),
  /** "Please take it below" belongs to whoever has to bend down for it: a card that waits comes after that. */
  goodTaken: seconds(3),
  /** … and a refusal to whoever reads it. */
  refusalRead: seconds(5),
  /** Whoever's card waited longer has gone. */
  readingForgotten: seconds(60),
  /** A card that has not told who it is by then is told as unread: the slowest conversation takes under a second. */
  recognised: seconds(5),
  /** What is seen again within this time is still held there: readers tell it up to 20 times a second. */
  stillHeld: seconds(2),
  /** Between two refused tries, against a machine that types. */
  betweenTries: seconds(2),
  /** One guess comes back. */
  guessReturns: seconds(60),
  /** Refusals are written down in sums, so that a vandal cannot wear out the card. */
  refusalsCounted: minutes(1),
  /** At most this much time is lost to the clock by a power cut. */
  floorKept: minutes(5),
  /** A board that remembers is waited for this long after a start before an open attempt is called unknown. */
  boardRemembers: seconds(20),
  /** A clock set by the network stays trusted this long. */
  clockTrusted: days(7),
  /** Keys of the past explain "used" and "expired" this long. */
  pastExplained: days(30),
  /** An imported list older than this may lack the newest codes. */
  listFresh: minutes(15),
  /** After a connection the centre's retained lists need this long at the most to come down. */
  listsArrive: seconds(15),
  /** What a neighbour said of its stock sends nobody there for longer than this … */
  nearbyFresh: hours(2),
  /** … nor where its clock runs ahead of ours by more. */
  nearbyAhead: minutes(10),
  /** Our own stock is told at most this often, and again when it has not changed for so long. */
  stockTold: minutes(1),
  stockToldAgain: minutes(30),
  /** Used lists that grow all day are written to the card this often; whoever starts anew hears them all from the broker. */
  usedKept: minutes(10),
  /** A connection brings all of them at once. */
  usedSettles: seconds(10),
  /** What of the neighbours' messages is counted and told together. */
  neighboursCounted: minutes(1),
  /** A short token needs a clock. */
  shortToken: days(1),
  /** A beacon so near to the time counted on confirms it. */
  beaconAgrees: minutes(10),
  /** The centre's clock may be so far ahead of the kiosk's when it issues a command. */
  issuedAhead: minutes(5),
  /** A configuration on trial must have proved itself by then: the link may wait five minutes between two tries. */
  trialProves: minutes(10),
  trialLookedAt: seconds(1),
  /** Of desired files that are refused at most one entry in so long. */
  fileRefusedAgain: minutes(10),
  /** A new life of the ledger, because the centre holds another past, begins at most this often. */
  betweenLives: days(1),
  /** The strip's clock. */
  minute: minutes(1),
  /** The watchdog is fed at most this often. */
  heartbeat: seconds(10),
  /** Older than this, a part of the kiosk is no longer called fresh. */
  stale: seconds(10),
  /** A cold Raspberry Pi needs this long to the browser's first picture, at the most. */
  screenStarts: minutes(1),
  /** A card proves itself in a fifth of a second, and nobody holds one still for longer than this. */
  cardTalks: seconds(3),
  /** A vend that outlives every board's own limit. */
  vendGivenUp: minutes(3),
  /** A disk that has not answered by then is not waited for: the worker hears that the machine cannot. */
  diskStalls: seconds(10),
  /** Retry after the disk refused an outcome. */
  diskRetried: seconds(5),
  /** Whoever presses nothing for so long in the health cabin has gone: all that was measured is forgotten. */
  visitForgotten: seconds(60),
  /** … and is asked before that. */
  visitAsked: seconds(45),
  /** Whoever sees them long enough knows them, and somebody else may come along; a hard limit [instruments 7]. */
  resultsShown: minutes(5),
  /** Everything is forgotten; please wipe the instruments. */
  byeShown: seconds(8),
  /** Sitting still before a blood pressure [S40], … */
  rest: minutes(5),
  /** … of which the last minute without doing anything else. */
  quietRest: minutes(1),
  /** Between two blood pressures, from the end of the one to the beginning of the other [S40]. */
  betweenPressures: minutes(1),
  /** An instrument that nobody has used by then is not waited for. */
  measurementGivenUp: minutes(2),
  /** A cuff or a strip that somebody started and left is done by then: until then it may give that one's value. */
  instrumentLingers: seconds(90),
  /** What an instrument shows while it measures is passed on this often: an eye follows it, and the browser keeps up. */
  progressTold: millis(100),
  /** A code whose motion is being settled is asked about again. */
  settlingAskedAgain: seconds(1),
  /** A closed drop curtain is asked again; a hand that clears the tray opens the machine. */
  curtainAskedAgain: minutes(1),
  /** So long after a start instruments may still come and go by themselves; afterwards they do because of a person. */
  instrumentsSettle: minutes(5),
  /** A device must work this long before its fault is called mended. */
  faultMended: minutes(1),
  /** At an order to stop, a motor that turns is waited for this long; systemd waits 30 s. */
  motionEnds: seconds(20),
  motionLookedAt: millis(100),
  /** A cold Raspberry Pi has enough to do until the first picture; the centre can wait so much longer. */
  linkBegins: seconds(1),
  /** A cabinet's temperature is asked once its board has settled, and then so often: cold changes slowly. */
  temperatureFirst: seconds(10),
  temperatureAsked: minutes(1),
  /** The loop ticks once a minute when nothing happens. */
  loopTurns: seconds(70),
  /** A supervisor waits for the slowest driver three minutes, and then says so. */
  supervisorTurns: minutes(4),
  /** A call over a poor mobile line needs a name, a TCP and a TLS handshake; what takes longer than this is lost. */
  lineOpens: seconds(20),
  /** A broker that took the line and does not answer CONNECT by then is not waited for. */
  brokerGreets: seconds(20),
  /** A conversation that was told to stop says goodbye in this time: one round trip on a poor line, and systemd waits 30 s. */
  goodbye: seconds(4),
  /**
   * Between two calls to a broker: a random time between this and a ceiling which doubles up to `callLatest`, so that
   * thousands of kiosks whose broker was restarted do not come back in one moment.
   */
  callSoonest: seconds(1),
  callCeiling: seconds(4),
  callLatest: minutes(5),
  /** A conversation is proven when it lasted this long; whoever is cut off sooner waits longer each time, … */
  callProven: minutes(1),
  /** … up to this: a poor line is not punished like a dead one, and 5 KB a call are still only 25 MB a day. */
  callCutOff: seconds(32),
  /** Who is not known, banned or over quota is so until a person acts: that person then waits at most ten minutes. */
  callDeniedSoonest: minutes(1),
  callDeniedLatest: minutes(10),
} as const;
