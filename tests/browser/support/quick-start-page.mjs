import { readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { contentSecurityPolicy } from "../../../demo-web/server/page.mjs";
import { startDemo } from "../../../demo-web/server/start.mjs";

const TYPES = {
  ".mjs": "text/javascript",
  ".js": "text/javascript",
  ".wasm": "application/wasm",
  ".html": "text/html",
  ".json": "application/json",
};

const settings = (url) => ({
  version: 1,
  virtual_agents: [{ id: "survey", name: "Survey bot", channels: ["chat"], endpoint: { kind: "webhook", url } }],
  chat: { enabled: true, chat_types: ["web"], virtual_agent: "survey", opt_in: true },
});

/** A page with a client, an element and a chat that its agent ends once the quick start has run. */
const host = `
  import { Simulator } from "/simulator/index.js";
  const simulator = new Simulator({ agent: { id: 9, name: "Kim" }, menus: [{ id: 502, name: "Orders" }] });
  globalThis.client = simulator.createClient({ companyId: "acme", authenticate: async () => ({ token: "simulated" }) });
  await client.createChat(502, { lang: "en" });
  simulator.agent.join();
  await simulator.idle();
  await import("./app.js");
  simulator.agent.end();`;
const html =
  '<!doctype html><title>Host</title><div id="after-chat"></div><script type="module" src="host.js"></script>';

/**
 * Opens a page under the strict policy that serves a folder, answers No to the question that the quick start asks, and says what came of it.
 *
 * @param {import("playwright-core").Browser} browser
 * @param {(endpoint: string) => Promise<string>} make Makes the folder with `app.js`, for an endpoint's origin.
 */
export async function answerInPage(browser, make) {
  const demo = await startDemo();
  const page = await browser.newPage();
  const loaded = [];
  try {
    const folder = await make(new URL(demo.endpointUrl).origin);
    const made = new Map([
      ["/post-session.json", JSON.stringify(settings(`${demo.endpointUrl}/handoff`))],
      ["/app/index.html", html],
      ["/app/host.js", host],
    ]);
    await page.route(
      ({ pathname }) => pathname.startsWith("/app/") || made.has(pathname),
      (route) => {
        const { pathname } = new URL(route.request().url());
        loaded.push(pathname.replace("/app/", ""));
        const headers = { "Content-Security-Policy": contentSecurityPolicy(demo.endpointUrl) };
        try {
          const body = made.get(pathname) ?? readFileSync(join(folder, pathname.slice("/app/".length)));
          return route.fulfill({ body, headers, contentType: TYPES[extname(pathname)] });
        } catch {
          return route.fulfill({ status: 404, headers });
        }
      },
    );
    const outcome = page.waitForEvent("console", {
      predicate: (message) => /^(transferred|declined)/.test(message.text()),
      timeout: 15_000,
    });
    outcome.catch(() => {});
    const failed = page.waitForEvent("pageerror", { timeout: 15_000 });
    failed.catch(() => {});
    await page.goto(`${demo.pageUrl}/app/index.html`);
    const no = page.getByRole("button", { name: "No" });
    const error = await Promise.race([no.waitFor().then(() => null), failed]);
    if (error !== null) return { error, loaded };
    await no.click();
    return { said: (await outcome).text(), violations: demo.violations(), loaded };
  } finally {
    await page.close();
    await demo.close();
  }
}
