import { mkdir } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { openDemo, useChromium } from "./support/demo-page.mjs";

// For a person to look at: nothing compares them.
const folder = fileURLToPath(new URL("../../build/screenshots/", import.meta.url));
const browser = useChromium();

const look = (width, height, colorScheme) => ({ viewport: { width, height }, colorScheme, reducedMotion: "reduce" });
const looks = {
  light: look(1440, 900, "light"),
  dark: look(1440, 900, "dark"),
  narrow: look(320, 720, "light"),
  "narrow-dark": look(390, 844, "dark"),
};

/** @param {string} name */
async function picture(demo, name) {
  await mkdir(folder, { recursive: true });
  const { page } = demo;
  if (page.viewportSize().width < 900) await demo.chat.evaluate((chat) => chat.scrollIntoView());
  await demo.atItsEnd();
  await page.screenshot({ path: `${folder}${name}.png` });
}

for (const [name, context] of Object.entries(looks)) {
  test(`pictures, ${name}: from the chat to the end of the survey`, async (t) => {
    const demo = await openDemo(t, browser(), { fast: true, context });
    await demo.say("Hello, where is my order?");
    await demo.hears("should reach you on Thursday");
    await demo.say("Great, thank you!");
    await demo.hears("added a note");
    await picture(demo, `chat-${name}`);
    await demo.agentEnds();
    await demo.button("Yes").waitFor();
    await picture(demo, `opt-in-${name}`);
    await demo.button("Yes").click();
    await demo.hears("Was your problem solved?");
    await picture(demo, `survey-${name}`);
    await demo.say("yes");
    await demo.hears("How easy was it");
    await demo.say("5");
    await demo.hears("Last question");
    await demo.say("no");
    await demo.sees(demo.outcome, "completed");
    await picture(demo, `completed-${name}`);
  });
}

for (const name of ["light", "narrow-dark"]) {
  test(`pictures, ${name}: declined, stalled, refused`, async (t) => {
    const declined = await openDemo(t, browser(), { fast: true, context: looks[name] });
    await declined.agentEnds();
    await declined.button("No").click();
    await declined.csat.getByRole("radio", { name: "4 stars" }).check();
    await picture(declined, `declined-${name}`);

    const stalled = await openDemo(t, browser(), {
      scenario: "endpoint-500",
      fast: true,
      expectedErrors: [/status of 500/],
      context: looks[name],
    });
    await stalled.agentEnds();
    await stalled.button("Yes").click();
    await stalled.button("Try again").waitFor();
    await picture(stalled, `stalled-${name}`);

    const refused = await openDemo(t, browser(), { scenario: "settings-unknown-field", context: looks[name] });
    await refused.page.getByRole("heading", { name: "Settings refused" }).scrollIntoViewIfNeeded();
    await refused.page.screenshot({ path: `${folder}settings-refused-${name}.png` });
  });
}
