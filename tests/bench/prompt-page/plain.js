/** The same card as a page's author would draw it by hand: the same elements, texts and live region, and a sheet of about the same size. */
export class PlainPrompt {
  #root;
  #spoken;
  #card;

  constructor(mount, css) {
    const host = document.createElement("div");
    this.#root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    this.#root.adoptedStyleSheets = [sheet];
    this.#spoken = document.createElement("div");
    this.#spoken.setAttribute("role", "status");
    this.#root.append(this.#spoken);
    mount.append(host);
  }

  show({ name }, answer) {
    const made = (tag, attributes, ...children) => {
      const one = document.createElement(tag);
      for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value);
      one.append(...children);
      return one;
    };
    const question = `Would you like to continue with \u2068${name}\u2069? It is a virtual agent, not a person.`;
    const button = (text) => {
      const one = made("button", { type: "button", class: "button", "aria-describedby": "body" }, text);
      one.addEventListener("click", () => answer(text));
      return one;
    };
    this.#card = made(
      "div",
      { class: "card", role: "group", "aria-labelledby": "title", "aria-describedby": "body" },
      made("h2", { id: "title", class: "title" }, "Your chat has ended"),
      made("p", { id: "body", class: "body" }, question),
      made("div", { class: "actions" }, button("Yes"), button("No")),
    );
    this.#root.append(this.#card);
    this.#spoken.textContent = `Your chat has ended. ${question}`;
  }

  hide() {
    this.#card.remove();
  }

  get shown() {
    return this.#card?.isConnected === true;
  }
}
