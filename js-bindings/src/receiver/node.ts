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
  const response = await responseOf(handler, incoming, gone.signal, bodyMs);
  const body = new Uint8Array(await response.arrayBuffer());
  if (outgoing.destroyed) return;
  const headers: Record<string, string> = Object.fromEntries(response.headers);
  if (response.body !== null) headers["content-length"] = String(body.length);
  if (!incoming.complete) drain(incoming);
  outgoing.writeHead(response.status, headers);
  outgoing.end(body);
}

async function responseOf(
  handler: RequestHandler,
  incoming: IncomingMessage,
  signal: AbortSignal,
  bodyMs: number,
): Promise<Response> {
  let request: Request;
  try {
    request = requestOf(incoming, signal, bodyMs);
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

function requestOf(incoming: IncomingMessage, signal: AbortSignal, bodyMs: number): Request {
  const { method = "GET", url = "/", rawHeaders } = incoming;
  const headers = new Headers();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) headers.append(rawHeaders[i] ?? "", rawHeaders[i + 1] ?? "");
  // Nothing here depends on the host, which is whatever the sender says.
  const address = new URL(url.startsWith("/") ? `http://localhost${url}` : url);
  if (method === "GET" || method === "HEAD") return new Request(address, { method, headers, signal });
  const init = { method, headers, signal, body: bodyOf(incoming, bodyMs), duplex: "half" };
  return new Request(address, init as RequestInit);
}

function bodyOf(incoming: IncomingMessage & { rawBody?: unknown }, bodyMs: number): BodyInit | null {
  if (incoming.rawBody instanceof Uint8Array) return incoming.rawBody as BodyInit;
  return incoming.readableEnded ? null : streamOf(incoming, bodyMs);
}

/** Node's own conversion destroys the connection when a body is not read to its end, and the answer with it. */
function streamOf(incoming: IncomingMessage, bodyMs: number): ReadableStream<Uint8Array> {
  let settle = () => {};
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const fail = (error: unknown) => {
        settle();
        controller.error(error);
      };
      const timer = setTimeout(() => fail(new DOMException("The body took too long.", "TimeoutError")), bodyMs);
      const onData = (chunk: Uint8Array) => {
        controller.enqueue(new Uint8Array(chunk));
        if ((controller.desiredSize ?? 0) <= 0) incoming.pause();
      };
      const onEnd = () => {
        settle();
        controller.close();
      };
      const onClose = () => fail(new Error("The sender went away."));
      settle = () => {
        clearTimeout(timer);
        incoming.off("data", onData).off("end", onEnd).off("close", onClose);
      };
      // A connection that breaks is told by `error`, too, which nobody else listens to.
      incoming
        .on("data", onData)
        .once("end", onEnd)
        .once("close", onClose)
        .on("error", () => {});
    },
    pull() {
      incoming.resume();
    },
    cancel() {
      settle();
      incoming.resume();
    },
  });
}

function drain(incoming: IncomingMessage): void {
  let left = DRAIN_BYTES;
  const timer = setTimeout(() => incoming.destroy(), DRAIN_MS);
  incoming.on("data", (chunk: Uint8Array) => {
    left -= chunk.length;
    if (left < 0) incoming.destroy();
  });
  incoming.once("close", () => clearTimeout(timer)).once("end", () => clearTimeout(timer));
  incoming.resume();
}
