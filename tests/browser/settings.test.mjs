import assert from "node:assert/strict";
import { test } from "node:test";
import { openDemo, useChromium } from "./support/demo-page.mjs";

const browser = useChromium();

for (const { scenario, code, place } of [
  { scenario: "settings-not-json", code: "json_syntax", place: /line \d+, column \d+/ },
  { scenario: "settings-unknown-field", code: "field_unknown", place: /^\/chat\/optin$/ },
  { scenario: "settings-unknown-agent", code: "agent_unknown", place: /^\/chat\/virtual_agent$/ },
  { scenario: "settings-too-large", code: "json_too_large", place: /whole document|line/ },
]) {
  test(`${scenario}: ${code} is shown with its place, and no flow starts`, async (t) => {
    const demo = await openDemo(t, browser(), { scenario, fast: true });
    const error = demo.page.getByRole("alert").getByRole("listitem").first();
    await demo.sees(error, code);
    assert.match(await error.locator(".error-pointer").textContent(), place);
    assert.ok((await error.locator("p").last().textContent()).length > 10, "a sentence for people");
    await demo.sees(demo.outcome, "settings_invalid");

    // The chat itself does not suffer.
    await demo.say("Hello");
    await demo.hears("should reach you on Thursday");
    await demo.agentEnds();
    await demo.csat.waitFor();
    assert.equal(await demo.button("Yes").count(), 0);
    assert.deepEqual(await demo.prompts(), []);
    demo.assertNothingSent();
  });
}

test("settings that were put right by hand work", async (t) => {
  const demo = await openDemo(t, browser(), { scenario: "settings-unknown-field", fast: true });
  const settings = demo.page.getByRole("textbox", { name: "Settings document, JSON" });
  await settings.fill((await settings.inputValue()).replace('"optin"', '"opt_in"'));
  await demo.button("Apply and restart").click();
  await demo.page.locator('html[data-transfer="ready"]').waitFor();
  assert.equal(await demo.page.getByRole("heading", { name: "Settings refused" }).count(), 0);
  await demo.agentEnds();
  await demo.button("Yes").waitFor();
});
