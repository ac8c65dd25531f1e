/** Draws prompts in a shadow root on an element of its own, and hands answers back. */
import type { ActionName } from "../names.js";
import type { Answered, Prompt } from "../types.js";
import { element } from "./element.js";
import { drawCard } from "./kinds.js";
import { STYLE } from "./style.js";

export class PromptView {
  readonly #host: HTMLElement;
  readonly #shadow: ShadowRoot;
  readonly #place: HTMLElement;
  readonly #spoken: HTMLElement;
  readonly #act: (action: ActionName) => Answered;
  #card: HTMLElement | undefined;
  #announced: number | undefined;

  /** `layout`: part of the conversation, or a card beside a widget. */
  constructor(
    mount: Element,
    look: { readonly theme: "light" | "dark" | "auto"; readonly layout: "inline" | "card" },
    act: (action: ActionName) => Answered,
  ) {
    const doc = mount.ownerDocument;
    this.#act = act;
    this.#host = element(doc, "div", { "data-post-session-transfer": "" });
    this.#shadow = this.#host.attachShadow({ mode: "open" });
    // Made by the page that the element is in, which may be another one than ours: a frame's.
    const Sheet = doc.defaultView?.CSSStyleSheet ?? CSSStyleSheet;
    const sheet = new Sheet();
    sheet.replaceSync(STYLE);
    this.#shadow.adoptedStyleSheets = [sheet];
    this.#place = element(doc, "div", {});
    // There before it speaks: a live region that appears together with its text is not read.
    this.#spoken = element(doc, "div", {
      class: "spoken",
      role: "status",
      "aria-live": "polite",
      "aria-atomic": "true",
    });
    this.#shadow.append(
      element(
        doc,
        "div",
        { class: "root", "data-theme": look.theme, "data-layout": look.layout },
        this.#place,
        this.#spoken,
      ),
    );
    mount.append(this.#host);
  }

  /** Shows a prompt, or takes the last one away. */
  show(prompt: Prompt | null): void {
    const had = this.#focused();
    const before = this.#card;
    this.#card =
      prompt === null ? undefined : drawCard(prompt, { doc: this.#host.ownerDocument, answer: this.#answerOnce() });
    if (this.#card === undefined) before?.remove();
    else if (before === undefined) this.#place.append(this.#card);
    else before.replaceWith(this.#card);
    this.#focus(prompt, had);
    this.#announce(prompt);
  }

  dispose(): void {
    this.#card = undefined;
    this.#host.remove();
  }

  /** What has the focus inside the card, if anything has. */
  #focused(): Element | null {
    const active = this.#shadow.activeElement;
    return active !== null && this.#card?.contains(active) === true ? active : null;
  }

  /**
   * The focus is never taken from the page unless the prompt says so. But when what had it is gone, it goes to the same button of the new card, or to
   * its title, or to our own element: never to the top of the page.
   */
  #focus(prompt: Prompt | null, had: Element | null): void {
    if (prompt === null || this.#card === undefined) {
      if (had === null) return;
      this.#host.tabIndex = -1;
      this.#host.focus({ preventScroll: true });
      return;
    }
    const wanted =
      prompt.focus === "none" ? (had === null ? null : (had.getAttribute("data-action") ?? "title")) : prompt.focus;
    if (wanted === null) return;
    const button = [...this.#card.querySelectorAll<HTMLElement>("[data-action]")].find(
      (one) => one.getAttribute("data-action") === wanted,
    );
    (button ?? this.#card.querySelector<HTMLElement>("#title"))?.focus();
  }

  /** Each message once. */
  #announce(prompt: Prompt | null): void {
    const announce = prompt?.announce;
    if (prompt == null || announce == null || announce.seq === this.#announced) return;
    this.#announced = announce.seq;
    this.#spoken.lang = prompt.lang;
    this.#spoken.dir = prompt.dir;
    this.#spoken.textContent = announce.text;
  }

  /** Double clicks and held keys answer once. Not `disabled`: a disabled button loses the focus. */
  #answerOnce(): (action: ActionName, button: HTMLButtonElement) => void {
    let answered = false;
    return (action, button) => {
      if (answered) return;
      answered = true;
      const buttons = [...(button.parentElement?.children ?? [])];
      for (const one of buttons) one.setAttribute("aria-disabled", "true");
      if (this.#act(action).accepted) return;
      // Nobody took it: let the person try again.
      answered = false;
      for (const one of buttons) one.removeAttribute("aria-disabled");
    };
  }
}
