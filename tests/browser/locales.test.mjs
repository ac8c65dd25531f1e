// The languages in real browsers: each engine's own idea of tags and plurals, and a file loaded under a policy that lets nothing be fetched.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { listen, pathOf } from "../../demo-web/server/http.mjs";
import { bundleLanguages, LANGUAGES, MATCHES } from "../support/languages.mjs";
import { engines, launch } from "./support/engines.mjs";

const POLICY =
  "default-src 'none'; script-src 'self'; img-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'";
const PAGE = `<!doctype html><html lang="it"><title>Languages</title><link rel="icon" href="/icon.svg"><script type="module" src="/page.js"></script></html>`;
const SCRIPT = `
import { durationText } from "./locales/duration.js";
import { resolveCatalogue } from "./locales/resolve.js";
window.tools = { durationText, resolveCatalogue };`;

const ICON = `<svg xmlns="http://www.w3.org/2000/svg"/>`;

const contentOf = (path) =>
  ({ "/": PAGE, "/page.js": SCRIPT, "/icon.svg": ICON })[path] ?? readFileSync(join(folder, path));

const asked = [];
let folder;
let server;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "pst-languages-"));
  await bundleLanguages(folder);
  server = await listen(0, (request, response) => {
    const path = pathOf(request);
    asked.push(path);
    const headers = { "Content-Security-Policy": POLICY, "Cache-Control": "no-store" };
    // No charset: a module is UTF-8 whatever the server says.
    if (path.endsWith(".svg")) response.writeHead(200, { ...headers, "Content-Type": "image/svg+xml" });
    else if (path.endsWith(".js")) response.writeHead(200, { ...headers, "Content-Type": "text/javascript" });
    else response.writeHead(200, { ...headers, "Content-Type": "text/html; charset=utf-8" });
    response.end(contentOf(path));
  });
});
after(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

for (const engine of engines) {
  test(`${engine}: one file for the language in use, then each tag its language, and plurals`, async (t) => {
    const browser = await launch(engine);
    t.after(() => browser.close());
    const page = await browser.newPage();
    asked.length = 0;
    await page.goto(`http://127.0.0.1:${server.port}/`);
    await page.waitFor(() => window.tools !== undefined);
    const polish = await page.evaluate(() =>
      window.tools.resolveCatalogue({ documentLang: "pl_PL", navigatorLanguages: navigator.languages }),
    );
    assert.equal(polish.texts.more_time, "Więcej czasu");
    assert.deepEqual(
      LANGUAGES.filter((tag) => asked.includes(`/locales/${tag}.js`)),
      ["pl"],
    );

    const found = await page.evaluate(async (tags) => {
      const pairs = tags.map(async (option) => {
        const catalogue = await window.tools.resolveCatalogue({ option, navigatorLanguages: ["sv"] });
        return [option, catalogue?.locale ?? "en"];
      });
      return Object.fromEntries(await Promise.all(pairs));
    }, Object.keys(MATCHES));
    assert.deepEqual(found, MATCHES);

    const minutes = await page.evaluate(() =>
      ["en", "pl", "ru"].map((tag) => [60, 120, 300].map((seconds) => window.tools.durationText(seconds, tag))),
    );
    assert.deepEqual(minutes, [
      ["1 minute", "2 minutes", "5 minutes"],
      ["1 minuta", "2 minuty", "5 minut"],
      ["1 минута", "2 минуты", "5 минут"],
    ]);
    assert.deepEqual([await page.violations(), page.errors], [[], []]);
  });
}
