/** Requests as a page's browser makes them; answers as data, whatever comes. */
import { randomBytes } from "node:crypto";
import { Failure } from "./failure.js";
import { unsafeNames } from "./probe-safelist.js";
import type { Target } from "./probe-target.js";

/** The module cuts an answer off here, too. */
const MOST_BYTES = 1024 * 1024;

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly bytes: number;
  /** Until the last byte. */
  readonly ms: number;
}

/** No answer, and why. */
export interface Silence {
  readonly why: string;
}

export type Answer = Reply | Silence;

export const answered = (answer: Answer): answer is Reply => "status" in answer;
export const isAccepted = (answer: Answer): answer is Reply =>
  answered(answer) && answer.status >= 200 && answer.status < 300;

export interface Shipment {
  /** `null`: none is sent. */
  readonly key: string | null;
  readonly body: string;
}

/** Headers that the module sends and a preflight asks for, in the order in which browsers name them. */
export function askedHeaders(target: Target): readonly string[] {
  const own = ["content-type", "idempotency-key", "traceparent"];
  return [...new Set([...own, ...unsafeNames(new Headers(target.headers as [string, string][]))])].sort();
}

export function preflight(target: Target, origin: string): Promise<Answer> {
  return exchange(target, "OPTIONS", {
    origin,
    "access-control-request-method": "POST",
    "access-control-request-headers": askedHeaders(target).join(","),
  });
}

export function post(target: Target, { key, body }: Shipment): Promise<Answer> {
  const headers = new Headers(target.headers as [string, string][]);
  headers.set("origin", target.origin);
  headers.set("content-type", "application/json");
  headers.set("traceparent", `00-${randomBytes(16).toString("hex")}-${randomBytes(8).toString("hex")}-00`);
  if (key !== null) headers.set("idempotency-key", key);
  return exchange(target, "POST", headers, body);
}

async function exchange(
  { url, timeoutMs }: Target,
  method: string,
  headers: HeadersInit,
  body: string | null = null,
): Promise<Answer> {
  const signal = AbortSignal.timeout(timeoutMs);
  const started = performance.now();
  try {
    const response = await fetch(url, { method, headers, body, redirect: "manual", signal });
    const { text, bytes } = await readBody(response);
    const { status, headers: given } = response;
    return { status, headers: given, text, bytes, ms: performance.now() - started };
  } catch (error) {
    if (signal.aborted) return { why: `no whole answer within ${timeoutMs / 1000} s` };
    throwUnreachable(error);
    return { why: "the connection broke before there was a whole answer" };
  }
}

async function readBody(response: Response): Promise<{ text: string; bytes: number }> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop cancels what is still to come.
  for await (const part of response.body ?? []) {
    parts.push(part);
    bytes += part.length;
    if (bytes > MOST_BYTES) break;
  }
  return { text: Buffer.concat(parts).toString(), bytes };
}

const UNREACHABLE: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection is refused",
  EHOSTUNREACH: "there is no way to the host",
  ENETUNREACH: "there is no way to the network",
  EAI_AGAIN: "the name cannot be looked up now",
  ENOTFOUND: "there is no host of that name",
  ETIMEDOUT: "the connection is not answered",
  UND_ERR_CONNECT_TIMEOUT: "the connection is not answered",
};

/** Throws `Failure` where there is nobody who could answer. */
function throwUnreachable(error: unknown): void {
  const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
  const inner = cause instanceof AggregateError ? (cause.errors[0] as NodeJS.ErrnoException | undefined) : cause;
  const code = inner?.code ?? cause?.code ?? "";
  // Told by its text alone, in all versions of Node.
  if (cause?.message === "bad port")
    throw new Failure("The endpoint cannot be reached: its port is one that browsers never open.");
  const certificate = /CERT|ERR_TLS|ERR_SSL|EPROTO|UNABLE_TO/.test(code);
  const why = certificate ? `the certificate or the encryption is not accepted (${code})` : UNREACHABLE[code];
  if (why !== undefined) throw new Failure(`The endpoint cannot be reached: ${why}.`);
}
