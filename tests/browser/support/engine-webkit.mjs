import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EnginePage } from "./engine-page.mjs";
import { collect, drain } from "./in-page.mjs";
import { Premises, startGroup } from "./processes.mjs";
import { findProgram } from "./programs.mjs";
import { freePort, WebDriverSession } from "./webdriver.mjs";
import { startXvfb } from "./xvfb.mjs";

/** The window's own bar would keep it wider than a telephone. */
const style =
  "* { font-size: 1px; min-width: 0; min-height: 0; padding: 0; margin: 0; -gtk-icon-transform: scale(0); }";

function findDriver() {
  return findProgram("WebKitWebDriver", {
    variable: "WEBKIT_DRIVER",
    places: ["/usr/bin/WebKitWebDriver"],
    debian: "webkit2gtk-driver",
  });
}

/** It lies in the library's folder, whose name holds the architecture and the version. */
function findMiniBrowser() {
  const places = ["/usr/lib", ...folders("/usr/lib", /-linux-gnu/)].flatMap((place) =>
    folders(place, /^webkit2?gtk-/).map((folder) => join(folder, "MiniBrowser")),
  );
  return findProgram("MiniBrowser of WebKitGTK", { variable: "WEBKIT", places, debian: "webkit2gtk-driver" });
}

function folders(place, name) {
  return readdirSync(place)
    .filter((entry) => name.test(entry))
    .map((entry) => join(place, entry));
}

class WebKitPage extends EnginePage {
  #session;
  #handle;
  /** What the window was before it was minimized. */
  #rect;

  /**
   * @param {WebDriverSession} session
   * @param {string} handle
   */
  constructor(session, handle) {
    super();
    this.#session = session;
    this.#handle = handle;
  }

  /** There is no way to be in a document from its start: whoever asks it for anything first lays the ground, and takes along what was collected. */
  async evaluateText(expression, patience) {
    const { text, collected } = await this.#session.evaluate(
      this.#handle,
      `(async () => {
        (${collect})();
        const text = await ${expression};
        return { text, collected: (${drain})() };
      })()`,
      patience,
    );
    this.errors.push(...collected.errors);
    this.violationsSeen.push(...collected.violations);
    return text;
  }

  goto(url) {
    return this.leaveBy(() => this.#command("POST", "/url", { url }));
  }

  reload() {
    return this.leaveBy(() => this.#command("POST", "/refresh", {}));
  }

  async travel(step) {
    await this.#command("POST", step < 0 ? "/back" : "/forward", {});
  }

  clickAt(x, y) {
    return this.#session.clickAt(this.#handle, x, y);
  }

  press(key) {
    return this.#session.press(this.#handle, key);
  }

  type(text) {
    return this.#session.type(this.#handle, text);
  }

  async screenshot() {
    return Buffer.from(await this.#command("GET", "/screenshot"), "base64");
  }

  /** WebDriver knows the window's size only: what the window has around the page is added. */
  async setViewport(width, height) {
    const fit = async () => {
      const [innerWidth, innerHeight] = await this.evaluate("[innerWidth, innerHeight]");
      return { wide: width - innerWidth, high: height - innerHeight };
    };
    const off = await fit();
    if (off.wide !== 0 || off.high !== 0) {
      const rect = await this.#command("GET", "/window/rect");
      await this.#command("POST", "/window/rect", { width: rect.width + off.wide, height: rect.height + off.high });
    }
    await this.waitFor((w, h) => innerWidth === w && innerHeight === h, width, height);
  }

  async minimize() {
    this.#rect = await this.#command("GET", "/window/rect");
    await this.#command("POST", "/window/minimize", {});
  }

  async restore() {
    await this.#command("POST", "/window/rect", this.#rect);
  }

  async close() {
    await this.evaluate("null"); // takes along what was collected
    await this.#session.closeWindow(this.#handle);
  }

  #command(method, path, body) {
    return this.#session.command(this.#handle, method, path, body);
  }
}

export async function launch() {
  const driver = findDriver();
  const binary = findMiniBrowser();
  const premises = new Premises("webkit");
  let session;
  try {
    mkdirSync(join(premises.folder, "config/gtk-3.0"), { recursive: true });
    writeFileSync(join(premises.folder, "config/gtk-3.0/gtk.css"), style);
    const display = await startXvfb(premises);
    const port = await freePort();
    const child = startGroup(driver, [`--port=${port}`], {
      env: {
        ...process.env,
        DISPLAY: display,
        GDK_BACKEND: "x11",
        HOME: premises.folder,
        XDG_CONFIG_HOME: join(premises.folder, "config"),
        XDG_CACHE_HOME: join(premises.folder, "cache"),
        XDG_DATA_HOME: join(premises.folder, "data"),
        NO_AT_BRIDGE: "1",
        // There is no graphics card: without this, frames are slow to come.
        WEBKIT_DISABLE_DMABUF_RENDERER: "1",
        // The sandbox wants namespaces, which root and containers often lack.
        WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1",
      },
    });
    await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
    premises.add(child.pid);
    child.unref();
    session = await WebDriverSession.open(`http://127.0.0.1:${port}`, {
      // Waiting is done by the pages: so they can be asked while they load.
      pageLoadStrategy: "none",
      unhandledPromptBehavior: "accept",
      "webkitgtk:browserOptions": { binary, args: ["--automation"] },
    });
  } catch (error) {
    await premises.clean();
    throw error;
  }
  return {
    name: "webkit",
    async newPage({ viewport = { width: 1280, height: 900 } } = {}) {
      // A window each: a tab behind another one is hidden. The first window stays, for the browser ends with its last one.
      const page = new WebKitPage(session, await session.newWindow());
      await page.setViewport(viewport.width, viewport.height);
      return page;
    },
    async close() {
      try {
        await session.end();
      } finally {
        await premises.clean();
      }
    },
  };
}
