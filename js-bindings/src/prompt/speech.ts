/** A polite live region. It is there before it speaks: one that appears together with its text is not read. */
import { element } from "./element.js";

/** Long enough to be read from, short enough not to be met again by those who go through the page. */
const KEPT_MS = 10_000;

export class Speech {
  readonly element: HTMLElement;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(doc: Document) {
    this.element = element(doc, "div", {
      class: "spoken",
      role: "status",
      "aria-live": "polite",
      "aria-atomic": "true",
    });
  }

  say(text: string, { lang, dir }: { readonly lang: string; readonly dir: string }): void {
    clearTimeout(this.#timer);
    // A new element: the same text again is a message again.
    this.element.replaceChildren(element(this.element.ownerDocument, "p", { lang, dir }, text));
    this.#timer = setTimeout(() => this.element.replaceChildren(), KEPT_MS);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}
