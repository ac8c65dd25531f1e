import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startDemo } from "../../demo-web/server/start.mjs";
import { engines, launch } from "./support/engines.mjs";

const prompt = "[data-post-session-transfer]";

/** A person's ways to say Yes. */
const sayYes = {
  chromium: (page) => page.click(`${prompt} >>> [data-action=yes]`),
  /** With Tab from where the person is, through the shadow root. */
  firefox: async (page) => {
    await page.click("#chat-scroll");
    for (let steps = 0; steps < 10; steps += 1) {
      await page.press("Tab");
      if ((await page.evaluate(focusedText)) === "Yes") return page.press("Enter");
    }
    assert.fail("Yes is not reached with Tab");
  },
  webkit: (page) =>
    page.click((name) => document.querySelector(name).shadowRoot.querySelector("[data-action=yes]"), prompt),
};

function focusedText() {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element.textContent.trim();
}

const hears = (page, text) => page.waitFor((words) => document.body.textContent.includes(words), text);

for (const engine of engines) {
  describe(engine, () => {
    /** @type {Awaited<ReturnType<typeof launch>>} */
    let browser;
    /** @type {Awaited<ReturnType<typeof startDemo>>} */
    let demo;

    before(async () => {
      demo = await startDemo();
      browser = await launch(engine);
    });
    after(async () => {
      await browser?.close();
      await demo?.close();
    });

    /** A test that says how long it took, browser's start apart. */
    const timed = (name, run) =>
      test(name, async (t) => {
        const start = performance.now();
        await run(t);
        t.diagnostic(`${engine}, ${name}: ${Math.round(performance.now() - start)} ms`);
      });

    const open = async (t, path) => {
      const page = await browser.newPage();
      t.after(() => page.close());
      await page.goto(demo.pageUrl + path);
      return page;
    };

    timed("the question after a chat, Yes, and the conversation with the virtual agent", async (t) => {
      const page = await open(t, "/?scenario=opt-in");
      await hears(page, "Kim has joined");
      await page.waitFor(() => document.documentElement.dataset.transfer === "ready");
      await page.click("#agent-ends");
      await page.waitFor((name) => document.querySelector(name)?.shadowRoot.querySelector("[data-action]"), prompt);
      assert.equal(demo.endpoint.report().handoffs.length, 0);
      await sayYes[engine](page);
      await hears(page, "Was your problem solved?");
      await page.click("#message");
      await page.type("yes");
      await page.press("Enter");
      await hears(page, "How easy was it");
      assert.equal(demo.endpoint.report().handoffs.length, 1);

      const picture = Buffer.from(await page.screenshot());
      assert.equal(picture.toString("latin1", 1, 4), "PNG");
      assert.deepEqual([picture.readUInt32BE(16), picture.readUInt32BE(20)], [1280, 900]);
      assert.deepEqual(await page.violations(), [], "violations of the policy, as the page saw them");
      assert.deepEqual(demo.violations(), [], "violations of the policy, as reported");
      assert.deepEqual(page.errors, [], "errors on the console");
    });

    timed("two pages share storage, a channel and a Web Lock, and the lock goes with its page", async (t) => {
      const page = await open(t, "/config.json");
      const other = await browser.newPage({ viewport: { width: 390, height: 700 } });
      await other.goto(`${demo.pageUrl}/config.json`);
      assert.deepEqual(await other.evaluate("[innerWidth, innerHeight]"), [390, 700]);

      await page.evaluate(() => {
        localStorage.setItem("from", "page");
        new BroadcastChannel("pages").onmessage = ({ data }) => {
          window.heard = data;
        };
      });
      assert.equal(await other.evaluate(() => localStorage.getItem("from")), "page");
      await other.evaluate(() => new BroadcastChannel("pages").postMessage("hello"));
      await page.waitFor(() => window.heard === "hello");

      await other.evaluate(
        () => new Promise((held) => void navigator.locks.request("one", () => held() ?? new Promise(() => {}))),
      );
      const free = () => navigator.locks.request("one", { ifAvailable: true }, (lock) => lock !== null);
      assert.equal(await page.evaluate(free), false);
      await other.close();
      await page.waitFor(free);
    });

    timed("reload, back and forward", async (t) => {
      const first = "/?scenario=no-opt-in";
      const second = "/?scenario=queue-off";
      const page = await open(t, first);
      // A page that is left before it has begun would come back from the cache without what it was fetching.
      const begun = async (there) => {
        assert.equal(await page.url(), demo.pageUrl + there);
        await hears(page, "Kim has joined");
        await page.waitFor(() => document.documentElement.dataset.transfer === "ready");
      };
      await begun(first);
      await page.evaluate(() => {
        window.stays = true;
      });
      await page.reload();
      await begun(first);
      assert.equal(await page.evaluate(() => window.stays), undefined);
      await page.goto(demo.pageUrl + second);
      await begun(second);
      await page.back();
      await begun(first);
      await page.forward();
      await begun(second);
      assert.deepEqual(page.errors, []);
    });

    timed("a page is hidden and shown again", async (t) => {
      const page = await open(t, "/config.json");
      await page.evaluate(() => {
        window.seen = [];
        document.addEventListener("visibilitychange", () => window.seen.push(document.visibilityState));
      });
      await page.hide();
      await page.show();
      assert.deepEqual(await page.evaluate("seen"), ["hidden", "visible"]);
    });

    timed("errors and violations are noticed (so that the other tests' none means something)", async (t) => {
      const page = await open(t, "/");
      const before = demo.violations().length;
      await page.evaluate(() => {
        console.error("said", 1);
        setTimeout(() => {
          throw new Error("thrown");
        });
        Promise.reject(new Error("rejected"));
        document.body.setAttribute("style", "position: fixed");
      });
      await page.until(
        async () => {
          const violations = await page.violations();
          const all = ["said 1", "thrown", "rejected"].every((one) => page.errors.some((error) => error.includes(one)));
          const done = all && violations.length === 1 && demo.violations().length > before;
          return done ? { value: true } : { not: JSON.stringify({ errors: page.errors, violations }) };
        },
        () => "three errors and a violation",
      );
      assert.match((await page.violations())[0], /^style-src-attr inline/);
      await assert.rejects(
        page.evaluate(() => Promise.reject(new TypeError("no"))),
        /^Error: In the page: TypeError: no/,
      );
    });
  });
}
