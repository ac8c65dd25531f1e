import { el } from "./dom.js";

/**
 * What the stock widget would draw when it asks by itself. Simulated: the real one is the platform's.
 *
 * @param {HTMLElement} mount
 * @param {boolean} open
 * @param {(yes: boolean) => void} answer
 */
export function showWidgetQuestion(mount, open, answer) {
  if (open === mount.hasChildNodes()) return;
  mount.replaceChildren();
  if (!open) return;
  const button = (/** @type {string} */ text, /** @type {boolean} */ yes) => {
    const made = el("button", { type: "button", class: "button button-line", text });
    made.addEventListener("click", () => answer(yes));
    return made;
  };
  mount.append(
    el(
      "fieldset",
      { class: "csat" },
      el("legend", { text: "Continue with a virtual agent? (asked by the simulated widget)" }),
      el("div", { class: "answers" }, button("Yes, continue", true), button("No, thanks", false)),
    ),
  );
}
