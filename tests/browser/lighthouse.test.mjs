import assert from "node:assert/strict";
import { test } from "node:test";
import lighthouse, { snapshot } from "lighthouse";
import puppeteer from "puppeteer-core";
import { startDemo } from "../../demo-web/server/start.mjs";
import { findChromium } from "./support/chromium.mjs";

const onlyCategories = ["accessibility", "best-practices"];
/** Neither category is about speed: nothing is slowed down, and the chat is not waited for until it falls silent. */
const flags = { onlyCategories, throttlingMethod: "provided", maxWaitForLoad: 3000, disableFullPageScreenshot: true };

test("Lighthouse gives the demo page 100 for accessibility and for best practices, also with the prompt on screen", async (t) => {
  const demo = await startDemo();
  t.after(() => demo.close());
  const browser = await puppeteer.launch({
    executablePath: findChromium(),
    args: [...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), "--disable-gpu", "--disable-background-networking"],
  });
  t.after(() => browser.close());
  const page = await browser.newPage();

  const opened = await lighthouse(`${demo.pageUrl}/?scenario=opt-in`, flags, undefined, page);
  assertFull(opened.lhr);

  await page.goto(`${demo.pageUrl}/?scenario=opt-in`);
  await page.locator("html[data-transfer=ready]").wait();
  await page.locator("#agent-ends").click();
  await page.locator("[data-post-session-transfer] >>> [data-action=yes]").wait();
  assertFull((await snapshot(page, { flags })).lhr);

  // So that 100 means something.
  await page.evaluate(() => document.querySelector("label[for=scenario]").remove());
  const broken = (await snapshot(page, { flags })).lhr;
  assert.ok(broken.categories.accessibility.score < 1);
  assert.deepEqual(demo.violations(), []);
});

function assertFull({ categories, audits }) {
  const weighed = Object.values(categories).flatMap(({ auditRefs }) => auditRefs.filter(({ weight }) => weight > 0));
  const failed = weighed
    .map(({ id }) => audits[id])
    .filter(({ score }) => score !== null && score < 1)
    .map(({ id, details }) => `${id}: ${details?.items?.map(({ node }) => node?.snippet).join(" ")}`);
  assert.deepEqual(failed, []);
  for (const name of onlyCategories) assert.equal(categories[name].score, 1, name);
}
