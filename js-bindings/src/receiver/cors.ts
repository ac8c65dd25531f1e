/** Which pages may call, and what their browsers are told. */
import { ConfigurationError } from "../errors.js";

/** What a sender's own requests carry, and what most hosts add. */
const HEADERS = ["content-type", "idempotency-key", "traceparent", "tracestate", "authorization"];
/** A token of RFC 9110; but `*` would stand for all. */
const HEADER_NAME = /^(?!\*$)[!#$%&'*+.^_`|~0-9a-z-]+$/;

export interface Cors {
  /** False only for a page that is not on the list: a back end sends no `Origin`. */
  allows(request: Request): boolean;
  /** For every answer; those that let the page read it only where it may. */
  headers(request: Request): Record<string, string>;
}

/**
 * Throws `ConfigurationError`: `origin_invalid` for what is no origin, `header_invalid` for what is no header's name.
 * @param more headers that pages may send beside the usual ones
 */
export function corsFor(origins: readonly (string | URL)[], more: readonly string[] = []): Cors {
  const known = new Set(origins.map(originOf));
  const preflight = {
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": [...new Set([...HEADERS, ...more.map(headerOf)])].join(", "),
    "Access-Control-Max-Age": "600",
  };
  const allows = (request: Request) => known.has(request.headers.get("origin") ?? "");
  return {
    allows: (request) => !request.headers.has("origin") || allows(request),
    headers: (request) => ({
      Vary: "Origin",
      ...(allows(request) && {
        "Access-Control-Allow-Origin": request.headers.get("origin") ?? "",
        "Access-Control-Expose-Headers": "retry-after, idempotency-replayed",
        ...(request.method === "OPTIONS" && preflight),
      }),
    }),
  };
}

/** `https://shop.example.com`, with nothing behind it but perhaps a slash. */
function originOf(given: string | URL): string {
  let url: URL;
  try {
    url = new URL(given);
  } catch {
    throw invalid(given);
  }
  if (!/^https?:$/.test(url.protocol) || url.href !== `${url.origin}/`) throw invalid(given);
  return url.origin;
}

function headerOf(given: string): string {
  const name = String(given).toLowerCase();
  if (HEADER_NAME.test(name)) return name;
  throw new ConfigurationError("header_invalid", `Not the name of a header such as x-tenant: ${name}`);
}

const invalid = (given: unknown) =>
  new ConfigurationError("origin_invalid", `Not an origin such as https://shop.example.com: ${String(given)}`);
