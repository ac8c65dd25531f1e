// A log from the demo page in Chromium: a chat, a Yes, the endpoint's answer, and the conversation to its end.
import { startDemo } from "../../demo-web/server/start.mjs";
import { launchChromium } from "../browser/support/chromium.mjs";
import { logOf, watchTransfers } from "../browser/support/transfers.mjs";

export async function recordDemo() {
  const demo = await startDemo();
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ timezoneId: "UTC" });
    await watchTransfers(page);
    await page.goto(`${demo.pageUrl}/?scenario=opt-in&clock=fast&chat=12345`);
    const chat = page.getByRole("region", { name: /^Chat with/ });
    const button = (name) => page.getByRole("button", { name, exact: true });
    await chat.getByText("Kim has joined").waitFor();
    await page.locator("html[data-transfer]").waitFor();
    await button("Agent ends the chat").click();
    await button("Yes").click();
    await chat.getByText("Was your problem solved?").waitFor();
    const message = page.getByRole("textbox", { name: "Your message" });
    for (const [say, reply] of [
      ["yes", "How easy was it"],
      ["5", "Last question"],
      ["Thank you", "Thank you for your time!"],
    ]) {
      await message.fill(say);
      await message.press("Enter");
      await chat.getByText(reply).last().waitFor();
    }
    await page.locator("#outcome").getByText("completed", { exact: true }).waitFor();
    return await logOf(page);
  } finally {
    await browser.close();
    await demo.close();
  }
}
