import { createServer } from "node:http";

const maxBody = 64 * 1024;

/** A request body that is refused: `status` and `code` are what the sender is told. */
export class BodyError extends Error {
  constructor(status, code) {
    super(code);
    this.status = status;
    this.code = code;
  }
}

/**
 * The path as it came, still escaped, without its query.
 *
 * @param {import("node:http").IncomingMessage} request
 */
export function pathOf(request) {
  return (request.url ?? "/").split(/[?#]/, 1)[0];
}

/**
 * @param {import("node:http").IncomingMessage} request
 * @param {RegExp} type Content types that are read.
 * @returns {Promise<{ text: string, value: any }>}
 */
export async function readJson(request, type = /^application\/json\b/i) {
  if (!type.test(request.headers["content-type"] ?? "")) throw new BodyError(415, "content_type_unsupported");
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > maxBody) throw new BodyError(413, "body_too_large");
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString("utf8");
  try {
    return { text, value: JSON.parse(text) };
  } catch {
    throw new BodyError(400, "not_json");
  }
}

/**
 * @param {import("node:http").ServerResponse} response
 * @param {number} status
 * @param {unknown} value
 */
export function sendJson(response, status, value) {
  response.writeHead(status, {
    "Content-Type": "application/json; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
  });
  response.end(JSON.stringify(value));
}

/**
 * A server on loopback.
 *
 * @param {number} port 0: any free one.
 * @param {(request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse) => unknown} handle
 * @returns {Promise<{ port: number, close: () => Promise<void> }>}
 */
export function listen(port, handle) {
  const server = createServer(async (request, response) => {
    try {
      await handle(request, response);
    } catch (error) {
      if (request.destroyed && !request.complete) return; // the other side went away
      console.error(error);
      if (!response.headersSent) sendJson(response, 500, { error: "internal" });
      else response.destroy();
    }
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      resolve({
        port: server.address().port,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            server.closeAllConnections();
          }),
      });
    });
  });
}
