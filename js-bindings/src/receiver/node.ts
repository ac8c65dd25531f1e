/** `post-session-transfer/receiver/node`: a web-standard handler on Node's own `http` server. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { RequestHandler } from "./once.js";

export interface NodeHandlerOptions {
  /** How long a body may take to arrive, in milliseconds; then the handler's read fails with a `TimeoutError`. Default 10,000. */
  readonly bodyMs?: number;
}

const BODY_MS = 10_000;
/** What is still sent to an endpoint that has answered is read and thrown away, so that the answer arrives; but not for ever. */
const DRAIN_MS = 1000;
const DRAIN_BYTES = 1024 * 1024;

/**
 * For `createServer(nodeHandler(receiver))`, and for what calls its handlers alike. A body that was read before has to be in `rawBody`, as Cloud
 * Functions have it. The request's `signal` is aborted when the sender goes away.
 */
export function nodeHandler(
  handler: RequestHandler,
  { bodyMs = BODY_MS }: NodeHandlerOptions = {},
): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  return (incoming, outgoing) => {
    serve(handler, incoming, outgoing, bodyMs).catch(() => outgoing.destroy());
  };
}

async function serve(
  handler: RequestHandler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  bodyMs: number,
): Promise<void> {
  const gone = new AbortController();
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) gone.abort();
  });
  const body = new IncomingBody(incoming, bodyMs);
  const response = await responseOf(handler, incoming, body, gone.signal);
  const bytes = new Uint8Array(await response.arrayBuffer());
  body.stop();
  if (outgoing.destroyed) return;
  const headers: Record<string, string> = Object.fromEntries(response.headers);
  if (response.body !== null) headers["content-length"] = String(bytes.length);
  if (!incoming.complete) drain(incoming);
  outgoing.writeHead(response.status, headers);
  outgoing.end(bytes);
}

async function responseOf(
  handler: RequestHandler,
  incoming: IncomingMessage,
  body: IncomingBody,
  signal: AbortSignal,
): Promise<Response> {
  let request: Request;
  try {
    request = requestOf(incoming, body, signal);
  } catch {
    // A method or an address that no web request can have.
    return new Response(null, { status: 400 });
  }
  try {
    return await handler(request);
  } catch {
    return new Response(null, { status: 500 });
  }
}

function requestOf(incoming: IncomingMessage, body: IncomingBody, signal: AbortSignal): Request {
  const { method = "GET", url = "/", rawHeaders } = incoming;
  const headers = new Headers();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) headers.append(rawHeaders[i] ?? "", rawHeaders[i + 1] ?? "");
  // Nothing here depends on the host, which is whatever the sender says.
  const address = new URL(url.startsWith("/") ? `http://localhost${url}` : url);
  if (method === "GET" || method === "HEAD") return new Request(address, { method, headers, signal });
  return new Request(address, { method, headers, signal, body: body.init(), duplex: "half" } as RequestInit);
}

/** The body of a request, as a web stream. Node's own conversion destroys the connection, and the answer with it, when one is not read to its end. */
class IncomingBody {
  readonly #incoming: IncomingMessage & { rawBody?: unknown };
  readonly #ms: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor(incoming: IncomingMessage, ms: number) {
    this.#incoming = incoming;
    this.#ms = ms;
  }

  init(): BodyInit | null {
    const { rawBody, readableEnded } = this.#incoming;
    if (rawBody instanceof Uint8Array) return rawBody as BodyInit;
    if (readableEnded) return null;
    // Nothing is taken from the connection before it is asked for.
    return new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          if (this.#controller === undefined) this.#start(controller);
          this.#incoming.resume();
        },
        cancel: () => this.stop(),
      },
      { highWaterMark: 0 },
    );
  }

  /** Nobody reads on. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#incoming.off("data", this.#onData).off("end", this.#onEnd).off("close", this.#onClose);
  }

  #start(controller: ReadableStreamDefaultController<Uint8Array>): void {
    this.#controller = controller;
    this.#timer = setTimeout(() => this.#fail(new DOMException("The body took too long.", "TimeoutError")), this.#ms);
    this.#incoming.on("data", this.#onData).once("end", this.#onEnd).once("close", this.#onClose);
    // A connection that breaks says so by `error`, too.
    this.#incoming.on("error", () => {});
    if (this.#incoming.destroyed) this.#onClose();
  }

  #fail(error: unknown): void {
    this.stop();
    this.#controller?.error(error);
  }

  readonly #onData = (chunk: Uint8Array): void => {
    this.#incoming.pause();
    this.#controller?.enqueue(new Uint8Array(chunk));
  };

  readonly #onEnd = (): void => {
    this.stop();
    this.#controller?.close();
  };

  readonly #onClose = (): void => this.#fail(new Error("The sender went away."));
}

function drain(incoming: IncomingMessage): void {
  let left = DRAIN_BYTES;
  const timer = setTimeout(() => incoming.destroy(), DRAIN_MS);
  incoming.on("data", (chunk: Uint8Array) => {
    left -= chunk.length;
    if (left < 0) incoming.destroy();
  });
  incoming.once("close", () => clearTimeout(timer)).once("end", () => clearTimeout(timer));
  incoming.on("error", () => {}).resume();
}
