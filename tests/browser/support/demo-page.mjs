import assert from "node:assert/strict";
import { after, before } from "node:test";
import { startDemo } from "../../../demo-web/server/start.mjs";
import { launchChromium } from "./chromium.mjs";

const deadline = 8000;

/** One browser for the tests of a file. */
export function useChromium() {
  let browser;
  before(async () => {
    browser = await launchChromium();
  });
  after(async () => {
    await browser?.close();
  });
  return () => browser;
}

/**
 * The demo on ports of its own, open in a page of its own. When the test is over, the page must have been clean: no violation of the policy, no
 * error on the console but the expected ones.
 *
 * @param {import("node:test").TestContext} t
 * @param {import("playwright-core").Browser} browser
 * @param {object} options
 * @param {string} [options.scenario]
 * @param {boolean} [options.fast] Back-off without waiting. Not for tests that count attempts.
 * @param {RegExp[]} [options.expectedErrors] What may be on the console.
 * @param {import("playwright-core").BrowserContextOptions} [options.context]
 * @param {(page: import("playwright-core").Page) => Promise<void>} [options.prepare] Called before the page is opened.
 */
export async function openDemo(
  t,
  browser,
  {
    scenario = "opt-in",
    fast = false,
    expectedErrors = [],
    context: contextOptions = {},
    prepare = async () => {},
  } = {},
) {
  const demo = await startDemo();
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...contextOptions });
  context.setDefaultTimeout(deadline);
  const page = await context.newPage();

  const errors = [];
  page.on("console", (message) => {
    if (message.type() === "error" && !expectedErrors.some((expected) => expected.test(message.text())))
      errors.push(message.text());
  });
  page.on("pageerror", (error) => errors.push(String(error)));
  const sent = [];
  page.on("request", (request) => {
    if (new URL(request.url()).origin === demo.endpointUrl)
      sent.push(`${request.method()} ${new URL(request.url()).pathname}`);
  });
  await page.addInitScript(() => {
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => {
      window.violations.push(`${event.effectiveDirective} ${event.blockedURI}`);
    });
  });

  await prepare(page);

  const opened = new DemoPage(page, demo, sent);
  t.after(async () => {
    const violations = await page.evaluate(() => window.violations);
    await context.close();
    // After the page: what it still reads of the records must find somebody there.
    await demo.close();
    assert.deepEqual(violations, [], "violations of the policy, as the page saw them");
    assert.deepEqual(demo.violations(), [], "violations of the policy, as reported");
    assert.deepEqual(errors, [], "errors on the console");
  });

  await page.goto(`${demo.pageUrl}/?scenario=${scenario}${fast ? "&clock=fast" : ""}`);
  await opened.chat.getByText("Kim has joined").waitFor();
  await page.locator("html[data-transfer]").waitFor();
  return opened;
}

/** What a person, or QA, does on the page and sees there. */
export class DemoPage {
  /**
   * @param {import("playwright-core").Page} page
   * @param {Awaited<ReturnType<typeof startDemo>>} demo
   * @param {string[]} sent
   */
  constructor(page, demo, sent) {
    this.page = page;
    this.demo = demo;
    /** Requests of the page to the endpoint's origin. */
    this.sent = sent;
    this.chat = page.getByRole("region", { name: /^Chat with/ });
    this.message = page.getByRole("textbox", { name: "Your message" });
    this.outcome = page.locator("#outcome");
    this.decision = page.locator("#decision");
    this.csat = page.getByRole("group", { name: /How was your chat/ });
  }

  button(name) {
    return this.page.getByRole("button", { name, exact: true });
  }

  async say(text) {
    await this.message.fill(text);
    await this.message.press("Enter");
    await this.chat.getByText(text, { exact: true }).last().waitFor();
  }

  /** The text appears in the chat. */
  async hears(text) {
    await this.chat.getByText(text).last().waitFor();
  }

  async sees(locator, text) {
    await locator.getByText(text, { exact: true }).waitFor();
  }

  /** The conversation has followed what was said last. */
  async atItsEnd() {
    await this.page.waitForFunction(() => {
      const { scrollHeight, scrollTop, clientHeight } = document.getElementById("chat-scroll");
      return scrollHeight - scrollTop - clientHeight < 2;
    });
  }

  async agentEnds() {
    await this.button("Agent ends the chat").click();
  }

  /** Prompts that were shown, such as `opt_in`, or `stalled · server_error`. */
  async prompts() {
    return this.page.locator('[data-event="prompt"] .event-brief').allTextContents();
  }

  get handoffs() {
    return this.demo.endpoint.report().handoffs;
  }

  /** Keys of every POST of a hand-off, accepted or not. */
  get postedKeys() {
    return this.demo.endpoint
      .report()
      .requests.filter(({ method, path }) => method === "POST" && path === "/handoff")
      .map(({ key }) => key);
  }

  /** Not one request has reached the endpoint, not even a preflight. */
  assertNothingSent() {
    assert.deepEqual(this.sent, []);
    assert.deepEqual(this.demo.endpoint.report().requests, []);
  }

  /** What has the keyboard, through shadow roots. */
  async focus() {
    return this.page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      const style = getComputedStyle(element);
      return {
        on: element.id || element.localName,
        text: element.textContent.trim().slice(0, 40),
        lost: element === document.body || element === document.documentElement,
        seen:
          element.matches(":focus-visible") &&
          style.outlineStyle !== "none" &&
          Number.parseFloat(style.outlineWidth) >= 2,
      };
    });
  }

  /** Presses Tab until `there` says yes; the focus has to be visible at each stop. */
  async tabTo(there, { key = "Tab", most = 15 } = {}) {
    for (let steps = 0; steps < most; steps += 1) {
      await this.page.keyboard.press(key);
      const focus = await this.focus();
      assert.ok(!focus.lost, "the focus is lost");
      assert.ok(focus.seen, `the focus cannot be seen on ${focus.on} "${focus.text}"`);
      if (there(focus)) return;
    }
    assert.fail(`not reached within ${most} stops`);
  }
}
