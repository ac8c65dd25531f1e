// docs/security.md in a page: what violates the policy, and what becomes of a core with other bytes.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { contentSecurityPolicy, packageFolder } from "../../demo-web/server/page.mjs";
import { startDemo } from "../../demo-web/server/start.mjs";
import { useChromium } from "./support/demo-page.mjs";

const chromium = useChromium();
let demo;
before(async () => {
  demo = await startDemo();
});
after(() => demo.close());

/** Runs a function in an empty page under a policy; says what it returned, and the violations. */
async function inPage(policy, run, argument) {
  const page = await chromium().newPage();
  try {
    await page.route("**/empty", (route) =>
      route.fulfill({
        contentType: "text/html",
        body: "<!doctype html><title>Empty</title>",
        headers: { "Content-Security-Policy": policy },
      }),
    );
    await page.addInitScript(() => {
      window.violations = [];
      document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) =>
        window.violations.push(`${effectiveDirective} ${blockedURI}`),
      );
    });
    await page.goto(`${demo.pageUrl}/empty`);
    const returned = await page.evaluate(run, argument);
    return { returned, violations: await page.evaluate(() => window.violations) };
  } finally {
    await page.close();
  }
}

const strict = () => contentSecurityPolicy(demo.endpointUrl);

/** Runs in the page. */
async function load(wasm) {
  const { loadPolicy } = await import("/package/index.js");
  if (wasm?.bytes === true) wasm.bytes = await (await fetch("/package/pst.wasm")).arrayBuffer();
  return loadPolicy(undefined, { wasm }).then(
    () => "loaded",
    ({ code }) => code,
  );
}

test("under the strict policy the core is loaded, and nothing is reported", async () => {
  assert.deepEqual(await inPage(strict(), load), { returned: "loaded", violations: [] });
});

test("style-src is not the module's need", async () => {
  const policy = strict().replace("style-src 'self'; ", "");
  const drawn = await inPage(policy, async () => {
    const { createPostSessionTransfer } = await import("/package/index.js");
    const transfer = await createPostSessionTransfer({ mount: document.body, settings: await settings() });
    await transfer.sessionEnded({
      id: 1,
      channel: "chat",
      sdk: { platform: "web", version: "3.44.2", can: ["update_post_session"] },
      chat_type: "web",
      ended_by: "agent",
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const host = document.querySelector("[data-post-session-transfer]");
    return getComputedStyle(host.shadowRoot.querySelector("[part~=card]")).borderTopStyle;

    async function settings() {
      return {
        version: 1,
        virtual_agents: [{ id: "a", name: "A", channels: ["chat"], endpoint: { kind: "ccaip" } }],
        chat: { enabled: true, chat_types: ["web"], virtual_agent: "a", opt_in: true },
      };
    }
  });
  assert.deepEqual(drawn, { returned: "solid", violations: [] });
});

test("without 'wasm-unsafe-eval' the core is not compiled", async () => {
  const { returned, violations } = await inPage(strict().replace(" 'wasm-unsafe-eval'", ""), load);
  assert.equal(returned, "wasm_unavailable");
  assert.deepEqual(violations, ["script-src wasm-eval"]);
});

test("without 'self' in connect-src pst.wasm is not fetched", async () => {
  const { returned, violations } = await inPage(strict().replace("connect-src 'self'", "connect-src"), load);
  assert.equal(returned, "wasm_unavailable");
  assert.deepEqual(violations, [`connect-src ${demo.pageUrl}/package/pst.wasm`]);
});

test("an endpoint that is missing in connect-src is as one that nobody can reach", async () => {
  const { returned, violations } = await inPage(
    contentSecurityPolicy(),
    async (origin) => {
      const { loadPolicy } = await import("/package/index.js");
      const policy = await loadPolicy({
        version: 1,
        virtual_agents: [
          { id: "a", name: "A", channels: ["chat"], endpoint: { kind: "webhook", url: `${origin}/handoff` } },
        ],
        chat: { enabled: true, chat_types: ["web"], virtual_agent: "a" },
      });
      const session = {
        id: 1,
        channel: "chat",
        sdk: { platform: "web", version: "3.44.2" },
        chat_type: "web",
        ended_by: "agent",
      };
      const clock = { now: () => Date.now(), setTimeout: (call, ms) => setTimeout(call, ms / 100), clearTimeout };
      const { outcome, reason } = await policy.run(session, {
        endpoints: [origin],
        clock: { ...clock, clearTimeout: (timer) => clearTimeout(timer) },
      });
      return [outcome, reason];
    },
    demo.endpointUrl,
  );
  assert.deepEqual(returned, ["failed", "network_or_cors"]);
  assert.deepEqual([...new Set(violations)], [`connect-src ${demo.endpointUrl}/handoff`]);
});

test("with a digest the core is loaded if it has it, and never otherwise", async () => {
  const digest = (bytes) => `sha384-${createHash("sha384").update(bytes).digest("base64")}`;
  const own = digest(readFileSync(join(packageFolder, "pst.wasm")));
  for (const [wasm, expected] of [
    [{ integrity: own }, "loaded"],
    [{ integrity: digest("other") }, "wasm_unavailable"],
    // A browser would load it unchecked.
    [{ integrity: "md5-AAAA" }, "wasm_integrity"],
    [{ integrity: `md5-AAAA ${own}` }, "loaded"],
    [{ bytes: true, integrity: own }, "loaded"],
    [{ bytes: true, integrity: digest("other") }, "wasm_integrity"],
    [{ bytes: true, integrity: "md5-AAAA" }, "wasm_integrity"],
  ])
    assert.deepEqual(await inPage(strict(), load, wasm), { returned: expected, violations: [] }, JSON.stringify(wasm));
});
