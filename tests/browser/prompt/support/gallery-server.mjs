import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { listen, pathOf, readJson, sendJson } from "../../../../demo-web/server/http.mjs";
import { contentSecurityPolicy } from "../../../../demo-web/server/page.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

const files = {
  "/": [at("../gallery/index.html"), "text/html; charset=utf-8"],
  "/gallery.css": [at("../gallery/gallery.css"), "text/css; charset=utf-8"],
  "/hostile.css": [at("../gallery/hostile.css"), "text/css; charset=utf-8"],
  "/gallery.js": [at("../gallery/gallery.js"), "text/javascript; charset=utf-8"],
  "/states.mjs": [at("../states.mjs"), "text/javascript; charset=utf-8"],
  "/texts.mjs": [at("../texts.mjs"), "text/javascript; charset=utf-8"],
  "/axe.js": [axe, "text/javascript; charset=utf-8"],
};

/** The prompt's own part of the package, bundled as the package is. @returns {Promise<string>} */
export async function bundlePrompt(entry = "view.ts") {
  const { outputFiles } = await build({
    entryPoints: [at(`../../../../js-bindings/src/prompt/${entry}`)],
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    write: false,
  });
  return outputFiles[0].text;
}

/** The gallery under the demo's strict policy. */
export async function startGallery() {
  const prompt = await bundlePrompt();
  /** Bodies of the policy's reports. @type {unknown[]} */
  const violations = [];
  const server = await listen(0, async (request, response) => {
    const path = pathOf(request);
    if (path === "/csp-reports") {
      violations.push((await readJson(request, /./)).value);
      return void response.writeHead(204).end();
    }
    if (path === "/favicon.ico") return void response.writeHead(204).end();
    const [file, type] = path === "/prompt.js" ? [undefined, "text/javascript; charset=utf-8"] : (files[path] ?? []);
    if (type === undefined) return sendJson(response, 404, { error: "not_found" });
    response.writeHead(200, {
      "Content-Type": type,
      "Cache-Control": "no-store",
      "Content-Security-Policy": contentSecurityPolicy(""),
    });
    response.end(file === undefined ? prompt : await readFile(file));
  });
  return { url: `http://127.0.0.1:${server.port}`, violations, close: () => server.close() };
}
