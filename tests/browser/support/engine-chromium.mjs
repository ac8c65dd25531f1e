import { launchChromium } from "./chromium.mjs";
import { EnginePage } from "./engine-page.mjs";
import { tellViolations, tellVisibility } from "./in-page.mjs";

const violation = "pst-violation";

class ChromiumPage extends EnginePage {
  #page;

  /** @param {import("playwright-core").Page} page */
  constructor(page) {
    super();
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

  /** Playwright's page, for what only this engine can be made to do. */
  get driver() {
    return this.#page;
  }

  evaluateText(expression) {
    return this.#page.evaluate(expression);
  }

  async goto(url) {
    await this.#page.goto(url);
  }

  async reload() {
    await this.#page.reload();
  }

  /** Playwright's own steps wait for a load, and a page that comes back from the cache does not load. */
  async travel(step) {
    await this.#page.evaluate(`history.go(${step})`);
  }

  clickAt(x, y) {
    return this.#page.mouse.click(x, y);
  }

  press(key) {
    return this.#page.keyboard.press(key);
  }

  type(text) {
    return this.#page.keyboard.type(text);
  }

  screenshot() {
    return this.#page.screenshot();
  }

  setViewport(width, height) {
    return this.#page.setViewportSize({ width, height });
  }

  // Playwright keeps every page visible, whatever is done to its window: the page is told so, and nothing is really hidden.

  async minimize() {
    await this.evaluate(tellVisibility, "hidden");
  }

  async restore() {
    await this.evaluate(tellVisibility, "visible");
  }

  close() {
    return this.#page.close({ runBeforeUnload: false });
  }
}

export async function launch() {
  // People's browsers keep the pages they leave, to come back to.
  const browser = await launchChromium({ ignoreDefaultArgs: ["--disable-back-forward-cache"] });
  // One context for all pages: they are tabs of one profile.
  const context = await browser.newContext();
  await context.addInitScript(`(${tellViolations})("${violation}")`);
  return {
    name: "chromium",
    async newPage({ viewport = { width: 1280, height: 900 } } = {}) {
      const page = await context.newPage();
      await page.setViewportSize(viewport);
      return new ChromiumPage(page);
    },
    close: () => browser.close(),
  };
}
