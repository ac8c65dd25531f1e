// From the end of a chat to the prompt on screen, in Chromium, beside the same prompt in plain JavaScript, in turns in one page.
// Usage: node tests/bench/prompt-time.mjs [--format text|json] [--rounds N]
// Times are reported, never judged, but for one ratio: tests/browser/prompt-time.test.mjs.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { listen, pathOf } from "../../demo-web/server/http.mjs";
import { contentSecurityPolicy, packageFolder } from "../../demo-web/server/page.mjs";
import { findFile } from "../../demo-web/server/static.mjs";
import { launchChromium } from "../browser/support/chromium.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const mounts = [
  ["/package/", packageFolder],
  ["/support/", at("../node/support")],
  ["/", at("prompt-page")],
];

/** `{rounds, ours: {asked, seen}, byHand, first, longTasks}`: p50 and p95 in milliseconds, `asked` until the card is in the page, `seen` until it is drawn. */
export async function promptTime(rounds) {
  const server = await listen(0, async (request, response) => {
    const found = await findFile(pathOf(request), mounts);
    if (!found) return void response.writeHead(404).end();
    response.writeHead(200, { "Content-Type": found.type, "Content-Security-Policy": contentSecurityPolicy() });
    response.end(await readFile(found.file));
  });
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.port}/`);
    await page.waitForFunction(() => "ready" in document.documentElement.dataset);
    return await page.evaluate((times) => globalThis.measure(times), rounds);
  } finally {
    await browser.close();
    await server.close();
  }
}

export function promptTimeLines({ rounds, ours, byHand, first, longTasks }) {
  const row = (name, { p50, p95 }) => `  ${name.padEnd(44)}${p50.toFixed(2).padStart(8)}${p95.toFixed(2).padStart(9)}`;
  const ratio = (ours.seen.p50 / byHand.seen.p50).toFixed(2);
  return [
    `End of a chat to the prompt, ${rounds} chats in Chromium, milliseconds      p50      p95`,
    row("ours: in the page", ours.asked),
    row("ours: drawn", ours.seen),
    row("plain JavaScript: in the page", byHand.asked),
    row("plain JavaScript: drawn", byHand.seen),
    `  drawn: ${ratio} times plain JavaScript; the first one ${first.seen.toFixed(1)} ms; long tasks: ${longTasks}`,
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { format: { type: "string", default: "text" }, rounds: { type: "string", default: "100" } },
  });
  const measured = await promptTime(Number(values.rounds));
  console.log(values.format === "json" ? JSON.stringify(measured) : promptTimeLines(measured).join("\n"));
}
