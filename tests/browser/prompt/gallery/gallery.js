/**
 * Draws the states that the address asks for: `?theme=light|dark|auto&dir=ltr|rtl&state=NAME&layout=inline|card&accent=COLOUR&nested&sheet`. Without `state`
 * all that are part of the page.
 */
import { PromptView } from "/prompt.js";
import { statesFor } from "/states.mjs";

const asked = new URLSearchParams(location.search);
const theme = asked.get("theme") ?? "light";
const dir = asked.get("dir") ?? "ltr";
const layout = asked.get("layout") ?? "card";
const only = asked.get("state");

document.documentElement.dataset.theme = theme;
document.documentElement.dir = dir;
document.documentElement.toggleAttribute("data-sheet", asked.has("sheet"));

const states = statesFor(dir);
/** Views and their sections by the name of the state. */
const shown = new Map();
/** What was answered, oldest first. */
const answers = [];

/** An element in the page, or in a shadow root in the page. */
function mountIn(section) {
  if (!asked.has("nested")) return section;
  const inner = document.createElement("div");
  const outer = document.createElement("div");
  outer.attachShadow({ mode: "open" }).append(inner);
  section.append(outer);
  return inner;
}

/** What tests do here. */
const gallery = {
  answers,
  /** Whether answers are taken. */
  takes: true,
  /** Called with each answer; may show the next prompt, as the core does. */
  onAnswer: () => {},
  /** Draws a state, or another prompt under its name. */
  draw(name, prompt) {
    const state = states.find((one) => one.name === name);
    const section = document.createElement("section");
    const heading = document.createElement("h2");
    heading.textContent = name;
    section.append(heading);
    document.getElementById("states").append(section);
    const mount = mountIn(section);
    const look = {
      theme,
      layout,
      presentation: state.modal ? "modal" : "inline",
      accent: asked.get("accent") ?? undefined,
    };
    const view = new PromptView(mount, look, (action, values) => {
      answers.push({ name, action, values });
      gallery.onAnswer(name, action);
      return { accepted: gallery.takes };
    });
    shown.set(name, { view, section, mount });
    view.show(prompt ?? state.prompt);
    if (state.open) gallery.root(name).querySelector("details").open = true;
  },
  show: (name, prompt) => shown.get(name).view.show(prompt),
  section: (name) => shown.get(name).section,
  /** The shadow root of a state. */
  root: (name) => shown.get(name).mount.querySelector("[data-post-session-transfer]").shadowRoot,
  prompt: (name) => states.find((one) => one.name === name).prompt,
  cards: () => [...shown.keys()].flatMap((name) => [...gallery.root(name).querySelectorAll(".card")]),
  /** Resolves when every card has come in. Before its first frame an animation has not begun, and looks as if it were over. */
  async atRest() {
    for (let frames = 0; frames < 2; frames += 1) await new Promise(requestAnimationFrame);
    await Promise.all(gallery.cards().flatMap((card) => card.getAnimations().map(({ finished }) => finished)));
    return true;
  },
  remove(name) {
    const { view, section } = shown.get(name);
    view.dispose();
    section.remove();
    shown.delete(name);
  },
};

for (const { name, modal } of states) if (only === null ? !modal : only === name) gallery.draw(name);
window.gallery = gallery;
