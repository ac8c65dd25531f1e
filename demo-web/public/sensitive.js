/** What takes the place of a value, here as in the module's own events. */
const HIDDEN = "***";
const storageKey = "demo-sensitive";

/**
 * Which parameters the settings call sensitive, and what is shown of what has arrived: not their values. The services have them; it is their data.
 * Names stay for as long as the tab: what came under other settings is still shown.
 */
export class Sensitive {
  /** @type {Set<string>} */
  #fields = new Set(JSON.parse(sessionStorage.getItem(storageKey) ?? "[]"));

  /** @param {string} settings The text of a settings document; none, or one that is no JSON, names nothing. */
  learn(settings) {
    let document;
    try {
      document = JSON.parse(settings);
    } catch {
      return;
    }
    const blocks = [document?.chat, document?.call, ...list(document?.queues)];
    for (const parameter of blocks.flatMap((block) => list(block?.data_parameters)))
      if (parameter?.sensitive === true) this.#fields.add(String(parameter.field));
    sessionStorage.setItem(storageKey, JSON.stringify([...this.#fields]));
  }

  /** An envelope, or a session's metadata, as JSON. @param {{ data_parameters?: any }} document */
  json(document) {
    const { data_parameters: parameters } = document;
    if (typeof parameters !== "object" || parameters === null) return JSON.stringify(document, null, 2);
    const shown = Object.entries(parameters).map(([name, value]) => [name, this.#fields.has(name) ? HIDDEN : value]);
    return JSON.stringify({ ...document, data_parameters: Object.fromEntries(shown) }, null, 2);
  }

  /** A CRM's comment: one parameter a line. @param {string} text */
  lines(text) {
    return text
      .split("\n")
      .map((line) => {
        const name = line.split(": ", 1)[0] ?? "";
        return name !== line && this.#fields.has(name) ? `${name}: ${HIDDEN}` : line;
      })
      .join("\n");
  }

  /** Whether something has been left out of a text above. @param {string} text */
  hides(text) {
    return text.includes(HIDDEN);
  }
}

/** @param {any} value */
const list = (value) => (Array.isArray(value) ? value : []);
