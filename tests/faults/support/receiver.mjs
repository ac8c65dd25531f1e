import { once } from "node:events";
import { createServer } from "node:http";

/**
 * A receiver of hand-offs as docs/ asks for one: the first body of a key is kept, and answered alike ever after; another body under the key is a
 * conflict; while the first is being worked on, the key is busy. It counts everything.
 */
export class Receiver {
  /** Every request that came: `{ key, body, headers }`. */
  requests = [];
  /** How often a hand-off was begun, by key. */
  begun = new Map();
  /** What each key was answered. */
  #answers = new Map();
  #bodies = new Map();
  #server = createServer((request, response) => void this.#serve(request, response));
  /** What a hand-off takes. A test may make it wait. */
  work = async () => {};
  answer = (key) => ({ conversation: { id: `c-${key}` } });

  async open() {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    this.port = this.#server.address().port;
    return this;
  }

  async close() {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #serve(request, response) {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts);
    const key = request.headers["idempotency-key"];
    this.requests.push({ key, body, headers: request.headers });
    const { status, value } = await this.#take(key, body);
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(value));
  }

  async #take(key, body) {
    const before = this.#bodies.get(key);
    if (before !== undefined && !before.equals(body)) return { status: 422, value: { error: "idempotency_conflict" } };
    if (before !== undefined && !this.#answers.has(key)) return { status: 409, value: { error: "in_progress" } };
    if (before === undefined) {
      this.#bodies.set(key, body);
      this.begun.set(key, (this.begun.get(key) ?? 0) + 1);
      await this.work();
      this.#answers.set(key, this.answer(key));
    }
    return { status: 200, value: this.#answers.get(key) };
  }
}
