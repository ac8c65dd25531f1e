/**
 * Draws the states that the address asks for: `?theme=light|dark|auto&dir=ltr|rtl&state=NAME&layout=inline|card&accent=COLOUR&nested`. Without `state`
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

/** Views by the name of their state, for tests. */
const views = {};
/** What was answered, oldest first. */
const answers = [];
/** Whether answers are taken. */
const gallery = { views, answers, takes: true, states: statesFor(dir) };

/** An element in the page, or in a shadow root in the page. */
function mountIn(section) {
  if (!asked.has("nested")) return section;
  const inner = document.createElement("div");
  const outer = document.createElement("div");
  outer.attachShadow({ mode: "open" }).append(inner);
  section.append(outer);
  return inner;
}

function draw({ name, prompt, open = false, modal = false }) {
  const section = document.createElement("section");
  const heading = document.createElement("h2");
  heading.textContent = name;
  section.append(heading);
  document.getElementById("states").append(section);
  const look = {
    theme,
    layout,
    presentation: modal ? "modal" : "inline",
    accent: asked.get("accent") ?? undefined,
  };
  const view = new PromptView(mountIn(section), look, (action, values) => {
    answers.push({ name, action, values });
    return { accepted: gallery.takes };
  });
  views[name] = view;
  view.show(prompt);
  if (open) shadowOf(section).querySelector("details").open = true;
}

function shadowOf(section) {
  const nested = asked.has("nested") ? section.lastElementChild.shadowRoot : section;
  return nested.querySelector("[data-post-session-transfer]").shadowRoot;
}

for (const state of gallery.states) if (only ? state.name === only : !state.modal) draw(state);
window.gallery = gallery;
