import { byId, el } from "./dom.js";

/** How the prompt speaks and looks, as QA chooses it; kept in the address. */
const languages =
  "en de es fr ja it pt pt-BR nl pl tr ko zh-Hans zh-Hant hi id th vi ru uk sv da nb fi ar he fa ur".split(" ");

const choices = {
  locale: ["", ...languages],
  theme: ["auto", "light", "dark"],
  presentation: ["inline", "modal"],
  accent: ["", "#0f766e", "#b91c1c", "#facc15", "#1e1b4b"],
};

const words = {
  "": "as the page says",
  auto: "as the system says",
  light: "light",
  dark: "dark",
  inline: "in the conversation",
  modal: "as a dialog",
  "#0f766e": "teal",
  "#b91c1c": "red",
  "#facc15": "yellow (too light for text)",
  "#1e1b4b": "midnight (too dark for the dark theme)",
};

const named = (tag) => new Intl.DisplayNames("en", { type: "language" }).of(tag) ?? tag;

/** @param {URLSearchParams} query @param {() => void} changed */
export function promptLook(query, changed) {
  for (const [name, values] of Object.entries(choices)) {
    const select = byId(`prompt-${name}`);
    select.append(...values.map((value) => el("option", { value, text: words[value] ?? named(value) })));
    select.value = values.includes(query.get(name)) ? query.get(name) : values[0];
    select.addEventListener("change", () => {
      if (select.value === values[0]) query.delete(name);
      else query.set(name, select.value);
      changed();
    });
  }
}

/** The options of the package that were chosen. @param {URLSearchParams} query */
export function lookOptions(query) {
  return Object.fromEntries(Object.keys(choices).flatMap((name) => (query.get(name) ? [[name, query.get(name)]] : [])));
}
