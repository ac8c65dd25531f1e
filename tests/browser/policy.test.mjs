import assert from "node:assert/strict";
import { test } from "node:test";
import { startDemo } from "../../demo-web/server/start.mjs";
import { launchChromium } from "./support/chromium.mjs";

test("a violation of the policy is seen and counted (so that the other tests' zero means something)", async (t) => {
  const demo = await startDemo();
  t.after(() => demo.close());
  const browser = await launchChromium();
  t.after(() => browser.close());
  const page = await browser.newPage();
  await page.goto(`${demo.pageUrl}/`);
  const reported = page.waitForResponse((response) => response.url().endsWith("/csp-reports"));
  const [inlineStyle, trustedTypes] = await page.evaluate(() => {
    const probe = document.createElement("p");
    probe.setAttribute("style", "position: fixed");
    document.body.append(probe);
    let refused = false;
    try {
      probe.innerHTML = "<b>mark-up</b>";
    } catch {
      refused = true;
    }
    return [getComputedStyle(probe).position === "fixed", refused];
  });
  await reported;
  assert.equal(inlineStyle, false, "inline style does not apply");
  assert.equal(trustedTypes, true, "text does not become mark-up");
  assert.ok(demo.violations().length >= 1);
});
