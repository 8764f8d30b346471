// @ts-check
/** The simulation's drawer: cards to tap and codes to scan, for whoever tries the kiosk on a laptop. */

const drawer = /** @type {HTMLElement} */ (document.querySelector("#drawer"));
const inside = /** @type {HTMLElement} */ (drawer.querySelector("div"));

/** @param {object} what */
const play = (what) => fetch("/play", { method: "POST", body: JSON.stringify(what) }).catch(() => {});

async function fill() {
  const answer = await fetch("/drawer");
  if (answer.ok) inside.innerHTML = await answer.text();
}

drawer.addEventListener("click", (e) => {
  if (!(e.target instanceof Element)) return;
  if (e.target.closest(".handle")) {
    drawer.classList.toggle("open");
    if (inside.childElementCount === 0) void fill();
  }
  const item = e.target.closest("[data-play]")?.getAttribute("data-play");
  if (item) void play({ item });
});

drawer.addEventListener("submit", (e) => {
  e.preventDefault();
  const field = drawer.querySelector("input");
  if (field?.value) void play({ text: field.value });
});

// What is typed here is no code on the keypad.
drawer.addEventListener("keydown", (e) => {
  if (e.target instanceof HTMLInputElement) e.stopPropagation();
});
