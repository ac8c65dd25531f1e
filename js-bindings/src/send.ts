/** Carries out `send` effects: one POST each, reported once, never thrown. */
import { joined } from "./bytes.js";
import type { SendEffect } from "./effects.js";
import { plain } from "./plain.js";
import { retryAfterMs } from "./retry-after.js";
import type { Authorize, Clock, Diagnostic, FetchLike, Json } from "./types.js";

/** Browsers let 64 KiB of `keepalive` bodies be in flight for the whole page, and keep them occupied until the response has been read. */
const KEEPALIVE_BYTES = 60_000;
/** An answer longer than this is read, but not understood. */
const BODY_BYTES = 64 * 1024;
/** An answer that goes on beyond this is cut off. */
const DRAIN_BYTES = 1024 * 1024;

// The page's budget, not one transfer's.
let bytesInFlight = 0;

export interface SendOptions {
  readonly fetch: FetchLike;
  readonly clock: Clock;
  readonly authorize: Authorize | undefined;
  readonly diagnostic: (diagnostic: Diagnostic) => void;
  /** Credentials are there: from now on something may have arrived. */
  readonly sending?: () => void;
}

/** Whose fault it is, as far as that is known. */
export interface SendFailure {
  readonly failed: "network" | "authorize" | "sink";
}

export interface SendResponse {
  readonly status: number;
  readonly retry_after_ms: number | null;
  readonly body: Json;
}

/** Posts the effect's bytes. */
export async function send(
  effect: SendEffect,
  options: SendOptions,
  signal: AbortSignal,
): Promise<SendResponse | SendFailure> {
  const { clock } = options;
  const started = clock.now();
  const headers = await authorizedHeaders(effect, options, signal);
  if (headers === null || signal.aborted) return { failed: "authorize" };
  const bytes = new TextEncoder().encode(effect.body);
  const keepalive = bytesInFlight + bytes.length < KEEPALIVE_BYTES;
  if (keepalive) bytesInFlight += bytes.length;
  options.sending?.();
  try {
    const response = await options.fetch(effect.url, {
      method: "POST",
      headers,
      body: bytes,
      signal,
      keepalive,
      mode: "cors",
      credentials: "omit",
      redirect: "error",
      cache: "no-store",
      referrerPolicy: "no-referrer",
    });
    const now = clock.now();
    const retry = retryAfterMs(response.headers.get("retry-after"), now);
    return {
      status: response.status,
      retry_after_ms: retry,
      body: await bodyOf(response, clock, bodyPatience(now - started)),
    };
  } catch {
    return { failed: "network" };
  } finally {
    if (keepalive) bytesInFlight -= bytes.length;
  }
}

/** W3C Trace Context, version 00. */
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The core's headers over the host's: nobody else chooses the idempotency key. `null` = not authorised. */
async function authorizedHeaders(
  effect: SendEffect,
  { authorize, diagnostic }: SendOptions,
  signal: AbortSignal,
): Promise<Headers | null> {
  const headers = new Headers();
  try {
    if (authorize !== undefined) {
      const request = {
        url: effect.url,
        origin: effect.origin,
        // A record's key is the hand-off's id, a colon, and the record's name.
        handoff_id: effect.headers["Idempotency-Key"]?.split(":")[0] ?? "",
        delivery: effect.delivery,
        attempt: effect.attempt,
        again: effect.reauthorize,
        signal,
      };
      // The host's code runs in a turn of its own, and a promise that never settles ends with the attempt.
      const given = await untilAborted(
        Promise.resolve().then(() => authorize(request)),
        signal,
      );
      for (const [name, value] of Object.entries(given ?? {})) headers.set(name, value);
    }
    const trace = headers.get("traceparent");
    for (const [name, value] of Object.entries(effect.headers)) headers.set(name, value);
    // A host that traces goes on with its own trace.
    if (trace !== null && TRACEPARENT.test(trace)) headers.set("traceparent", trace);
    return headers;
  } catch (error) {
    // Not the error's text: it may hold a credential.
    if (!signal.aborted)
      diagnostic({
        code: "authorize_failed",
        message: `authorize() failed: ${error instanceof Error ? error.name : typeof error}.`,
        delivery: effect.delivery,
      });
    return null;
  }
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** Nobody waits longer for what an answer says beyond its status, */
const BODY_MS = 3000;
/** nor until the attempt, which takes 8 s at most, expires although its status is known. */
const ANSWERED_MS = 7500;
const BODY_LEAST_MS = 250;

/** @param spentMs how long the attempt has taken by now; anything, also no number, if the clock was set meanwhile */
function bodyPatience(spentMs: number): number {
  const left = ANSWERED_MS - spentMs || 0;
  return Math.min(BODY_MS, Math.max(BODY_LEAST_MS, left));
}

/**
 * The status has said what became of it: a body that breaks off, or does not end, is no body, and changes nothing about that. Read to its end or
 * cancelled, so that the connection and the `keepalive` budget are free again.
 */
async function bodyOf(response: Response, clock: Clock, patienceMs: number): Promise<Json> {
  const reader = response.body?.getReader();
  if (reader === undefined) return null;
  let late = false;
  const timer = clock.setTimeout(() => {
    late = true;
    reader.cancel().catch(() => {});
  }, patienceMs);
  try {
    const bytes = await readAll(reader);
    // Hostile, too: what the core would refuse to read must not hide the status.
    return late ? null : (plain(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes))) ?? null);
  } catch {
    // Broken off, or not JSON: the status alone counts.
    return null;
  } finally {
    clock.clearTimeout(timer);
  }
}

/** Nothing where it is too long to be understood. Throws when the connection breaks. */
async function readAll(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    total += value.length;
    if (total <= BODY_BYTES) chunks.push(value);
    if (total > DRAIN_BYTES) {
      await reader.cancel();
      break;
    }
  }
  return total > BODY_BYTES ? new Uint8Array() : joined(chunks, total);
}
