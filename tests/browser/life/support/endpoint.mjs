import { setTimeout as pause } from "node:timers/promises";
import { pathOf } from "../../../../demo-web/server/http.mjs";

/**
 * What the endpoint does with one POST. `none` takes it; `hold` takes it when it is released; `hang` never answers; `500` refuses; `drop` cuts the
 * connection and takes nothing; `endless` takes it, and its answer does not end; `lost` takes it and cuts the connection; `taken-hold` takes it and answers when released; `{ slow: ms }`;
 * `{ cut: bytes }` takes it and cuts the connection after so many bytes of the answer.
 *
 * @typedef {"none" | "hold" | "hang" | "500" | "drop" | "lost" | "endless" | "taken-hold" | { slow: number } | { cut: number }} Fault
 */

/** One test's part of the endpoint. */
class Room {
  /** Everything that was posted: `took` says whether it was the first body of its key that was kept. */
  posts = [];
  /** @type {Map<string, string>} The first body of each key. */
  accepted = new Map();
  /** For the next POSTs, one each; then `always`. @type {Fault[]} */
  faults = [];
  /** @type {Fault} */
  always = "none";
  /** Whether the answer names a conversation, which is then followed. */
  conversation = false;
  #open;
  #release = () => {};

  constructor() {
    this.hold();
  }

  hold() {
    this.#open = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  /** What is held goes on, and what comes with `hold` from now on, too. */
  release() {
    this.#release();
  }

  released() {
    return this.#open;
  }

  get conflicts() {
    return this.posts.filter(({ status }) => status === 422).length;
  }
}

/** The virtual agent's side. Keeps the first body of a key, answers later ones alike, refuses another body with 422, and records what arrives. */
export class Endpoint {
  /** @type {Map<string, Room>} */
  #rooms = new Map();

  /** @param {string | number} name */
  room(name) {
    const known = this.#rooms.get(String(name));
    if (known) return known;
    const room = new Room();
    this.#rooms.set(String(name), room);
    return room;
  }

  /**
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   */
  async handle(request, response) {
    const room = this.room(pathOf(request).replace("/room/", ""));
    response.setHeader("Access-Control-Allow-Origin", String(request.headers.origin));
    response.setHeader("Vary", "Origin");
    if (request.method === "OPTIONS") {
      response.setHeader("Access-Control-Allow-Methods", "POST");
      response.setHeader("Access-Control-Allow-Headers", "authorization, content-type, idempotency-key, traceparent");
      response.setHeader("Access-Control-Max-Age", "600");
      return void response.writeHead(204).end();
    }
    const fault = room.faults.shift() ?? room.always;
    const post = {
      at: Date.now(),
      fault,
      key: request.headers["idempotency-key"],
      authorization: request.headers.authorization,
      body: "",
      /** What it was answered, where it was. */
      status: null,
      took: false,
      /** The page has gone, or has given up. */
      left: false,
    };
    room.posts.push(post);
    response.on("close", () => {
      post.left = !response.writableFinished;
    });
    for await (const chunk of request) post.body += chunk;

    if (fault === "drop") return void request.socket.destroy();
    if (fault === "hang") return;
    if (fault === "500") return this.#answer(response, post, 500, { error: "fault" });
    if (fault === "hold") await room.released();
    if (typeof fault === "object" && "slow" in fault) await pause(fault.slow);
    const first = room.accepted.get(post.key);
    if (first !== undefined && first !== post.body) return this.#answer(response, post, 422, { error: "other_body" });
    post.took = first === undefined;
    room.accepted.set(post.key, first ?? post.body);
    if (fault === "lost") return void request.socket.destroy();
    if (fault === "taken-hold") await room.released();
    if (fault === "endless")
      return void response.writeHead(200, { "Content-Type": "application/json" }).write('{"messages": [');
    const answer = { ...(room.conversation && { conversation: { id: "c-1" } }), messages: [{ text: "Hello" }] };
    if (typeof fault === "object" && "cut" in fault)
      return this.#cut(response, post, JSON.stringify(answer), fault.cut);
    this.#answer(response, post, 200, answer);
  }

  #answer(response, post, status, value) {
    post.status = status;
    response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(value));
  }

  #cut(response, post, text, bytes) {
    post.status = 200;
    response.writeHead(200, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(text) });
    response.write(text.slice(0, bytes), () => response.socket?.destroy());
  }
}
