/** Which pages may call, and what their browsers are told. */
import { ConfigurationError } from "../errors.js";

const PREFLIGHT = {
  "Access-Control-Allow-Methods": "POST",
  "Access-Control-Allow-Headers": "content-type, idempotency-key, traceparent, authorization",
  "Access-Control-Max-Age": "600",
};

export interface Cors {
  /** False only for a page that is not on the list: a back end sends no `Origin`. */
  allows(request: Request): boolean;
  /** For every answer; those that let the page read it only where it may. */
  headers(request: Request): Record<string, string>;
}

/** Throws `ConfigurationError` (`origin_invalid`) for what is no origin. */
export function corsFor(origins: readonly (string | URL)[]): Cors {
  const known = new Set(origins.map(originOf));
  const allows = (request: Request) => known.has(request.headers.get("origin") ?? "");
  return {
    allows: (request) => !request.headers.has("origin") || allows(request),
    headers: (request) => ({
      Vary: "Origin",
      ...(allows(request) && {
        "Access-Control-Allow-Origin": request.headers.get("origin") ?? "",
        "Access-Control-Expose-Headers": "retry-after, idempotency-replayed",
        ...(request.method === "OPTIONS" && PREFLIGHT),
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

const invalid = (given: unknown) =>
  new ConfigurationError("origin_invalid", `Not an origin such as https://shop.example.com: ${String(given)}`);
