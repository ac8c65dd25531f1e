/** The card of a prompt. */
import type { ActionName, PromptKind } from "../names.js";
import type { Prompt, PromptAction, PromptLink, PromptShared } from "../types.js";
import { drawing, element } from "./element.js";
import { drawField, isolated } from "./fields.js";

const CIRCLE = "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z";
const QUESTION = "M21 11.5a8 8 0 0 1-8 8H4l1.8-3.2a8 8 0 1 1 15.2-4.8zM9 11.5h.01M13 11.5h.01M17 11.5h.01";
const FAILURE = `${CIRCLE}M12 8v5M12 16h.01`;

/** What each kind of prompt is marked with: how it looks, and its lines. */
const MARKS: Readonly<Record<PromptKind, readonly [look: string, path: string]>> = {
  opt_in: ["way", QUESTION],
  form: ["way", "M5 4h14v16H5zM8.5 9h7M8.5 12.5h7M8.5 16h4"],
  connecting: ["turning", "M12 3a9 9 0 1 1-9 9"],
  waiting_online: ["", "M3 3l18 18M5 12.5a10 10 0 0 1 5-2.6M19 12.5a10 10 0 0 0-3-2M8.5 16a5 5 0 0 1 7 0M12 20h.01"],
  stalled: ["bad", "M12 4l9 16H3zM12 10v4M12 17h.01"],
  connected: ["good", `${CIRCLE}M8 12.5l2.8 2.8L16 9.5`],
  failed: ["bad", FAILURE],
  declined: ["", `${CIRCLE}M8 12h8`],
  expired: ["", `${CIRCLE}M12 7v5l3 2`],
};

/** The answers that commit to nothing. */
const QUIET: readonly ActionName[] = ["no", "not_now"];

/** The answer that commits to nothing, where there is one. */
export function quietAnswer({ actions }: Prompt): ActionName | undefined {
  return actions.find(({ action }) => QUIET.includes(action))?.action;
}

/** The answer that Enter gives in a field, and that takes the values along. */
export function mainAnswer({ actions }: Prompt): ActionName | undefined {
  return actions.find(({ action }) => action === "yes" || action === "continue")?.action;
}

/**
 * Ids are the shadow root's own: they cannot clash with the page's. In a dialog, which has the same name and description, the card is no group of its own.
 */
export function drawCard(doc: Document, prompt: Prompt, inDialog: boolean): HTMLElement {
  const { kind, lang, dir, fields, note, shared, messages, link } = prompt;
  const answers = prompt.actions.filter(({ action }) => action !== "more_time");
  const moreTime = prompt.actions.find(({ action }) => action === "more_time");
  const content = [
    head(doc, prompt),
    messages.length === 0 ? null : said(doc, messages),
    link === null ? null : way(doc, link),
    ...fields.map((field, at) => drawField(doc, field, at)),
    shared === null ? null : disclosure(doc, shared),
    note === "" && moreTime === undefined ? null : line(doc, note, moreTime),
    answers.length === 0
      ? null
      : element(
          doc,
          "div",
          { class: "actions", part: "actions", "data-key": "actions" },
          ...answers.map((answer) =>
            button(doc, answer, prompt.body && "body", fields.length > 0 && answer.action === mainAnswer(prompt)),
          ),
        ),
  ];
  const attributes = {
    class: "card",
    part: `card card-${kind}`,
    "data-key": kind,
    lang,
    dir,
    ...(inDialog ? {} : { role: "group", "aria-labelledby": "title" }),
    // Buttons say the question themselves.
    "aria-describedby": inDialog || answers.length > 0 || prompt.body === "" ? undefined : "body",
  };
  if (fields.length === 0) return element(doc, "div", attributes, ...content);
  return element(doc, "div", attributes, element(doc, "form", { class: "form", novalidate: "" }, ...content));
}

function head(doc: Document, { kind, title, body }: Prompt): HTMLElement {
  const [look, path] = MARKS[kind];
  const mark = drawing(doc, `mark ${look}`, path);
  mark.setAttribute("part", "mark");
  return element(
    doc,
    "div",
    { class: "head" },
    mark,
    element(
      doc,
      "div",
      { class: "text" },
      element(doc, "h2", { class: "title", part: "title", id: "title", tabindex: "-1" }, title),
      body === "" ? null : element(doc, "p", { class: "body", part: "body", id: "body" }, body),
    ),
  );
}

/** What the virtual agent says right away. */
function said(doc: Document, messages: readonly string[]): HTMLElement {
  const texts = messages.map((text) => element(doc, "p", { class: "message", part: "message" }, isolated(doc, text)));
  return element(doc, "div", { class: "messages", part: "messages", "data-key": "messages" }, ...texts);
}

/** To a page of its own: the one that the chat is in stays. */
function way(doc: Document, { url, label }: PromptLink): HTMLElement {
  const attributes = { class: "button", part: "button link", href: url, target: "_blank", rel: "noopener noreferrer" };
  return element(doc, "div", { class: "actions", "data-key": "link" }, element(doc, "a", attributes, label));
}

/** Quiet: it is for those who want to know. */
function disclosure(doc: Document, { title, items }: PromptShared): HTMLElement {
  const rows = items.map(({ label, value }) =>
    element(
      doc,
      "div",
      { class: "pair" },
      element(doc, "dt", {}, isolated(doc, label)),
      element(doc, "dd", {}, isolated(doc, value)),
    ),
  );
  return element(
    doc,
    "details",
    { class: "shared", part: "shared", "data-key": "shared" },
    element(doc, "summary", { class: "summary", part: "shared-title", "data-key": "summary" }, title),
    element(doc, "dl", { class: "pairs", part: "shared-list" }, ...rows),
  );
}

function line(doc: Document, note: string, moreTime: PromptAction | undefined): HTMLElement {
  const text = note === "" ? null : element(doc, "p", { class: "note", part: "note", id: "note" }, note);
  const more = moreTime === undefined ? null : button(doc, moreTime, note && "note", false);
  more?.classList.add("quiet");
  return element(doc, "div", { class: "line", "data-key": "line" }, text, more);
}

function button(
  doc: Document,
  { action, label }: PromptAction,
  described: string,
  submits: boolean,
): HTMLButtonElement {
  return element(
    doc,
    "button",
    {
      class: "button",
      part: `button button-${action}`,
      type: submits ? "submit" : "button",
      "data-action": action,
      "data-key": action,
      "aria-describedby": described || undefined,
    },
    label,
  );
}
