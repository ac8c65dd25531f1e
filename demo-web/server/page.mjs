import { fileURLToPath } from "node:url";
import { answerFault } from "../endpoint/endpoint.mjs";
import { BodyError, pathOf, readJson, sendJson } from "./http.mjs";
import { findFile, sendFile } from "./static.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
export const packageFolder = at("../../dist");
const mounts = [
  ["/package/", packageFolder],
  ["/simulator/", at("../../tests/simulator/src")],
  ["/", at("../public")],
];

/**
 * The policy that the module is built to live under. `img-src` is the page's own need (its icon).
 *
 * @param {string[]} origins Where requests may go beside the page's own origin.
 */
export function contentSecurityPolicy(...origins) {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    ["connect-src 'self'", ...origins].join(" "),
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
    "report-uri /csp-reports",
  ].join("; ");
}

/** The page's server: files under the strict policy, the count of violations, and what the QA panel needs without touching the other servers. */
export class PageServer {
  #endpoint;
  #records;
  #urls = { endpointUrl: "", recordsUrl: "" };
  /** Bodies of the violation reports. @type {unknown[]} */
  violations = [];

  /**
   * @param {import("../endpoint/endpoint.mjs").Endpoint} endpoint
   * @param {import("../records/records.mjs").Records} records
   */
  constructor(endpoint, records) {
    this.#endpoint = endpoint;
    this.#records = records;
  }

  /** @param {{ endpointUrl: string, recordsUrl: string }} urls */
  open(urls) {
    this.#urls = urls;
  }

  /**
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   */
  async handle(request, response) {
    const pathname = pathOf(request);
    for (const [name, value] of Object.entries({
      "Content-Security-Policy": contentSecurityPolicy(this.#urls.endpointUrl, this.#urls.recordsUrl),
      "X-Content-Type-Options": "nosniff",
      "X-Frame-Options": "DENY",
      "Referrer-Policy": "no-referrer",
      "Cross-Origin-Opener-Policy": "same-origin",
      "Cross-Origin-Resource-Policy": "same-origin",
      "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    })) {
      response.setHeader(name, value);
    }

    if (request.method === "POST") return this.#handlePost(pathname, request, response);
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.setHeader("Allow", "GET, HEAD");
      request.resume();
      return sendJson(response, 405, { error: "method_not_allowed" });
    }
    if (pathname === "/config.json") return sendJson(response, 200, this.#urls);
    if (pathname === "/csp-reports")
      return sendJson(response, 200, { count: this.violations.length, reports: this.violations });
    if (pathname === "/qa/endpoint") return sendJson(response, 200, this.#endpoint.report());
    if (pathname === "/qa/records") return sendJson(response, 200, this.#records.report());

    const found = await findFile(pathname, mounts);
    if (!found) return sendJson(response, 404, { error: "not_found" });
    sendFile(response, found, request.method === "HEAD");
  }

  async #handlePost(pathname, request, response) {
    if (pathname === "/qa/fault") return answerFault(this.#endpoint, request, response);
    const [, service] = /^\/qa\/(crm|files)\/fault$/.exec(pathname) ?? [];
    if (service) return this.#records.answerFault(service, request, response);
    if (pathname !== "/csp-reports") {
      response.setHeader("Allow", "GET, HEAD");
      request.resume();
      return sendJson(response, 405, { error: "method_not_allowed" });
    }
    try {
      const { value } = await readJson(request, /^application\/(csp-report|reports\+json|json)\b/i);
      this.violations.push(value);
    } catch (error) {
      if (!(error instanceof BodyError)) throw error;
      this.violations.push({ unreadable: error.code }); // a report is a report
    }
    response.writeHead(204).end();
  }
}
