import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { CardWord } from "../../devices/kit/port.ts";
import { openCards } from "../../devices/port/pcsc.ts";
import { attended, device, plain } from "../guest/kiosk.ts";
import { hold, same, telling, until } from "../guest/telling.ts";
import type { PromiseName } from "./promises.ts";
import { card, putCard, startService } from "./service.ts";

// Runs in a network and with a folder of its own for the service. Says a line for each promise.

const promise = telling<PromiseName>();
const askUid = Uint8Array.of(0xff, 0xca, 0x00, 0x00, 0x00);
const first = { match: "Virtual PCD 00 00" };

async function reader() {
  let wire = await openCards(first);
  for (let tries = 0; !wire.ok && tries < 100; tries += 1) {
    await sleep(50);
    wire = await openCards(first);
  }
  hold(wire.ok, wire.ok ? "" : wire.error.detail);
  return wire.value;
}

const shown = (word: CardWord) =>
  word.is === "card" || word.is === "answer"
    ? `${word.is} ${Buffer.from(word.is === "card" ? word.atr : word.bytes)
        .toString("hex")
        .toUpperCase()}`
    : word.is === "no-answer"
      ? `${word.is} ${word.why.kind}`
      : word.is;

await promise("without the service a sentence says how to get it, at once", async () => {
  const began = performance.now();
  const none = await openCards({ match: "" });
  hold(!none.ok && none.error.kind === "no-device", "it opened");
  hold(none.error.detail.includes("apt install pcscd"), none.error.detail);
  hold(performance.now() - began < 5000, "it took long");
});

let service = startService();
await (await reader()).close();

await promise("two readers that fit are both named", async () => {
  const both = await openCards({ match: "Virtual" });
  hold(!both.ok && both.error.kind === "misconfigured", "it opened");
  hold(/"Virtual PCD 00 00" and "Virtual PCD 00 01"/.test(both.error.detail), both.error.detail);
});

await promise("a card comes, gives its number, and goes", async () => {
  const { port, close } = await reader();
  const words: string[] = [];
  const at: number[] = [];
  port.listen({
    heard(word) {
      words.push(shown(word));
      at.push(performance.now());
    },
    lost: (why) => words.push(why.detail),
  });
  const put = performance.now();
  const laid = await putCard();
  await until(() => words.length === 1, "the card is told");
  const asked = performance.now();
  await port.send(askUid);
  await until(() => words.length === 2, "the number is told");
  await port.send(askUid);
  await until(() => words.length === 3, "the number is told again");
  laid.takeAway();
  await until(() => words.length === 4, "the going is told");
  const answer = `answer ${card.uid}9000`;
  same(words, [`card ${card.answerToReset}`, answer, answer, "gone"], "words");
  await close();
  return { cardMs: Math.round((at[0] ?? 0) - put), firstAnswerMs: Math.round((at[1] ?? 0) - asked) };
});

await promise("a card that lay there before anybody listened is told too", async () => {
  const laid = await putCard();
  const { port, close } = await reader();
  await sleep(1500);
  const words: string[] = [];
  port.listen({ heard: (word) => words.push(shown(word)), lost() {} });
  await until(() => words.length > 0, "the card is told");
  same(words, [`card ${card.answerToReset}`], "words");
  laid.takeAway();
  await until(() => words.length > 1, "the going is told");
  await close();
});

await promise("a command to a card that went is answered with no-device", async () => {
  const { port, close } = await reader();
  const words: string[] = [];
  port.listen({ heard: (word) => words.push(shown(word)), lost() {} });
  same(await port.send(askUid), { ok: true }, "sending");
  await until(() => words.length > 0, "the answer");
  same(words, ["no-answer no-device"], "words");
  await close();
  same(await port.send(askUid).then((sent) => sent.ok || sent.error.kind), "no-device", "sending after closing");
});

const real = await device("acr1252u", { by: "pcsc", ...first });

await promise("a card is one reading of the real driver", async () => {
  const kiosk = attended(real);
  await kiosk.is("working");
  const laid = await putCard();
  await until(() => kiosk.readings.length > 0, "it is read");
  await sleep(1000);
  same([...new Set(kiosk.readings.map(({ reading }) => plain(reading)))], [card.uid], "readings");
  laid.takeAway();
  await kiosk.stop();
});

await promise("a service that is killed is no-device, and its reader works again when it is back", async () => {
  const kiosk = attended(real);
  await kiosk.is("working");
  service.kill("SIGKILL");
  await kiosk.is("absent");
  await sleep(1000);
  const back = performance.now();
  service = startService();
  const again = (await kiosk.is("working")) - back;
  const laid = await putCard();
  await until(() => kiosk.readings.length > 0, "it is read");
  laid.takeAway();
  await kiosk.stop();
  return { backMs: Math.round(again) };
});

await promise("a service that hangs does not hold the kiosk up", async () => {
  service.kill("SIGSTOP");
  const opening = openCards(first);
  let longest = 0;
  for (let last = performance.now(), turns = 0; turns < 100; turns += 1) {
    await sleep(10);
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }
  service.kill("SIGCONT");
  const wire = await opening;
  hold(wire.ok, "it opens once the service goes on");
  await wire.value.close();
  hold(longest < 500, `the kiosk stood still for ${Math.round(longest)} ms`);
});

await promise("the end of the process waits for no reader", async () => {
  const ports = new URL("../../devices/port/pcsc.ts", import.meta.url).href;
  const script = `const { openCards } = await import(${JSON.stringify(ports)}); const wire = await openCards(${JSON.stringify(first)}); await wire.value.close();`;
  const began = performance.now();
  const child = spawn(process.execPath, ["-e", script], { stdio: "ignore" });
  const code = await new Promise((settle) => child.once("exit", settle));
  same(code, 0, "exit code");
  hold(performance.now() - began < 15_000, "it waited");
});

service.kill("SIGKILL");
process.exit(0);
