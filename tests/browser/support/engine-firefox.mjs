import { mkdirSync } from "node:fs";
import { join } from "node:path";
import puppeteer from "puppeteer-core";
import { EnginePage } from "./engine-page.mjs";
import { tellViolations } from "./in-page.mjs";
import { Premises } from "./processes.mjs";
import { findProgram } from "./programs.mjs";

const violation = "pst-violation";

/** Beside what Puppeteer sets by itself. */
const preferences = {
  "browser.aboutwelcome.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.translations.enable": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "termsofuse.bypassNotification": true,
  // Nothing is asked of the network but what the tests ask.
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "network.dns.disablePrefetch": true,
};

function findFirefox() {
  return findProgram("Firefox", {
    variable: "FIREFOX",
    places: ["/usr/bin/firefox-esr", "/usr/bin/firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"],
    debian: "firefox-esr",
  });
}

class FirefoxPage extends EnginePage {
  #browser;
  #page;

  /**
   * @param {import("puppeteer-core").Browser} browser
   * @param {import("puppeteer-core").Page} page In a window of its own.
   */
  constructor(browser, page) {
    super();
    this.#browser = browser;
    this.#page = page;
    page.setDefaultTimeout(this.deadline);
    page.on("console", (message) => {
      const text = message.text();
      if (text.startsWith(violation)) this.violationsSeen.push(text.slice(violation.length + 1));
      else if (message.type() === "error") this.errors.push(text);
    });
    page.on("pageerror", (error) => this.errors.push(String(error)));
    page.on("dialog", (dialog) => dialog.accept());
  }

  evaluateText(expression) {
    return this.#page.evaluate(expression);
  }

  // Puppeteer's own ways wait for a load: a page that comes back from the cache does not load, and after that they never end.

  goto(url) {
    return this.leaveBy(() => this.#page.evaluate(`{ location.href = ${JSON.stringify(url)} }`));
  }

  reload() {
    return this.leaveBy(() => this.#page.evaluate("location.reload()"));
  }

  async travel(step) {
    await this.#page.evaluate(`history.go(${step})`);
  }

  clickAt(x, y) {
    return this.#page.mouse.click(x, y);
  }

  async press(key) {
    const keys = key.split("+");
    const last = keys.pop().replace(/^Space$/, " ");
    for (const held of keys) await this.#page.keyboard.down(held);
    await this.#page.keyboard.press(last);
    for (const held of keys.reverse()) await this.#page.keyboard.up(held);
  }

  type(text) {
    return this.#page.keyboard.type(text);
  }

  screenshot() {
    return this.#page.screenshot();
  }

  setViewport(width, height) {
    return this.#page.setViewport({ width, height });
  }

  async minimize() {
    await this.#browser.setWindowBounds(await this.#page.windowId(), { windowState: "minimized" });
  }

  async restore() {
    await this.#browser.setWindowBounds(await this.#page.windowId(), { windowState: "normal" });
  }

  close() {
    return this.#page.close({ runBeforeUnload: false });
  }
}

export async function launch() {
  const executablePath = findFirefox();
  const premises = new Premises("firefox");
  const profile = join(premises.folder, "profile");
  mkdirSync(profile);
  let browser;
  try {
    browser = await puppeteer.launch({
      browser: "firefox",
      executablePath,
      headless: true,
      userDataDir: profile,
      extraPrefsFirefox: preferences,
      // A home of its own: for root, Firefox refuses to start in another user's, and it leaves nothing in anybody's.
      env: { ...process.env, HOME: premises.folder, MOZ_CRASHREPORTER_DISABLE: "1" },
      // Puppeteer would end the browser, but keep this process alive. The premises are cleaned in any case.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
    premises.add(browser.process().pid);
  } catch (error) {
    await premises.clean();
    throw error;
  }
  return {
    name: "firefox",
    async newPage({ viewport = { width: 1280, height: 900 } } = {}) {
      // A window each: a tab behind another one is hidden.
      const page = await browser.newPage({ type: "window" });
      await page.evaluateOnNewDocument(`(${tellViolations})("${violation}")`);
      await page.setViewport(viewport);
      return new FirefoxPage(browser, page);
    },
    async close() {
      try {
        await browser.close();
      } finally {
        await premises.clean();
      }
    },
  };
}
