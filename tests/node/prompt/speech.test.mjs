/**
 * What a screen reader says of every state, as it is written down in `speech/`. After a change that is meant: UPDATE=1 node --test tests/node/prompt/,
 * and read the difference aloud.
 */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { before, test } from "node:test";
import { specialStates, statesIn } from "../../browser/prompt/states.mjs";
import { openPage } from "./support/listener.mjs";

/** @type {import("./support/listener.mjs").Listener} */
let listener;
before(async () => {
  listener = await openPage();
});

/** Direction marks can be read in a file only by their names. */
const visible = (text) =>
  text.replace(
    /[\u2066-\u2069\u202a-\u202e\u200e\u200f\u2028]/g,
    (mark) => `<${mark.codePointAt(0).toString(16).toUpperCase()}>`,
  );

const lines = (title, phrases) => [`${title}:`, ...phrases.map((phrase) => `  ${visible(phrase)}`)];

/** @param {string[]} said */
async function assertScript(name, said) {
  const file = new URL(`speech/${name}.txt`, import.meta.url);
  const script = `${said.join("\n")}\n`;
  if (process.env.UPDATE) await writeFile(file, script);
  assert.equal(script, await readFile(file, "utf8"), `speech/${name}.txt`);
}

/** @param {import("../../browser/prompt/states.mjs").State[]} states */
async function scriptOf(states) {
  const said = [];
  for (const { name, prompt, open, modal } of states) {
    const view = await listener.begin({ modal });
    view.show(prompt);
    said.push(`# ${name}`, ...lines("by itself", await listener.heard()));
    if (open) document.querySelector("details").open = true;
    said.push(...lines("read", await listener.read()), "");
    await listener.end(view);
  }
  return said;
}

test("every state, in English", async () => assertScript("english", await scriptOf(statesIn("en"))));
test("every state, in Arabic", async () => assertScript("arabic", await scriptOf(statesIn("ar"))));
test("long, short and hostile texts", async () => assertScript("special", await scriptOf(specialStates)));

/** A whole story: each prompt as it comes, and what is said of it without being asked. */
async function story(modal) {
  const state = Object.fromEntries(statesIn("en").map(({ name, prompt }) => [name, prompt]));
  const steps = [
    ["the question", state["opt-in-time"], 1],
    ["drawn again, nothing new to say", state["opt-in-time"], 1],
    ["a warning", { ...state["opt-in-time"], announce: { text: "Time left to answer: 20 seconds" } }, 2],
    ["Yes", state.connecting, 3],
    ["it did not work", state.stalled, 4],
    ["again", state.connecting, 5],
    ["again not: the same words are a message of their own", state.stalled, 6],
    ["it is there", state.connected, 7],
    ["gone", null],
  ];
  const view = await listener.begin({ modal });
  const said = [];
  for (const [what, prompt, seq] of steps) {
    view.show(prompt && { ...prompt, announce: { ...prompt.announce, seq } });
    said.push(...lines(what, await listener.heard()));
  }
  await listener.end(view);
  return said;
}

test("a story, in the page", async () => assertScript("story", await story(false)));
test("the same story in a dialog", async () => assertScript("story-modal", await story(true)));

test("the live region is there, and empty, before it speaks", async () => {
  const view = await listener.begin();
  const region = document.querySelector("[role=status]");
  assert.equal(region.textContent, "");
  view.show(statesIn("en")[0].prompt);
  assert.equal(document.querySelector("[role=status]"), region);
  assert.notEqual(region.textContent, "");
  await listener.end(view);
});

test("another wording is noticed (so that a script that matches means something)", async () => {
  const [{ name, prompt }] = statesIn("en");
  const english = await readFile(new URL("speech/english.txt", import.meta.url), "utf8");
  const said = await scriptOf([{ name, prompt }]);
  assert.ok(english.startsWith(said.join("\n")));
  const other = await scriptOf([{ name, prompt: { ...prompt, title: "Your chat is over" } }]);
  assert.ok(!english.startsWith(other.join("\n")));
});
