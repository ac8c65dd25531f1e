import { el, icon } from "./dom.js";

const star = "M12 2.6l2.9 6 6.6.9-4.8 4.6 1.2 6.5L12 17.5l-5.9 3.1 1.2-6.5L2.5 9.5l6.6-.9z";

/**
 * The shop's own rating after a chat. It waits for the transfer: a session has one post-session experience.
 *
 * @param {HTMLElement} mount
 * @param {string} agent
 */
export function showCsat(mount, agent) {
  if (mount.hasChildNodes()) return;
  const stars = [1, 2, 3, 4, 5].map((value) => {
    const label = el(
      "label",
      { class: "star" },
      el("input", { type: "radio", name: "csat", value, class: "star-input" }),
    );
    label.append(icon(star), el("span", { class: "visually-hidden", text: value === 1 ? "1 star" : `${value} stars` }));
    return label;
  });
  const thanks = el("p", { class: "csat-thanks", role: "status" });
  const set = el(
    "fieldset",
    { class: "csat" },
    el("legend", { text: `How was your chat with ${agent}?` }),
    el("div", { class: "stars" }, ...stars),
    thanks,
  );
  set.addEventListener("change", () => {
    const chosen = Number(set.querySelector("input:checked")?.getAttribute("value"));
    stars.forEach((label, index) => {
      label.classList.toggle("star-on", index < chosen);
    });
    thanks.textContent = "Thank you for your rating.";
  });
  mount.append(set);
}
