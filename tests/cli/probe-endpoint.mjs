import { once } from "node:events";
import { createServer } from "node:http";

/** An endpoint that does everything as the contract has it. A test takes one thing away, by overriding a method. */
export class GoodEndpoint {
  /** Every request: `{ method, headers, text }`. */
  requests = [];
  origins = ["https://widget.example"];
  #taken = new Map();
  #server = createServer((request, response) => void this.#serve(request, response));

  async open(t) {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    t.after(() => {
      this.#server.closeAllConnections();
      this.#server.close();
    });
    this.url = `http://127.0.0.1:${this.#server.address().port}/handoff`;
    return this;
  }

  async #serve(request, response) {
    let text = "";
    for await (const part of request.setEncoding("utf8")) text += part;
    const seen = { method: request.method, headers: request.headers, text };
    this.requests.push(seen);
    if (request.method === "OPTIONS") return this.end(response, this.preflight(seen));
    const { status, headers, body } = await this.post(seen);
    this.end(response, { status, headers: { ...this.cors(seen, status), ...headers }, body });
  }

  end(response, { status, headers, body }) {
    response.writeHead(status, { ...headers, "content-type": "application/json" });
    response.end(body === undefined || typeof body === "string" ? body : JSON.stringify(body));
  }

  allows(origin) {
    return this.origins.includes(origin);
  }

  cors({ headers: { origin } }) {
    if (!this.allows(origin)) return { vary: "Origin" };
    return { "access-control-allow-origin": origin, "access-control-expose-headers": "Retry-After", vary: "Origin" };
  }

  preflight(seen) {
    const headers = {
      ...this.cors(seen),
      "access-control-allow-methods": "POST",
      "access-control-allow-headers": "content-type, idempotency-key, traceparent",
    };
    return { status: 204, headers };
  }

  async post({ headers, text }) {
    const key = headers["idempotency-key"];
    const refused = this.refuse(key, text);
    if (refused !== null) return refused;
    const before = this.#taken.get(key);
    if (before === undefined) {
      const taken = { text };
      this.#taken.set(key, taken);
      taken.answer = await this.answer(key);
      return { status: 200, body: taken.answer };
    }
    if (before.text !== text) return this.conflict();
    return before.answer === undefined ? { status: 409 } : this.again(before.answer, key);
  }

  refuse(key, text) {
    if (text.length > 64 * 1024) return this.large();
    if (key === undefined) return this.keyless();
    let body;
    try {
      body = JSON.parse(text);
    } catch {
      return this.malformed();
    }
    const id = body.record === undefined ? body.handoff_id : `${body.handoff_id}:${body.record}`;
    return id === key ? null : this.otherKey();
  }

  large = () => ({ status: 413 });
  keyless = () => ({ status: 400 });
  malformed = () => ({ status: 400 });
  otherKey = () => ({ status: 400 });
  conflict = () => ({ status: 422 });
  again = (answer) => ({ status: 200, headers: { "idempotency-replayed": "true" }, body: answer });
  answer = (key) => ({ conversation: { id: `c-${key}`, url: "/c" }, messages: [{ text: "Hello" }] });
}
