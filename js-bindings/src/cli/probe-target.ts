/** What is probed, read from the command line. */
import { urlFact } from "../urls.js";
import { type Arguments, quoted } from "./args.js";
import { Failure } from "./failure.js";
import { readDocument } from "./input.js";

export interface Target {
  readonly url: string;
  /** As it may be shown: a query can hold a credential. */
  readonly shownUrl: string;
  readonly loopback: boolean;
  readonly kind: "handoff" | "record";
  /** The page's. */
  readonly origin: string;
  /** The host's own headers. Never shown. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly timeoutMs: number;
}

const DEFAULT_ORIGIN = "https://widget.example";
const DEFAULT_TIMEOUT_S = 8;
const MOST_TIMEOUT_S = 600;
/** What the module, or the browser, says itself. */
const OURS = new Set([
  "connection",
  "content-length",
  "content-type",
  "host",
  "idempotency-key",
  "traceparent",
  "transfer-encoding",
]);

/** Longer than all headers that a server takes. */
const MOST_HEADER_BYTES = 64 * 1024;

/** Throws `Failure`. */
export async function readTarget(args: Arguments): Promise<Target> {
  const [text] = args.files as [string];
  const url = readUrl(text);
  const fromFiles = await Promise.all(args.values("header-file").map(readHeaderFile));
  return {
    ...url,
    kind: args.flag("record") ? "record" : "handoff",
    origin: readOrigin(single(args, "origin") ?? DEFAULT_ORIGIN),
    headers: [...args.values("header").map((given) => readHeader(given)), ...fromFiles.flat()],
    timeoutMs: readTimeout(single(args, "timeout") ?? String(DEFAULT_TIMEOUT_S)),
  };
}

function single(args: Arguments, name: string): string | undefined {
  const values = args.values(name);
  if (values.length > 1) throw new Failure(`--${name} stands there ${values.length} times.`);
  return values[0];
}

function readUrl(text: string): Pick<Target, "url" | "shownUrl" | "loopback"> {
  const fact = urlFact(text);
  // A text that cannot be read may hold a password all the same.
  if (fact === null || !/^https?:$/.test(fact.protocol))
    throw new Failure("The URL is not an absolute http(s) URL, such as https://bots.example.com/handoff.");
  if (fact.userinfo)
    throw new Failure("The URL holds a user name or password: the module refuses such a URL. Use --header-file.");
  const loopback = isLoopback(fact.hostname);
  if (fact.protocol === "http:" && !loopback)
    throw new Failure(
      `${quoted(fact.origin)} is not https: the module sends nothing there. Only loopback may be http.`,
    );
  const { pathname, search } = new URL(fact.href);
  return { url: fact.href, shownUrl: `${fact.origin}${pathname}${search === "" ? "" : "?***"}`, loopback };
}

/** As the core judges it. */
function isLoopback(hostname: string): boolean {
  return /^127\.[\d.]+$/.test(hostname) || /^(?:.+\.)?localhost$/.test(hostname) || hostname === "[::1]";
}

function readOrigin(text: string): string {
  const fact = urlFact(text);
  if (fact === null || !/^https?:$/.test(fact.protocol) || fact.href !== `${fact.origin}/`)
    throw new Failure(`--origin is an origin such as https://www.example.com, not ${quoted(text)}.`);
  return fact.origin;
}

/** One header a line, blank lines aside. Neither a name nor a value of it is shown where a line is wrong. */
async function readHeaderFile(file: string): Promise<readonly (readonly [string, string])[]> {
  const bytes = await readDocument(file, MOST_HEADER_BYTES);
  if (bytes.length > MOST_HEADER_BYTES) throw new Failure(`${quoted(file)} is longer than 64 KiB.`);
  return bytes
    .toString()
    .split(/\r?\n/)
    .flatMap((line, index) => (line.trim() === "" ? [] : [readHeader(line, `Line ${index + 1} of ${quoted(file)}`)]));
}

function readHeader(text: string, where = "--header"): readonly [string, string] {
  const colon = text.indexOf(":");
  if (colon < 1) throw new Failure(`${where} is 'NAME: VALUE': there is no colon behind a name.`);
  const name = text.slice(0, colon).trim().toLowerCase();
  const value = text.slice(colon + 1).trim();
  try {
    new Headers([[name, value]]);
  } catch {
    // Not the error's text: it names the value.
    throw new Failure(`${where} is 'NAME: VALUE', of the characters that a header may have.`);
  }
  if (name === "origin") throw new Failure("The page's origin is given by --origin.");
  if (OURS.has(name)) throw new Failure(`The header ${quoted(name)} is the module's own.`);
  return [name, value];
}

function readTimeout(text: string): number {
  const seconds = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : 0;
  if (seconds <= 0 || seconds > MOST_TIMEOUT_S)
    throw new Failure(`--timeout is a number of seconds up to ${MOST_TIMEOUT_S}, not ${quoted(text)}.`);
  return seconds * 1000;
}
