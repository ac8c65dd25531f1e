import { once } from "node:events";
import { createServer } from "node:http";

/**
 * A real HTTP server on loopback that keeps every request it was sent.
 * @param {(request: {method, path, headers, body}, response: import("node:http").ServerResponse) => void} answer
 */
export async function startServer(answer) {
  const requests = [];
  const server = createServer((incoming, response) => {
    let body = "";
    incoming.setEncoding("utf8");
    incoming.on("data", (chunk) => {
      body += chunk;
    });
    incoming.on("end", () => {
      const request = { method: incoming.method, path: incoming.url, headers: incoming.headers, body };
      requests.push(request);
      answer(request, response);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    origin,
    requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export function reply(response, status, body = {}, headers = {}) {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}

/** An origin that nobody listens on. */
export async function unreachableOrigin() {
  const server = await startServer(() => {});
  await server.close();
  return server.origin;
}
