/** One request: may it be heard, what does it say, has its key been answered before? What is done with it is the caller's. */
import { digestOf, parseJson, readBody } from "./body.js";
import { corsFor } from "./cors.js";
import { Refusal } from "./refusal.js";
import type { Problem } from "./shape.js";
import type { Begun, Store } from "./store.js";

/** From a web-standard request to its answer. Never rejects. */
export type RequestHandler = (request: Request) => Promise<Response>;

/** What hand-offs and records are received with. */
export interface ReceiveOptions {
  /** Where keys are remembered. */
  readonly store: Store;
  /** Origins of the pages that may call, such as `https://shop.example.com`; the receiver's own, too, if pages of it do. Back ends always may. */
  readonly origins: readonly (string | URL)[];
  /** Further headers that pages may send: those that the host's `authorize()` gives, such as `x-tenant`. `authorization` and `tracestate` always may. */
  readonly allowHeaders?: readonly string[];
  /** Says whether a request may be heard at all. False: 401, and the sender asks its page for fresh credentials once. */
  readonly authorize?: (request: Request) => boolean | Promise<boolean>;
  /** What to do with `"dry_run": true`: answer it yourself (`call`; `dryRun` is true in the context), or an empty 200. Default `answer`. */
  readonly dryRuns?: "answer" | "call";
  /** Sets keys apart where several receivers share a store: put before each of them. Default none. */
  readonly scope?: string;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** The longest body in bytes. Default 40 KiB: a sender stops at 32. */
  readonly maxBytes?: number;
  /** How long a key is held for one that works on it, in milliseconds. Default 30,000. */
  readonly leaseMs?: number;
  /** Told of what your functions and the store throw. Default `console.error`. */
  readonly onError?: (error: unknown, key: string) => void;
}

/** What your function is told beside the body. */
export interface ReceiveContext {
  readonly key: string;
  readonly dryRun: boolean;
  /** For its headers, such as `traceparent`; the body has been read. */
  readonly request: Request;
  /** Aborted when the lease is over: another request may take the key then. Not when the sender goes away, who comes back for the answer. */
  readonly signal: AbortSignal;
}

/** A kind of body: how it is checked, and what is done with one that was not there before. */
export interface Kind<Body> {
  check(value: unknown, key: string): Problem | null | undefined;
  /** Sets bodies apart that are sent under one key and are two things all the same: put behind it. Left out: none. */
  part?(body: Body): string;
  take(body: Body, context: ReceiveContext): unknown;
}

interface Answer {
  readonly status: number;
  /** JSON text. */
  readonly text: string | null;
  readonly headers?: Record<string, string>;
}

const MAX_BYTES = 40 * 1024;
const LEASE_MS = 30_000;
const RETRY_SECONDS = 1;
const FINISH_ATTEMPTS = 3;
const FINISH_PAUSE_MS = 50;
/** How many answers that the store did not take are held at most; beyond that the oldest are forgotten. */
const MOST_UNKEPT = 1000;
/** Behind the key of a dry run: a test must not take the key of what it tests. */
const DRY_RUN = ":dry_run";

const refused = (status: number, error: string, headers = {}, more = {}): Answer => ({
  status,
  text: JSON.stringify({ error, ...more }),
  headers,
});
const later = (status: number, error: string, seconds = RETRY_SECONDS): Answer =>
  refused(status, error, { "Retry-After": String(seconds) });

const replayed = (text: string): Answer => ({ status: 200, text, headers: { "Idempotency-Replayed": "true" } });
const CONFLICT = refused(422, "idempotency_conflict");

/** What one request asks for. */
interface Asked<Body> {
  readonly body: Body;
  readonly digest: string;
  /** What the store knows the key as. */
  readonly kept: string;
  readonly context: Omit<ReceiveContext, "signal">;
}

/** What was taken, and under which lease: all that is needed to keep the answer later. */
interface Unkept {
  readonly digest: string;
  readonly lease: string;
  readonly text: string;
}

const BODY_FAILURES = {
  too_large: refused(413, "body_too_large"),
  incomplete: refused(400, "body_incomplete"),
  timeout: refused(408, "body_timeout"),
};

/** Makes the handler. Throws `ConfigurationError` for origins and names of headers that are none. */
export function receive<Body extends { readonly dry_run?: boolean }>(
  kind: Kind<Body>,
  options: ReceiveOptions,
): RequestHandler {
  const { store, authorize, dryRuns = "answer", scope = "" } = options;
  const { now = Date.now, maxBytes = MAX_BYTES, leaseMs = LEASE_MS } = options;
  const cors = corsFor(options.origins, options.allowHeaders);
  const unkept = new Map<string, Unkept>();
  const report = (error: unknown, key: string) => {
    try {
      (options.onError ?? console.error)(error, key);
    } catch {
      // Whoever cannot be told must not cost the sender its answer.
    }
  };

  async function answer(request: Request): Promise<Answer> {
    if (!cors.allows(request)) return refused(403, "origin_not_allowed");
    if (request.method === "OPTIONS") return { status: 204, text: null, headers: { Allow: "POST, OPTIONS" } };
    if (request.method !== "POST") return refused(405, "method_not_allowed", { Allow: "POST, OPTIONS" });
    if (!/^application\/json\s*(?:;|$)/i.test(request.headers.get("content-type") ?? ""))
      return refused(415, "content_type_unsupported");
    const key = request.headers.get("idempotency-key");
    if (key === null) return refused(400, "idempotency_key_missing");
    if (authorize !== undefined && !(await authorize(request)))
      return refused(401, "unauthorized", { "WWW-Authenticate": "Bearer" });

    const read = await readBody(request, maxBytes);
    if ("failed" in read) return BODY_FAILURES[read.failed];
    const value = parseJson(read.bytes);
    if (value === undefined) return refused(400, "not_json", {}, { pointer: "" });
    const problem = kind.check(value, key);
    if (problem) return refused(400, problem.error, {}, { pointer: problem.pointer });
    const body = value as Body;
    const dryRun = body.dry_run === true;
    const kept = `${scope}${key}${kind.part?.(body) ?? ""}${dryRun ? DRY_RUN : ""}`;
    return once({ body, digest: await digestOf(read.bytes), kept, context: { key, dryRun, request } });
  }

  async function once(asked: Asked<Body>): Promise<Answer> {
    const { digest, kept } = asked;
    const known = unkept.get(kept);
    if (known !== undefined) {
      if (known.digest !== digest) return CONFLICT;
      // Also where the store still fails: who has an answer asks nobody else, who might not know it.
      if ((await finish(asked, known)) !== "lost") return replayed(known.text);
    }
    const begun = await begin(asked);
    if (begun === null) return known === undefined ? later(503, "store_unavailable") : replayed(known.text);
    if (begun.state === "running") return later(409, "in_progress");
    if (begun.state === "done") {
      unkept.delete(kept);
      return begun.digest === digest ? replayed(begun.answer) : CONFLICT;
    }
    if (known === undefined) return withinLease(asked, begun.lease);
    // The store has forgotten the key, or its lease: what is known here still holds.
    const held = await finish(asked, { ...known, lease: begun.lease });
    return held === "lost" ? later(409, "in_progress") : replayed(known.text);
  }

  async function begin({ kept, digest, context }: Asked<Body>): Promise<Begun | null> {
    try {
      return await store.begin(kept, digest, now(), leaseMs);
    } catch (error) {
      report(error, context.key);
      return null;
    }
  }

  /** Who works on for longer than the lease is not waited for; its answer is still kept if nobody else has taken the key. */
  async function withinLease(asked: Asked<Body>, lease: string): Promise<Answer> {
    const over = new AbortController();
    const working = work(asked, lease, over.signal);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<Answer>((resolve) => {
      timer = setTimeout(() => {
        resolve(later(503, "lease_over"));
        over.abort();
      }, leaseMs);
    });
    return Promise.race([working, late]).finally(() => clearTimeout(timer));
  }

  async function work(asked: Asked<Body>, lease: string, signal: AbortSignal): Promise<Answer> {
    const { body, digest } = asked;
    const context = { ...asked.context, signal };
    let text = "{}";
    try {
      const taken = context.dryRun && dryRuns === "answer" ? undefined : await kind.take(body, context);
      text = jsonOf(taken, (error) => report(error, context.key));
    } catch (error) {
      if (!(error instanceof Refusal)) report(error, context.key);
      await released(asked, lease);
      return refusalOf(error);
    }
    const held = await finish(asked, { digest, lease, text });
    if (held === "failed") return later(503, "store_unavailable");
    return held === "kept" ? { status: 200, text } : later(409, "in_progress");
  }

  async function released({ kept, context }: Asked<Body>, lease: string): Promise<void> {
    try {
      await store.release(kept, lease);
    } catch (error) {
      report(error, context.key); // The lease ends by itself.
    }
  }

  /** What was taken must not be forgotten for the store's trouble: `failed` is known here, and tried again when the key comes again. */
  async function finish({ kept, context }: Asked<Body>, answer: Unkept): Promise<"kept" | "lost" | "failed"> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const held = await store.finish(kept, answer.lease, answer.text);
        unkept.delete(kept);
        return held ? "kept" : "lost";
      } catch (error) {
        report(error, context.key);
        if (attempt === FINISH_ATTEMPTS) break;
      }
      await new Promise((resolve) => setTimeout(resolve, attempt * FINISH_PAUSE_MS));
    }
    unkept.delete(kept);
    unkept.set(kept, answer);
    for (const oldest of unkept.keys()) {
      if (unkept.size <= MOST_UNKEPT) break;
      unkept.delete(oldest);
    }
    return "failed";
  }

  return async (request) => {
    const made = await answer(request).catch((error: unknown) => {
      report(error, request.headers.get("idempotency-key") ?? "");
      return refused(500, "failed");
    });
    return new Response(made.text, { status: made.status, headers: headersOf(made, cors.headers(request)) });
  };
}

function headersOf({ text, headers }: Answer, cors: Record<string, string>): Record<string, string> {
  const content = text === null ? {} : { "Content-Type": "application/json; charset=utf-8" };
  return { ...content, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", ...cors, ...headers };
}

/** It has been taken: an answer that cannot be written as JSON must not undo that. */
function jsonOf(value: unknown, report: (error: unknown) => void): string {
  try {
    return JSON.stringify(value ?? {}) ?? "{}";
  } catch (error) {
    report(error);
    return "{}";
  }
}

function refusalOf(error: unknown): Answer {
  if (!(error instanceof Refusal)) return refused(500, "failed");
  const { status, code, retryAfterSeconds } = error;
  return retryAfterSeconds === undefined ? refused(status, code) : later(status, code, retryAfterSeconds);
}
