import { createRecordReceiver, sqliteStore } from "post-session-transfer/receiver";
import { nodeHandler } from "post-session-transfer/receiver/node";
import { sendJson } from "../server/http.mjs";

export const faults = ["none", "500", "off"];

/** One service's URL for records: takes each once, and fails where QA says so. */
export class Sink {
  #fault = "none";
  /** @type {{ method: string, key: string | null, status: number | null }[]} */
  #requests = [];
  /** @type {ReturnType<typeof nodeHandler>} */
  #receive = () => {};
  #options;
  /** @type {string[]} */
  #origins = [];

  /**
   * @param {{ database: import("node-sqlite3-wasm").Database, scope: string,
   *   write: (record: import("post-session-transfer/receiver").SessionRecord) => void }} options
   */
  constructor({ database, scope, write }) {
    // A consent goes to both services under one key: each has keys of its own.
    this.#options = { store: sqliteStore(database), scope, write };
  }

  /** @param {string[]} origins The pages that may call it. */
  open(origins) {
    this.#origins = origins;
    this.#receive = nodeHandler(createRecordReceiver({ ...this.#options, origins }));
  }

  get fault() {
    return this.#fault;
  }

  /** @param {string} kind */
  setFault(kind) {
    if (!faults.includes(kind)) throw new RangeError(`kind is one of ${faults.join(", ")}.`);
    this.#fault = kind;
  }

  get requests() {
    return this.#requests.map((entry) => ({ ...entry }));
  }

  reset() {
    this.#requests.length = 0;
    this.#fault = "none";
  }

  /**
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   */
  handle(request, response) {
    const key = request.headers["idempotency-key"];
    const entry = { method: request.method ?? "", key: typeof key === "string" ? key : null, status: null };
    this.#requests.push(entry);
    response.on("finish", () => {
      entry.status = response.statusCode;
    });
    if (this.#fault === "off") return request.socket.destroy();
    if (this.#fault === "500" && request.method === "POST") {
      request.resume();
      const { origin = "" } = request.headers;
      response.setHeader("Vary", "Origin");
      if (this.#origins.includes(origin)) response.setHeader("Access-Control-Allow-Origin", origin);
      return sendJson(response, 500, { error: "fault_switched_on" });
    }
    this.#receive(request, response);
  }
}
