/**
 * Data that a server signed, and secrets that do not belong here. A token's claims are read, never verified and never changed: the virtual agent's
 * side has to verify them. Its text goes nowhere: neither into a message, nor into the log, nor to an endpoint.
 */
import { ConfigurationError } from "./errors.js";
import { plainObject } from "./plain.js";
import type { Diagnostic, Json } from "./types.js";

type Fields = { readonly [key: string]: Json };

export interface ReadSigned {
  /** The claim `custom_data`; `null` where the token is none, or carries no such object. */
  readonly signed: Fields | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Clocks differ; a token that was signed just now is valid. */
const LEEWAY_S = 60;
/** More is no token. */
const MOST_UNITS = 64 * 1024;
const TOKEN = /^[\w-]+\.([\w-]+)\.[\w-]*$/;

const isObject = (value: unknown): value is Fields =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** @param nowMs milliseconds since 1970 */
export function readSigned(token: string, nowMs: number): ReadSigned {
  const claims = claimsOf(token);
  if (claims === undefined || !isObject(claims.custom_data)) return malformed();
  const times = [claims.exp, claims.iat, claims.nbf].map((time) => time ?? undefined);
  if (times.some((time) => time !== undefined && typeof time !== "number")) return malformed();
  const [expires, ...begins] = times as readonly (number | undefined)[];
  const now = nowMs / 1000;
  const diagnostics: Diagnostic[] = [];
  if (expires !== undefined && expires <= now)
    diagnostics.push({
      code: "signed_data_expired",
      message: "The signed custom data has expired. Its values are passed all the same; sign anew on your server.",
    });
  if (begins.some((time) => time !== undefined && time > now + LEEWAY_S))
    diagnostics.push({
      code: "signed_data_not_yet_valid",
      message:
        "The signed custom data is not valid yet: iat or nbf lies ahead. Its values are passed all the same; check the clocks.",
    });
  return { signed: claims.custom_data, diagnostics };
}

function malformed(): ReadSigned {
  return {
    signed: null,
    diagnostics: [
      {
        code: "signed_data_malformed",
        message:
          "custom_data.signed is neither an object of claims nor a token (a JWT whose payload has an object custom_data, and times in seconds), so it is left out.",
      },
    ],
  };
}

/** The payload of a token; nothing where there is none. */
function claimsOf(token: string): Fields | undefined {
  const payload = token.length > MOST_UNITS ? undefined : TOKEN.exec(token)?.[1];
  if (payload === undefined) return undefined;
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return isObject(claims) ? plainObject(claims) : undefined;
  } catch {
    return undefined;
  }
}

const SECRET = /(secret|(secret|signing|private)key)$/;
const looksSecret = (key: string): boolean => SECRET.test(key.toLowerCase().replace(/[^a-z]/g, ""));

/** Throws `ConfigurationError` (`secret_refused`) if an option is called like a secret. Its value is not looked at. */
export function refuseSecrets(options: object): void {
  const key = Object.keys(options).find(looksSecret);
  if (key === undefined) return;
  throw new ConfigurationError(
    "secret_refused",
    `The option ${named(key)} looks like a secret, and secrets do not belong here: sign on your server, and pass the token as custom_data.signed of the session.`,
  );
}

const named = (key: string): string => JSON.stringify(key.slice(0, 64));

/**
 * Facts without secrets, and with the claims of a token in its place. The same facts where there is nothing to do.
 * @param nowMs milliseconds since 1970
 */
export function withClaims<Facts extends object>(
  facts: Facts,
  nowMs: number,
  diagnostic: (diagnostic: Diagnostic) => void,
): Facts {
  const clean = withoutSecretsWithin(withoutSecrets(facts as Fields, diagnostic), diagnostic);
  const custom = clean.custom_data;
  // The widget's customData is a text where it is signed.
  if (typeof custom === "string")
    return { ...clean, custom_data: { signed: read(custom, nowMs, diagnostic) } } as Facts;
  if (!isObject(custom)) return clean as Facts;
  const made = Object.fromEntries(
    Object.entries(withoutSecrets(custom, diagnostic)).map(([kind, data]) => {
      if (kind === "signed" && typeof data === "string") return [kind, read(data, nowMs, diagnostic)];
      return [kind, isObject(data) ? withoutSecrets(data, diagnostic) : data];
    }),
  );
  const same = Object.keys(custom).length === Object.keys(made).length;
  if (same && Object.entries(made).every(([kind, data]) => custom[kind] === data)) return clean as Facts;
  return { ...clean, custom_data: made } as Facts;
}

/** What a parameter can take an entry from, beside custom data. */
const ENTRIES = ["session_variables", "end_user", "sip_headers"];

function withoutSecretsWithin(facts: Fields, diagnostic: (diagnostic: Diagnostic) => void): Fields {
  let clean = facts;
  for (const name of ENTRIES) {
    const entries = facts[name];
    const kept = isObject(entries) ? withoutSecrets(entries, diagnostic) : entries;
    if (kept !== undefined && kept !== entries) clean = { ...clean, [name]: kept };
  }
  return clean;
}

function read(token: string, nowMs: number, diagnostic: (diagnostic: Diagnostic) => void): Fields | null {
  const { signed, diagnostics } = readSigned(token, nowMs);
  for (const said of diagnostics) diagnostic(said);
  return signed;
}

/** What the token carries is never changed; only what the page itself says is. */
function withoutSecrets(object: Fields, diagnostic: (diagnostic: Diagnostic) => void): Fields {
  const secrets = Object.keys(object).filter(looksSecret);
  if (secrets.length === 0) return object;
  for (const key of secrets)
    diagnostic({
      code: "secret_ignored",
      message: `The session carries ${named(key)}, which looks like a secret: it is left out. Sign on your server, and pass the token as custom_data.signed.`,
    });
  return Object.fromEntries(Object.entries(object).filter(([key]) => !secrets.includes(key)));
}
