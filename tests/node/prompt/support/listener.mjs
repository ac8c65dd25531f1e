import { JSDOM } from "jsdom";
import { bundlePrompt } from "../../../browser/prompt/support/gallery-server.mjs";

/** The style is the browsers' own, which jsdom has not. */
const page = `<!doctype html>
<html lang="en">
  <head><style>details:not([open]) > :not(summary), dialog:not([open]) { display: none }</style></head>
  <body><main></main></body>
</html>`;

/**
 * What jsdom lacks. The shadow root becomes a part of the tree, which is how a screen reader sees it; nothing else of the prompt is touched.
 *
 * @param {import("jsdom").DOMWindow} window
 */
function completeWindow(window) {
  Object.assign(window.CSSStyleSheet.prototype, { replaceSync() {} });
  window.Element.prototype.attachShadow = function attachShadow() {
    const root = window.document.createElement("div");
    root.getElementById = (id) => root.querySelector(`#${id}`);
    Object.defineProperty(root, "activeElement", { get: () => window.document.activeElement });
    this.append(root);
    return root;
  };
  Object.assign(window.HTMLDialogElement.prototype, {
    showModal() {
      this.setAttribute("open", "");
      this.setAttribute("aria-modal", "true");
    },
    close() {
      this.removeAttribute("open");
      this.removeAttribute("aria-modal");
    },
  });
}

/** A page of its own, and the prompt's view in it as the package has it. */
export async function openPage() {
  const { window } = new JSDOM(page, { pretendToBeVisual: true });
  completeWindow(window);
  for (const name of ["Node", "MutationObserver", "Element", "HTMLElement", "KeyboardEvent", "MouseEvent"])
    globalThis[name] = window[name];
  Object.assign(globalThis, { window, document: window.document, getComputedStyle: window.getComputedStyle });
  const source = await bundlePrompt();
  const { PromptView } = await import(`data:text/javascript;base64,${Buffer.from(source).toString("base64")}`);
  const { virtual } = await import("@guidepup/virtual-screen-reader");
  return new Listener(window.document, PromptView, virtual);
}

/** Somebody who listens to the page. */
export class Listener {
  #main;
  #PromptView;
  #virtual;

  constructor(document, PromptView, virtual) {
    this.#main = document.querySelector("main");
    this.#PromptView = PromptView;
    this.#virtual = virtual;
  }

  /** A view that has shown nothing yet, and the screen reader on the page. */
  async begin({ modal = false } = {}) {
    this.#main.replaceChildren();
    const look = { theme: "light", layout: "inline", presentation: modal ? "modal" : "inline" };
    const view = new this.#PromptView(this.#main, look, () => ({ accepted: true }));
    await this.#virtual.start({ container: this.#main });
    await this.#virtual.clearSpokenPhraseLog();
    return view;
  }

  /** What has been spoken by itself since the last time: live regions, and where the focus went. */
  async heard() {
    await new Promise((resolve) => setTimeout(resolve, 10));
    const log = await this.#virtual.spokenPhraseLog();
    await this.#virtual.clearSpokenPhraseLog();
    return log;
  }

  /** The whole page, from its start to its end. */
  async read() {
    // From the start: a second walk would go on where the first one ended.
    await this.#virtual.stop();
    await this.#virtual.start({ container: this.#main });
    const read = [];
    // In a dialog the way goes round and round, and never comes to the end of the page.
    for (let steps = 0; steps < 300; steps += 1) {
      await this.#virtual.next();
      const phrase = await this.#virtual.lastSpokenPhrase();
      if (phrase === "end of main" || (read.length > 0 && phrase === read[0])) return read;
      read.push(phrase);
    }
    throw new Error(`It does not end: ${read.slice(-20).join("\n")}`);
  }

  async end(view) {
    view.dispose();
    await this.#virtual.stop();
  }
}
