/** Draws prompts in a shadow root on an element of its own, and hands answers back. */
import type { ActionName } from "../names.js";
import type { Answered, Prompt, PromptValues } from "../types.js";
import { drawCard, mainAnswer, quietAnswer } from "./card.js";
import { element } from "./element.js";
import { valuesOf } from "./fields.js";
import { patch } from "./patch.js";
import { Speech } from "./speech.js";
import { STYLE } from "./style.js";
import { Tint } from "./tint.js";

/** How prompts look. */
export interface PromptLook {
  readonly theme: "light" | "dark" | "auto";
  /** Part of the conversation, or a card beside a widget. */
  readonly layout: "inline" | "card";
  /** Default `inline`. */
  readonly presentation?: "inline" | "modal" | undefined;
  /** Any CSS colour. One that the browser does not know is none. */
  readonly accent?: string | undefined;
}

export class PromptView {
  readonly #doc: Document;
  readonly #host: HTMLElement;
  readonly #shadow: ShadowRoot;
  readonly #place: HTMLElement;
  readonly #spoken: Speech;
  /** There only where prompts are modal. It has a live region of its own: around an open dialog the page is inert. */
  readonly #dialog: { readonly element: HTMLDialogElement; readonly spoken: Speech } | undefined;
  readonly #tint: Tint;
  readonly #act: (action: ActionName, values: PromptValues) => Answered;
  #card: Element | undefined;
  #prompt: Prompt | null = null;
  /** The prompt on screen has been answered. */
  #answered = false;
  /** The question has let go of the page, because there is no answer that Escape could give. */
  #released = false;
  #announced: number | undefined;
  /** Where the person was before the focus came into the card. */
  #before: HTMLElement | undefined;

  constructor(mount: Element, look: PromptLook, act: (action: ActionName, values: PromptValues) => Answered) {
    const doc = mount.ownerDocument;
    this.#doc = doc;
    this.#act = act;
    this.#host = element(doc, "div", { "data-post-session-transfer": "" });
    this.#shadow = this.#host.attachShadow({ mode: "open" });
    this.#place = element(doc, "div", {});
    this.#spoken = new Speech(doc);
    const root = element(
      doc,
      "div",
      { class: "root", "data-theme": look.theme, "data-layout": look.layout },
      this.#place,
      this.#spoken.element,
    );
    if (look.presentation === "modal") {
      const spoken = new Speech(doc);
      const attributes = {
        class: "dialog",
        part: "dialog",
        role: "alertdialog",
        // Some take it for an alert, and read every change in it.
        "aria-live": "off",
        "aria-labelledby": "title",
        "aria-describedby": "body",
      };
      this.#dialog = { element: element(doc, "dialog", attributes, spoken.element), spoken };
      root.append(this.#dialog.element);
      this.#listenToDialog(this.#dialog.element);
    }
    this.#tint = new Tint(root, look.accent);
    // Made by the page that the element is in, which may be another one than ours: a frame's.
    const Sheet = doc.defaultView?.CSSStyleSheet ?? CSSStyleSheet;
    const sheet = new Sheet();
    sheet.replaceSync(STYLE);
    this.#shadow.adoptedStyleSheets = [sheet, this.#tint.sheet];
    this.#shadow.append(root);
    this.#listen();
    mount.append(this.#host);
  }

  /** Shows a prompt, or takes the last one away. */
  show(prompt: Prompt | null): void {
    const had = this.#focused();
    const kept = prompt !== null && prompt.kind === this.#prompt?.kind;
    this.#prompt = prompt;
    this.#answered = false;
    if (!kept) this.#released = false;
    const dialog = this.#dialog?.element;
    const modal = dialog?.isConnected === true && prompt !== null && !this.#released && takesThePage(prompt);
    const opens = modal && !dialog.open;
    const closes = !modal && dialog?.open === true;
    this.#draw(prompt, modal ? dialog : this.#place);
    if (prompt !== null) this.#tint.update();
    if (closes) dialog.close();
    if (opens) dialog.showModal();
    if (closes && had !== null) this.#return();
    else this.#focus(prompt, had, opens);
    this.#announce(prompt, opens);
  }

  dispose(): void {
    this.#prompt = null;
    this.#card = undefined;
    this.#tint.dispose();
    this.#spoken.dispose();
    this.#dialog?.spoken.dispose();
    this.#host.remove();
  }

  #draw(prompt: Prompt | null, place: Element): void {
    if (prompt === null) {
      this.#card?.remove();
      this.#card = undefined;
      return;
    }
    const drawn = drawCard(this.#doc, prompt, place !== this.#place);
    if (this.#card === undefined) this.#card = drawn;
    if (this.#card.parentNode !== place) place.prepend(this.#card);
    if (this.#card !== drawn) this.#card = patch(this.#card, drawn);
  }

  #listen(): void {
    this.#shadow.addEventListener("click", (event) => {
      const button = (event.target as Element).closest<HTMLButtonElement>("button[data-action]");
      if (button === null) return;
      // The second click of a double click may meet a button that has just come up.
      if ((event as MouseEvent).detail > 1) event.preventDefault();
      // What submits is heard below.
      else if (button.type !== "submit") this.#answer(button.dataset.action as ActionName);
    });
    this.#shadow.addEventListener("submit", (event) => {
      event.preventDefault();
      const action = this.#prompt && mainAnswer(this.#prompt);
      if (action) this.#answer(action);
    });
    this.#shadow.addEventListener("keydown", (event) => {
      const { key, repeat } = event as KeyboardEvent;
      // A key that is held answers once, and not what comes up under it.
      const presses = key === "Enter" || (key === " " && (event.target as Element).closest("button") !== null);
      if (repeat && presses) event.preventDefault();
    });
    this.#shadow.addEventListener("focusin", (event) => {
      const from = (event as FocusEvent).relatedTarget as HTMLElement | null;
      if (from !== null && !this.#shadow.contains(from)) this.#before = from;
    });
  }

  /** Escape, and whatever else means to close a dialog, gives the answer that commits to nothing: it never closes without one. */
  #listenToDialog(dialog: HTMLDialogElement): void {
    const leave = (event: Event) => {
      event.preventDefault();
      const quiet = this.#prompt && quietAnswer(this.#prompt);
      if (quiet) this.#answer(quiet);
      else this.#release();
    };
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.repeat && !event.isComposing) leave(event);
      // WebKitGTK calls it "Unidentified" while Shift is held.
      if (event.key === "Tab" || event.code === "Tab") this.#goRound(event);
    });
    dialog.addEventListener("cancel", leave);
    dialog.addEventListener("close", (event) => {
      // Closed by the browser, which may ask only once.
      if (!dialog.open && this.#card?.parentNode === dialog) leave(event);
    });
  }

  /** From the last stop of a dialog to the first, and back: what browsers do there differs, and not all of them come round. */
  #goRound(event: KeyboardEvent): void {
    const stops = [...(this.#card?.querySelectorAll<HTMLElement>("input, select, summary, button") ?? [])];
    const [from, to] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
    const at = this.#focused();
    // A group of radio buttons is one stop. A date is several, and how many is the browser's.
    const group = at?.getAttribute("type") === "radio" ? at.closest("fieldset") : null;
    if (to === undefined || (at !== from && group?.contains(from ?? null) !== true)) return;
    if (from?.getAttribute("type") === "date") return;
    event.preventDefault();
    (to.closest("fieldset")?.querySelector<HTMLElement>(":checked") ?? to).focus();
  }

  /** The page is free again, and the card stays in it. */
  #release(): void {
    this.#released = true;
    if (this.#prompt !== null) this.show({ ...this.#prompt, focus: "none" });
  }

  /** Double clicks and held keys answer once. Not `disabled`: a disabled button loses the focus. */
  #answer(action: ActionName): void {
    const prompt = this.#prompt;
    if (prompt === null || this.#answered) return;
    this.#answered = true;
    const buttons = this.#card?.querySelectorAll("button") ?? [];
    for (const one of buttons) one.setAttribute("aria-disabled", "true");
    const form = this.#card?.querySelector("form");
    const values = form && action === mainAnswer(prompt) ? valuesOf(form, prompt) : {};
    if (this.#act(action, values).accepted || this.#prompt !== prompt) return;
    // Nobody took it: let the person try again.
    this.#answered = false;
    for (const one of buttons) one.removeAttribute("aria-disabled");
    const dialog = this.#dialog?.element;
    if (dialog?.isConnected && !dialog.open && this.#card?.parentNode === dialog) dialog.showModal();
  }

  /** What has the focus inside the card, if anything has. */
  #focused(): Element | null {
    const active = this.#shadow.activeElement;
    return active !== null && this.#card?.contains(active) === true ? active : null;
  }

  /**
   * The focus is never taken from the page unless the prompt says so, or a dialog opens. But when what had it is gone, it goes to the same button or
   * field, or to the title, or back to where the person was: never to the top of the page.
   */
  #focus(prompt: Prompt | null, had: Element | null, opens: boolean): void {
    if (prompt === null) {
      if (had !== null) this.#return();
      return;
    }
    const wanted = prompt.focus !== "none" ? prompt.focus : opens ? this.#firstIn(prompt) : undefined;
    if (wanted !== undefined) this.#find(wanted)?.focus();
    else if (had !== null && this.#focused() === null) this.#find(had.getAttribute("data-action") ?? "title")?.focus();
  }

  /** The answer that commits to nothing; the start, where that answer could be reached only by scrolling past all that is asked. */
  #firstIn(prompt: Prompt): ActionName | "title" {
    const { scrollHeight = 0, clientHeight = 0 } = this.#dialog?.element ?? {};
    return (scrollHeight > clientHeight ? undefined : quietAnswer(prompt)) ?? "title";
  }

  /** An action's button, the first field that has an error, or the title. */
  #find(what: string): HTMLElement | undefined {
    const within = (selector: string) => this.#card?.querySelector<HTMLElement>(selector) ?? undefined;
    const found =
      what === "invalid"
        ? (within("[aria-invalid] :checked, [aria-invalid] [type=radio]") ?? within("[aria-invalid]"))
        : within(`[data-action="${what}"]`);
    return found ?? within("#title");
  }

  /** Where the person was before, if that is still there; our own element otherwise. */
  #return(): void {
    const before = this.#before;
    before?.focus({ preventScroll: true });
    if (before?.isConnected && (before.getRootNode() as Document | ShadowRoot).activeElement === before) return;
    this.#host.tabIndex = -1;
    this.#host.focus({ preventScroll: true });
  }

  /** Each message once. A dialog that opens is read out by itself. */
  #announce(prompt: Prompt | null, opens: boolean): void {
    const announce = prompt?.announce;
    if (prompt == null || announce == null || announce.seq === this.#announced) return;
    this.#announced = announce.seq;
    if (opens) return;
    const { spoken } = this.#dialog?.element.open ? this.#dialog : { spoken: this.#spoken };
    spoken.say(announce.text, prompt);
  }
}

/** The page waits only for an answer, or for moments: never for a network that is down, nor behind a message that is final. */
function takesThePage({ kind, actions }: Prompt): boolean {
  return actions.length > 0 || kind === "connecting";
}
