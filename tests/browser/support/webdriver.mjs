import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

const patience = 20_000;

/** The keys that are not a character, as WebDriver numbers them (W3C WebDriver, "Keyboard actions"). */
const keys = {
  Backspace: "\uE003",
  Tab: "\uE004",
  Enter: "\uE007",
  Shift: "\uE008",
  Control: "\uE009",
  Alt: "\uE00A",
  Escape: "\uE00C",
  Space: " ",
  PageUp: "\uE00E",
  PageDown: "\uE00F",
  End: "\uE010",
  Home: "\uE011",
  ArrowLeft: "\uE012",
  ArrowUp: "\uE013",
  ArrowRight: "\uE014",
  ArrowDown: "\uE015",
  Delete: "\uE017",
  Meta: "\uE03D",
};

function keyOf(name) {
  if ([...name].length === 1) return name;
  if (!(name in keys)) throw new Error(`No key is called ${name}. Keys: ${Object.keys(keys).join(", ")}`);
  return keys[name];
}

/** A port of loopback that nobody listens on at the moment. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function send(url, method, body, timeout = patience) {
  const response = await fetch(url, {
    method,
    headers: { "Content-Type": "application/json; charset=utf-8" },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(timeout),
  });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${value?.error ?? response.status}: ${value?.message ?? ""}`);
  return value;
}

/** A session of W3C WebDriver over plain HTTP: as much of it as the tests use. */
export class WebDriverSession {
  #url;
  /** The window that the session began with: it is there from beginning to end. */
  #first;
  /** The window that commands go to. */
  #current;
  /** The command before the next one: windows are switched, so there is only one command at a time. */
  #last = Promise.resolve();

  /**
   * @param {string} url
   * @param {string} window
   */
  constructor(url, window) {
    this.#url = url;
    this.#first = window;
    this.#current = window;
  }

  /**
   * @param {string} driver Address of a driver that is starting.
   * @param {object} capabilities
   */
  static async open(driver, capabilities) {
    const end = performance.now() + patience;
    for (;;) {
      try {
        if ((await send(`${driver}/status`, "GET")).ready) break;
      } catch (error) {
        if (performance.now() > end) throw new Error(`The driver at ${driver} does not answer.`, { cause: error });
      }
      await pause(10);
    }
    const { sessionId } = await send(`${driver}/session`, "POST", { capabilities: { alwaysMatch: capabilities } });
    const url = `${driver}/session/${sessionId}`;
    return new WebDriverSession(url, await send(`${url}/window`, "GET"));
  }

  /** A command to a window. */
  command(handle, method, path, body, timeout) {
    const turn = this.#last.then(async () => {
      if (handle !== this.#current) {
        await send(`${this.#url}/window`, "POST", { handle });
        this.#current = handle;
      }
      return send(`${this.#url}${path}`, method, body, timeout);
    });
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** @returns {Promise<string>} the handle of a new window */
  async newWindow() {
    return (await this.command(this.#first, "POST", "/window/new", { type: "window" })).handle;
  }

  async closeWindow(handle) {
    await this.command(handle, "DELETE", "/window");
    this.#current = "";
  }

  /** What an expression is, when its promise has settled. */
  evaluate(handle, expression, timeout) {
    return this.command(handle, "POST", "/execute/sync", { script: `return ${expression}`, args: [] }, timeout);
  }

  async clickAt(handle, x, y) {
    const actions = [
      { type: "pointerMove", duration: 0, origin: "viewport", x, y },
      { type: "pointerDown", button: 0 },
      { type: "pointerUp", button: 0 },
    ];
    await this.#act(handle, { type: "pointer", id: "mouse", parameters: { pointerType: "mouse" }, actions });
  }

  /** @param {string} combination `Enter`, `a`, `Shift+Tab` */
  async press(handle, combination) {
    const held = combination.split("+").map(keyOf);
    const actions = [
      ...held.map((value) => ({ type: "keyDown", value })),
      ...held.reverse().map((value) => ({ type: "keyUp", value })),
    ];
    await this.#act(handle, { type: "key", id: "keyboard", actions });
  }

  async type(handle, text) {
    const actions = [...text].flatMap((value) => [
      { type: "keyDown", value },
      { type: "keyUp", value },
    ]);
    await this.#act(handle, { type: "key", id: "keyboard", actions });
  }

  #act(handle, source) {
    return this.command(handle, "POST", "/actions", { actions: [source] });
  }

  async end() {
    await this.command(this.#first, "DELETE", "");
  }
}
