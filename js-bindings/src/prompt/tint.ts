/** The accent of a card, in a sheet of its own: the policy of a page may forbid inline style. */
import { accentOf } from "./accent.js";
import { element } from "./element.js";

export class Tint {
  readonly sheet: CSSStyleSheet;
  readonly #root: HTMLElement;
  readonly #probe: HTMLElement;
  readonly #scheme: MediaQueryList | undefined;
  readonly #chosen: string;
  #text: string | undefined;

  constructor(root: HTMLElement, accent: string | undefined) {
    const doc = root.ownerDocument;
    const view = doc.defaultView;
    this.#root = root;
    this.sheet = new (view?.CSSStyleSheet ?? CSSStyleSheet)();
    // Only what is a colour gets into a sheet.
    this.#chosen = accent !== undefined && view?.CSS?.supports("color", accent) ? `--_chosen: ${accent};` : "";
    this.#probe = element(doc, "div", { class: "probe" });
    this.#scheme = view?.matchMedia?.("(prefers-color-scheme: dark)");
    this.#scheme?.addEventListener("change", this.update);
    this.#apply("");
  }

  /** Once more after the colours of the page may have changed. */
  update = (): void => {
    this.#root.append(this.#probe);
    const style = this.#root.ownerDocument.defaultView?.getComputedStyle(this.#probe);
    const mark = style && accentOf(style);
    this.#probe.remove();
    this.#apply(mark === undefined ? "" : `--_mark: ${mark};`);
  };

  dispose(): void {
    this.#scheme?.removeEventListener("change", this.update);
  }

  #apply(mark: string): void {
    const text = `.root { ${this.#chosen} ${mark} }`;
    if (text === this.#text) return;
    this.#text = text;
    this.sheet.replaceSync(text);
  }
}
