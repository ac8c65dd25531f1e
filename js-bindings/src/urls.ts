import { ConfigurationError } from "./errors.js";

/** What the core judges a URL by. */
export interface UrlFact {
  readonly href: string;
  readonly origin: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly userinfo: boolean;
}

/** The platform's reading of an absolute URL; `null` where it is none. */
export function urlFact(text: string): UrlFact | null {
  try {
    const url = new URL(text);
    return {
      href: url.href,
      origin: url.origin,
      protocol: url.protocol,
      hostname: url.hostname,
      userinfo: url.username !== "" || url.password !== "",
    };
  } catch {
    return null;
  }
}

/**
 * The host's `endpoints` as origins, each once. Throws `ConfigurationError` (`endpoint_invalid`) for what is no http(s) origin; also for a path, which
 * would not be enforced.
 */
export function allowedOrigins(endpoints: readonly (string | URL)[] | undefined): readonly string[] {
  if (endpoints === undefined) return [];
  if (!Array.isArray(endpoints))
    throw new ConfigurationError("endpoint_invalid", "endpoints must be a list of origins.");
  return [...new Set((endpoints as readonly unknown[]).map(origin))];
}

function origin(entry: unknown, index: number): string {
  const fact = typeof entry === "string" || entry instanceof URL ? urlFact(String(entry)) : null;
  if (fact === null) throw new ConfigurationError("endpoint_invalid", `endpoints[${index}] is not a URL.`);
  const bare = fact.href === `${fact.origin}/`;
  if (!/^https?:$/.test(fact.protocol) || !bare)
    throw new ConfigurationError(
      "endpoint_invalid",
      `endpoints[${index}] must be an http(s) origin such as https://bots.example.com, without user name, path or query.`,
    );
  return fact.origin;
}
