import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { listen, pathOf, readJson, sendJson } from "../../../../demo-web/server/http.mjs";
import { contentSecurityPolicy, packageFolder } from "../../../../demo-web/server/page.mjs";
import { findFile } from "../../../../demo-web/server/static.mjs";
import { Endpoint } from "./endpoint.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const mounts = [
  ["/package/", packageFolder],
  ["/simulator/", at("../../../simulator/src")],
  ["/", at("../page")],
];

/** What a browser keeps of a site outlives its server, and ports come round again. */
const portsOfSites = new Set();

/** A server on a port that no site has had before. @type {(handle: Parameters<typeof listen>[1]) => ReturnType<typeof listen>} */
async function listenAnew(handle) {
  for (;;) {
    const server = await listen(0, handle);
    if (!portsOfSites.has(server.port)) {
      portsOfSites.add(server.port);
      return server;
    }
    await server.close();
  }
}

/** The page under the demo's strict policy, and the endpoint on another origin. */
export async function startServers() {
  const endpoint = new Endpoint();
  /** Bodies of the policy's reports. @type {unknown[]} */
  const violations = [];
  const endpointServer = await listen(0, (request, response) => endpoint.handle(request, response));
  const endpointUrl = `http://127.0.0.1:${endpointServer.port}`;

  const pageServer = await listenAnew(async (request, response) => {
    const path = pathOf(request);
    if (path === "/config.json") return sendJson(response, 200, { endpointUrl });
    if (path === "/csp-reports") {
      violations.push((await readJson(request, /./)).value);
      return void response.writeHead(204).end();
    }
    const found = await findFile(path, mounts);
    if (!found) return sendJson(response, 404, { error: "not_found" });
    // Not `no-store`: such a page is in no back/forward cache.
    response.writeHead(200, {
      "Content-Type": found.type,
      "Cache-Control": "no-cache",
      "Content-Security-Policy": contentSecurityPolicy(endpointUrl),
    });
    response.end(await readFile(found.file));
  });

  return {
    pageUrl: `http://127.0.0.1:${pageServer.port}`,
    endpoint,
    violations,
    close: () => Promise.all([pageServer.close(), endpointServer.close()]),
  };
}
