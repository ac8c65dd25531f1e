import { byId, el, icon } from "./dom.js";

const robot =
  "M11 2h2v3h4a3 3 0 0 1 3 3v8a3 3 0 0 1-3 3H7a3 3 0 0 1-3-3V8a3 3 0 0 1 3-3h4V2zM9 10a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3zm6 0a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3zM2 10h1v5H2zm19 0h1v5h-1z";
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

/**
 * @typedef {"connecting" | "live" | "ended" | "bot" | "closed"} ChatPhase
 * `ended`: the human part is over, and it is not known yet what comes; `bot`: the virtual agent's part; `closed`: nothing more comes.
 * @typedef {"agent" | "customer" | "bot"} Sender
 */

const notes = {
  connecting: "",
  live: "",
  ended: "This chat has ended.",
  bot: "You are talking to a virtual agent.",
  closed: "This chat has ended.",
};

/** What the chat looks like. It knows no SDK and no transfer. */
export class ChatView {
  #log = byId("log");
  #botLog = byId("bot-log");
  #scroll = byId("chat-scroll");
  #input = byId("message");
  #typing = byId("typing");
  #lastSender = "";
  #follows = true;
  /** @type {ChatPhase} */
  #phase = "connecting";

  /** Where the module draws its prompt. @type {HTMLElement} */
  promptMount = byId("prompt");
  /** Where the simulated widget asks. @type {HTMLElement} */
  widgetMount = byId("widget-question");
  /** Where the shop draws its rating. @type {HTMLElement} */
  csatMount = byId("csat");
  /** @type {(text: string) => void} */
  onSend = () => {};
  /** @type {() => void} */
  onEnd = () => {};
  /** @type {() => void} */
  onNewChat = () => {};

  constructor() {
    byId("composer").addEventListener("submit", (/** @type {Event} */ event) => {
      event.preventDefault();
      const text = this.#input.value.trim();
      if (text === "" || !this.canWrite) return;
      this.#input.value = "";
      this.onSend(text);
    });
    byId("end-chat").addEventListener("click", () => {
      if (byId("end-chat").getAttribute("aria-disabled") !== "true") this.onEnd();
    });
    byId("new-chat").addEventListener("click", () => this.onNewChat());
    // What appears at the end is scrolled to, unless the person is reading further up.
    let last = { scrollHeight: 0, scrollTop: 0, clientHeight: 0 };
    this.#scroll.addEventListener("scroll", () => {
      const { scrollHeight, scrollTop, clientHeight } = this.#scroll;
      // Where a height has changed, it was the layout that moved, not the person.
      const sameSize = scrollHeight === last.scrollHeight && clientHeight === last.clientHeight;
      if (scrollHeight - scrollTop - clientHeight < 80) this.#follows = true;
      else if (sameSize && scrollTop < last.scrollTop) this.#follows = false;
      last = { scrollHeight, scrollTop, clientHeight };
    });
    const follow = () => {
      if (this.#follows) this.#scroll.scrollTop = this.#scroll.scrollHeight;
    };
    const sizes = new ResizeObserver(follow);
    for (const part of this.#scroll.children) sizes.observe(part);
    sizes.observe(this.#scroll);
  }

  get canWrite() {
    return this.#phase === "live" || this.#phase === "bot";
  }

  get phase() {
    return this.#phase;
  }

  /** Empties the conversation. Takes the focus along, if it was in a part that goes away. */
  reset() {
    const inside = this.#scroll.contains(document.activeElement) && document.activeElement !== this.#scroll;
    const onNewChat = document.activeElement === byId("new-chat");
    for (const part of [this.#log, this.#botLog, this.widgetMount, this.csatMount]) part.replaceChildren();
    this.#lastSender = "";
    this.#follows = true;
    this.typing(null);
    this.setPhase("connecting");
    if (inside || onNewChat) this.#input.focus();
  }

  /** @param {ChatPhase} phase @param {string} [name] Who is at the other end. */
  setPhase(phase, name = "Kim") {
    const bot = phase === "bot" || (phase === "closed" && this.#phase === "bot");
    this.#phase = phase;
    const over = phase === "ended" || phase === "closed";
    if (phase !== "closed") byId("chat-title").textContent = `Chat with ${name}`;
    byId("chat-status").textContent = {
      connecting: "Connecting…",
      live: "Online",
      ended: "Chat ended",
      bot: "Virtual agent",
      closed: "Chat ended",
    }[phase];
    byId("chat-dot").className = `chat-dot chat-dot-${phase}`;
    byId("chat-avatar").className = `avatar ${bot ? "avatar-bot" : "avatar-agent"}`;
    byId("chat-avatar").replaceChildren(bot ? icon(robot) : "K");
    byId("composer-note").textContent = notes[phase];

    // Read-only, not disabled: a field that has the focus keeps it.
    this.#input.readOnly = !this.canWrite;
    this.#input.placeholder = phase === "bot" ? `Reply to ${name}` : this.canWrite ? "Write a message" : "Chat ended";
    for (const id of ["send", "end-chat"]) byId(id).setAttribute("aria-disabled", String(!this.canWrite));
    byId("new-chat").hidden = !over;
    byId("composer").dataset.phase = phase;
  }

  /**
   * @param {Sender} from
   * @param {string} name
   * @param {string} text
   * @param {Date} at
   */
  message(from, name, text, at) {
    const log = from === "bot" || this.#phase === "bot" ? this.#botLog : this.#log;
    if (from === "customer") this.#follows = true;
    const first = this.#lastSender !== from;
    this.#lastSender = from;
    const meta = el(
      "p",
      { class: "message-meta" },
      el("span", { class: "message-name", text: from === "customer" ? "You" : name }),
    );
    if (from === "bot") meta.append(el("span", { class: "tag", text: "Virtual agent" }));
    meta.append(el("time", { datetime: at.toISOString(), text: clock.format(at) }));
    if (!first) meta.className = "visually-hidden";
    log.append(
      el(
        "div",
        { class: `message message-${from}${first ? " message-first" : ""}` },
        meta,
        el("p", { class: "bubble", text, dir: "auto" }),
      ),
    );
  }

  /** @param {string} text */
  notice(text) {
    this.#lastSender = "";
    const log = this.#phase === "bot" || this.#botLog.hasChildNodes() ? this.#botLog : this.#log;
    log.append(el("p", { class: "notice" }, el("span", { text })));
  }

  /** @param {string | null} name Who is writing; null: nobody. */
  typing(name) {
    this.#typing.hidden = name === null;
    byId("typing-text").textContent = name === null ? "" : `${name} is writing`;
  }

  /** The person goes on here, if the place where they were is gone. */
  takeFocus() {
    const at = document.activeElement;
    if (at === null || at === document.body || this.promptMount.contains(at)) this.#input.focus();
  }

  /** @param {string} text Puts a message that could not be sent back. */
  restore(text) {
    if (this.#input.value === "") this.#input.value = text;
  }
}
