// @ts-check
/** The page of the worker's screen: shows what the kiosk says, tells what is pressed and what is painted. */

const root = /** @type {HTMLElement} */ (document.querySelector("#screen"));
const starting = /** @type {HTMLTemplateElement} */ (document.querySelector("#starting"));
const edition = document.documentElement.dataset["edition"];

/** Presses go out one after another: two requests at once may overtake each other. */
let outbox = Promise.resolve();

/** @param {string} key */
function press(key) {
  const before = outbox;
  outbox = (async () => {
    await before;
    // A press that the kiosk did not get is gone; sent later it would surprise the next worker.
    await fetch("/press", { method: "POST", body: JSON.stringify({ key }) }).catch(() => {});
  })();
}

// What is shown ------------------------------------------------------------------------------------------------------

/** The revision on the page; -1 while the kiosk is not heard. */
let revision = -1;

/** @param {number} shown */
function painted(shown) {
  fetch("/painted", { method: "POST", body: JSON.stringify({ revision: shown }) }).catch(() => {});
}

/** When the page last began to say so. */
let saidAt = -Infinity;

/** A task that is queued in a frame's callback runs when that frame has been handed to the screen. */
function acknowledge() {
  const shown = revision;
  if (shown < 0) return;
  saidAt = performance.now();
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener("message", () => {
      port1.close();
      painted(shown);
    });
    port1.start();
    port2.postMessage(null);
  });
}

/** A page that can still paint says so, even when nothing changes. */
setInterval(acknowledge, 5000);

/** A pulse wave is drawn anew ten times a second: that it is painted is said this often, in milliseconds. */
const waveSaid = 500;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let unsaid;

/** Every picture is acknowledged but those of a wave that others follow at once. */
function acknowledgeInTime() {
  clearTimeout(unsaid);
  const wait = root.querySelector(".wave") ? saidAt + waveSaid - performance.now() : 0;
  if (wait > 0) unsaid = setTimeout(acknowledge, wait);
  else acknowledge();
}

/** @type {EventSource} */
let feed;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let alone;

function listen() {
  feed = new EventSource("/feed");
  feed.addEventListener("edition", ({ data }) => {
    if (data !== edition) location.reload();
  });
  feed.addEventListener("screen", ({ data }) => {
    clearTimeout(alone);
    alone = undefined;
    const news = JSON.parse(data);
    root.innerHTML = news.html;
    revision = news.revision;
    stayDown();
    acknowledgeInTime();
  });
  feed.addEventListener("chime", ({ data }) => chime(data));
  feed.addEventListener("error", () => {
    // A restart of the kiosk takes a moment; only a longer silence is shown.
    alone ??= setTimeout(() => {
      revision = -1;
      root.replaceChildren(starting.content.cloneNode(true));
    }, 1500);
    if (feed.readyState === EventSource.CLOSED) setTimeout(listen, 1000);
  });
}

// Fingers ------------------------------------------------------------------------------------------------------------

/** Which key each finger went down on. @type {Map<number, string>} */
const fingers = new Map();
/** Until all fingers are up again, a palm's touches count for nothing. */
let palm = false;

/** A key under a finger looks the same when its screen is drawn anew, ten times a second while a pulse is shown. */
function stayDown() {
  if (palm) return;
  for (const name of fingers.values())
    for (const key of root.querySelectorAll("[data-press]"))
      if (name !== "" && key.getAttribute("data-press") === name) key.classList.add("down");
}

/** @param {Element | null} element */
const keyAt = (element) => element?.closest("[data-press]") ?? null;

/** A contact broader than a key is no fingertip, and nobody types with three fingers at once. @param {PointerEvent} e */
function looksLikePalm(e) {
  const centimetre = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return fingers.size >= 3 || Math.max(e.width, e.height) > 2.6 * centimetre;
}

root.addEventListener("pointerdown", (e) => {
  const key = e.button === 0 && e.target instanceof Element ? keyAt(e.target) : null;
  const name = key?.getAttribute("data-press");
  fingers.set(e.pointerId, name ?? "");
  if (looksLikePalm(e)) palm = true;
  if (palm || !key || !name) return;
  key.classList.add("down");
  click();
});

addEventListener("pointerup", (e) => {
  const began = fingers.get(e.pointerId);
  const meant = !palm && began;
  lift(e);
  if (!meant) return;
  const over = keyAt(document.elementFromPoint(e.clientX, e.clientY));
  if (over?.getAttribute("data-press") === meant) press(meant);
});
addEventListener("pointercancel", lift);

/** A finger that stays this long on the station's name opens the technician's page, which only tells. */
const technicianHolds = 5000;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let holding;

root.addEventListener("pointerdown", (e) => {
  if (!(e.target instanceof Element) || !e.target.closest(".where")) return;
  holding = setTimeout(() => location.assign("/technician"), technicianHolds);
});

/** @param {PointerEvent} e */
function lift(e) {
  clearTimeout(holding);
  fingers.delete(e.pointerId);
  if (fingers.size === 0) palm = false;
  for (const key of root.querySelectorAll(".down")) key.classList.remove("down");
}

for (const gesture of ["contextmenu", "dragstart", "selectstart", "gesturestart"]) {
  addEventListener(gesture, (e) => e.preventDefault());
}

// Number pad ---------------------------------------------------------------------------------------------------------

/** A card reader in keyboard mode types a digit at least every 30 ms; no hand does. */
const fastestHand = 30;
let typedAt = -Infinity;

/** @param {KeyboardEvent} e @returns {string | undefined} */
function padKey(e) {
  if (e.ctrlKey || e.altKey || e.metaKey) return undefined;
  // By its place, so that a pad without Num Lock still gives digits.
  const place = /^(?:Numpad|Digit)([0-9])$/.exec(e.code);
  if (place) return place[1];
  if (/^[0-9]$/.test(e.key)) return e.key;
  if (e.key === "Backspace") return "back";
  // Enter is ignored: the last digit submits, and people press it all the same.
  return ["Clear", "Delete", "Escape"].includes(e.key) ? "clear" : undefined;
}

addEventListener("keydown", (e) => {
  e.preventDefault();
  if (e.repeat) return;
  const since = e.timeStamp - typedAt;
  typedAt = e.timeStamp;
  const key = padKey(e);
  // What a reader types is no code of this release; its first digit, which nothing tells from a hand's, is let through.
  if (key === undefined || since < fastestHand) return;
  click();
  press(key);
});

// Sounds -------------------------------------------------------------------------------------------------------------

/** @type {AudioContext | undefined} */
let audio;

/** Every key sounds alike, so that nobody hears a code. @param {number} hertz @param {number} from @param {number} lasts @param {number} loud */
function tone(hertz, from, lasts, loud) {
  audio ??= new AudioContext();
  if (audio.state === "suspended") audio.resume().catch(() => {});
  const at = audio.currentTime + from;
  const sound = new OscillatorNode(audio, { type: "sine", frequency: hertz });
  const volume = new GainNode(audio, { gain: 0 });
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(loud, at + Math.min(0.02, lasts / 4));
  volume.gain.linearRampToValueAtTime(0, at + lasts);
  sound.connect(volume).connect(audio.destination);
  sound.start(at);
  sound.stop(at + lasts);
}

const click = () => tone(1200, 0, 0.02, 0.15);

/** @param {string} kind */
function chime(kind) {
  if (kind === "good") {
    tone(660, 0, 0.16, 0.35);
    tone(880, 0.16, 0.28, 0.35);
  } else tone(220, 0, 0.35, 0.35);
}

listen();
