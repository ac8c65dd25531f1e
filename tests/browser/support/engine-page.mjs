import { setTimeout as pause } from "node:timers/promises";
import { arrived, findDeep, markDocument, pointOf } from "./in-page.mjs";

const pollEvery = 20;
/** How long a question may take that is asked again and again: a document that is being left may never answer. */
const firstPatience = 250;
let marks = 0;

/** The text of an expression: a function is called with the arguments, a text is taken as it is. */
function expressionOf(functionOrText, args) {
  if (typeof functionOrText !== "function") return `(${functionOrText})`;
  return `(${functionOrText})(...${JSON.stringify(args)})`;
}

/** What was promised, unless that takes too long. */
async function within(milliseconds, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * A page (a tab) of any engine. The engines' own classes supply the first block of methods, and everything else stands on those.
 *
 * @abstract
 */
export class EnginePage {
  /** How long anything is waited for, in milliseconds. */
  deadline = 8000;
  /** What the console was told as an error, and errors that nobody caught. @type {string[]} */
  errors = [];
  /** @type {string[]} */
  violationsSeen = [];

  /**
   * The text that an expression promises.
   *
   * @abstract
   * @param {string} _expression
   * @param {number} _patience How long the answer may take. It can get lost while the page changes.
   * @returns {Promise<string>}
   */
  async evaluateText(_expression, _patience) {}
  /** @abstract @param {string} _url */
  async goto(_url) {}
  /** @abstract */
  async reload() {}
  /** One step in the history, which may take time to arrive. @abstract @param {-1 | 1} _step */
  async travel(_step) {}
  /** @abstract @param {number} _x @param {number} _y */
  async clickAt(_x, _y) {}
  /** Presses a key: `Enter`, `Space`, `a`, `Shift+Tab`, `Control+a`. @abstract @param {string} _key */
  async press(_key) {}
  /** @abstract @param {string} _text */
  async type(_text) {}
  /** What is in the viewport, as PNG. @abstract @returns {Promise<Uint8Array>} */
  async screenshot() {}
  /** @abstract @param {number} _width @param {number} _height */
  async setViewport(_width, _height) {}
  /** @abstract */
  async minimize() {}
  /** @abstract */
  async restore() {}
  /** Closes the page as a person does who is asked nothing: no `beforeunload` question. @abstract */
  async close() {}

  /** @returns {Promise<string>} */
  url() {
    return this.evaluate(() => location.href);
  }

  /**
   * The value of a function in the page, or of an expression; a promise is waited for. Arguments and value travel as JSON.
   *
   * @param {string | ((...args: any[]) => unknown)} functionOrText
   */
  evaluate(functionOrText, ...args) {
    return this.#evaluate(functionOrText, args, this.deadline);
  }

  async #evaluate(functionOrText, args, patience) {
    // Errors travel as values: the drivers dress them up, each in its own way.
    const answer = this.evaluateText(
      `(async () => {
      try {
        return JSON.stringify({ value: await ${expressionOf(functionOrText, args)} });
      } catch (error) {
        return JSON.stringify({ error: String(error) });
      }
    })()`,
      patience,
    );
    const { value, error } = JSON.parse(await within(patience, answer));
    if (error !== undefined) throw new Error(`In the page: ${error}`);
    return value;
  }

  /** Waits until the function's value in the page is truthy, and returns it. Takes what `evaluate` takes. */
  waitFor(functionOrText, ...args) {
    return this.until(
      async (patience) => {
        const value = await this.#evaluate(functionOrText, args, patience);
        return value ? { value } : { not: JSON.stringify(value) ?? "undefined" };
      },
      () => `${functionOrText}${args.length > 0 ? ` with ${JSON.stringify(args)}` : ""}`,
    );
  }

  /**
   * Clicks an element with the mouse, as soon as it can be seen, lies still and nothing covers it.
   *
   * @param {string | ((...args: any[]) => Element | null)} selectorOrFunction A selector, where `host >>> inner` goes into a shadow root; or what
   *   finds the element in the page.
   */
  async click(selectorOrFunction, ...args) {
    const find =
      typeof selectorOrFunction === "function"
        ? expressionOf(selectorOrFunction, args)
        : expressionOf(findDeep, [selectorOrFunction]);
    const { x, y } = await this.until(
      async (patience) => {
        const value = await this.#evaluate(`(${pointOf})(() => ${find})`, [], patience);
        return value.not ? value : { value };
      },
      () => `a click on ${selectorOrFunction}${args.length > 0 ? ` with ${JSON.stringify(args)}` : ""}`,
    );
    await this.clickAt(x, y);
  }

  back() {
    return this.leaveBy(() => this.travel(-1));
  }

  forward() {
    return this.leaveBy(() => this.travel(1));
  }

  /** Makes the page hidden, as it is behind another tab. */
  async hide() {
    await this.minimize();
    await this.waitFor(() => document.visibilityState === "hidden");
  }

  async show() {
    await this.restore();
    await this.waitFor(() => document.visibilityState === "visible");
  }

  /** Violations of the content security policy that the page saw. */
  async violations() {
    await this.evaluate("null"); // what was said before has arrived then
    return [...this.violationsSeen];
  }

  /** Does what leads to another document (or to another place of this one) and waits until that is there, whole. */
  async leaveBy(leave) {
    marks += 1;
    const mark = `left ${marks}`;
    await this.evaluate(markDocument, mark);
    await leave();
    await this.waitFor(arrived, mark);
  }

  /**
   * Asks again and again until there is a value. Errors are no end: while a page changes, there is nothing to ask.
   *
   * @param {(patience: number) => Promise<{ value: any } | { not: string }>} ask
   * @param {() => string} what
   */
  async until(ask, what) {
    const end = performance.now() + this.deadline;
    let last = "never answered";
    for (let patience = firstPatience; ; ) {
      try {
        const answer = await ask(patience);
        if (!("not" in answer)) return answer.value;
        last = answer.not;
      } catch (error) {
        last = String(error);
        patience = Math.min(patience * 2, this.deadline);
      }
      if (performance.now() > end) {
        const where = await this.url().catch(String);
        const errors = this.errors.length > 0 ? `\nErrors of the page: ${this.errors.join("\n")}` : "";
        throw new Error(`Waited ${this.deadline} ms for ${what()}\nThe last answer: ${last}\nOn ${where}${errors}`);
      }
      await pause(pollEvery);
    }
  }
}
