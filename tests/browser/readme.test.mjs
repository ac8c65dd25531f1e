// The quick starts of the README, run as they stand: the first in a page under the strict policy, the second in Node.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { contentSecurityPolicy } from "../../demo-web/server/page.mjs";
import { startDemo } from "../../demo-web/server/start.mjs";
import { useChromium } from "./support/demo-page.mjs";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
const [inPage, inNode] = [...readme.matchAll(/```js\n(.*?)```/gs)].map((match) => match[1]);

const chromium = useChromium();

const settings = (origin) => ({
  version: 1,
  virtual_agents: [
    {
      id: "survey",
      name: "Survey bot",
      channels: ["chat"],
      endpoint: { kind: "webhook", url: `${origin}/handoff` },
    },
  ],
  chat: { enabled: true, chat_types: ["web"], virtual_agent: "survey", opt_in: true },
});

/** What the reader of a quick start already has: a page with a client and an element, and the package under its name. */
const files = (endpointUrl) => ({
  "/quick-start/": [
    "text/html",
    '<!doctype html><title>Host</title><div id="after-chat"></div><script type="module" src="host.js"></script>',
  ],
  "/quick-start/host.js": [
    "text/javascript",
    `import { Simulator } from "/simulator/index.js";
     const simulator = new Simulator({ agent: { id: 9, name: "Kim" }, menus: [{ id: 502, name: "Orders" }] });
     globalThis.client = simulator.createClient({ companyId: "acme", authenticate: async () => ({ token: "simulated" }) });
     await client.createChat(502, { lang: "en" });
     simulator.agent.join();
     await simulator.idle();
     await import("./quick-start.js");
     simulator.agent.end();`,
  ],
  "/quick-start/quick-start.js": [
    "text/javascript",
    inPage
      .replace("post-session-transfer", "/package/index.js")
      .replace("https://bots.example.com", new URL(endpointUrl).origin),
  ],
  "/post-session.json": ["application/json", JSON.stringify(settings(endpointUrl))],
});

test("the quick start in a page shows the question, and reports the outcome", async () => {
  assert.ok(inPage.trim().split("\n").length <= 10, "the quick start has at most ten lines");
  const demo = await startDemo();
  const page = await chromium().newPage();
  try {
    const served = files(demo.endpointUrl);
    await page.route(
      (url) => url.pathname in served,
      (route) => {
        const [contentType, body] = served[new URL(route.request().url()).pathname];
        return route.fulfill({
          contentType,
          body,
          headers: { "Content-Security-Policy": contentSecurityPolicy(demo.endpointUrl) },
        });
      },
    );
    const outcome = page.waitForEvent("console", {
      predicate: (message) => message.text().startsWith("transferred") || message.text().startsWith("declined"),
    });
    await page.goto(`${demo.pageUrl}/quick-start/`);
    await page.getByRole("button", { name: "No" }).click();
    assert.equal((await outcome).text(), "declined opt_in_declined");
    assert.deepEqual(demo.violations(), []);
  } finally {
    await page.close();
    await demo.close();
  }
});

test("the quick start in Node decides", async () => {
  const printed = [];
  const session = {
    id: "12345",
    channel: "chat",
    sdk: { platform: "web", version: "3.44.2" },
    chat_type: "web",
    ended_by: "agent",
  };
  const AsyncFunction = (async () => {}).constructor;
  const body = inNode.replace(/import \{ loadPolicy \} from "(.*)";/, 'const { loadPolicy } = await load("$1");');
  await new AsyncFunction("load", "settings", "session", "console", body)(
    (name) => import(name),
    settings("https://bots.example.com"),
    session,
    { log: (...words) => printed.push(words.join(" ")) },
  );
  assert.deepEqual(printed, ["ask opt_in_required 9"]);
});
