/** The card of each kind of prompt, one function a kind. */
import type { ActionName, PromptKind } from "../names.js";
import type { Prompt } from "../types.js";
import { drawing, element } from "./element.js";

export interface CardContext {
  readonly doc: Document;
  /** Answers; called at most once for a card, unless the answer was ignored. */
  readonly answer: (action: ActionName, button: HTMLButtonElement) => void;
}

type DrawCard = (prompt: Prompt, context: CardContext) => HTMLElement;

/** What every card has: a labelled group with a mark, a title, a text and the answers, all of the same weight. */
function card(prompt: Prompt, { doc, answer }: CardContext, mark: SVGSVGElement): HTMLElement {
  // Ids are the shadow root's own: they cannot clash with the page's.
  const title = element(doc, "h2", { class: "title", part: "title", id: "title", tabindex: "-1" }, prompt.title);
  const text = element(doc, "div", { class: "text" }, title);
  const named = {
    class: "card",
    part: `card card-${prompt.kind}`,
    role: "group",
    "aria-labelledby": "title",
    lang: prompt.lang,
    dir: prompt.dir,
  };
  const group = element(doc, "div", named, mark, text);
  if (prompt.body !== "") {
    text.append(element(doc, "p", { class: "body", part: "body", id: "body" }, prompt.body));
    group.setAttribute("aria-describedby", "body");
  }
  if (prompt.busy) group.setAttribute("aria-busy", "true");
  if (prompt.actions.length > 0) {
    const buttons = prompt.actions.map(({ action, label }) => {
      const button = element(
        doc,
        "button",
        { class: "button", part: `button button-${action}`, type: "button", "data-action": action },
        label,
      );
      button.addEventListener("click", () => answer(action, button));
      return button;
    });
    group.append(element(doc, "div", { class: "actions", part: "actions" }, ...buttons));
  }
  return group;
}

const CIRCLE = "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z";

const question: DrawCard = (prompt, context) =>
  card(
    prompt,
    context,
    drawing(context.doc, "", "M21 12a8 8 0 0 1-8 8H4l1.8-3.2A8 8 0 1 1 21 12zM9 12h.01M13 12h.01M17 12h.01"),
  );
const connecting: DrawCard = (prompt, context) =>
  card(prompt, context, drawing(context.doc, "turning", "M12 3a9 9 0 1 1-9 9"));
const waitingOnline: DrawCard = (prompt, context) =>
  card(
    prompt,
    context,
    drawing(
      context.doc,
      "",
      "M3 3l18 18M5 12.5a10 10 0 0 1 5-2.6M19 12.5a10 10 0 0 0-3-2M8.5 16a5 5 0 0 1 7 0M12 20h.01",
    ),
  );
const stalled: DrawCard = (prompt, context) =>
  card(prompt, context, drawing(context.doc, "bad", "M12 4l9 16H3zM12 10v4M12 17h.01"));
const connected: DrawCard = (prompt, context) =>
  card(prompt, context, drawing(context.doc, "good", `${CIRCLE}M8 12.5l2.8 2.8L16 9.5`));
const failed: DrawCard = (prompt, context) =>
  card(prompt, context, drawing(context.doc, "bad", `${CIRCLE}M12 8v5M12 16h.01`));
const declined: DrawCard = (prompt, context) => card(prompt, context, drawing(context.doc, "", `${CIRCLE}M8 12h8`));
const expired: DrawCard = (prompt, context) => card(prompt, context, drawing(context.doc, "", `${CIRCLE}M12 7v5l3 2`));

const KINDS: Readonly<Record<PromptKind, DrawCard>> = {
  opt_in: question,
  form: question,
  connecting,
  waiting_online: waitingOnline,
  stalled,
  connected,
  failed,
  declined,
  expired,
};

export function drawCard(prompt: Prompt, context: CardContext): HTMLElement {
  return KINDS[prompt.kind](prompt, context);
}
