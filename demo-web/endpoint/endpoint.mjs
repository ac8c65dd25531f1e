import { createReceiver, memoryStore } from "post-session-transfer/receiver";
import { nodeHandler } from "post-session-transfer/receiver/node";
import { BodyError, pathOf, readJson, sendJson } from "../server/http.mjs";
import { Survey } from "./survey.mjs";

export const faults = ["none", "500", "off"];
const maxText = 2000;

/**
 * The virtual agent's side: takes hand-offs over HTTP from other origins, once for each idempotency key, and talks to the person afterwards.
 * Everything is kept in memory.
 */
export class Endpoint {
  /** What was accepted, by key. @type {Map<string, { conversation_id: string, body: import("post-session-transfer/receiver").Handoff, [field: string]: unknown }>} */
  #accepted = new Map();
  /** @type {Map<string, Survey>} */
  #conversations = new Map();
  /** @type {{ method: string, path: string, status: number | null, key: string | null, origin: string | null }[]} */
  #requests = [];
  #fault = "none";
  #url = "";
  /** @type {Set<string>} */
  #origins = new Set();
  /** @type {ReturnType<typeof nodeHandler>} Takes hand-offs. */
  #receive = () => {};

  /**
   * @param {string} url Where this endpoint is reached.
   * @param {string[]} origins The pages that may call it.
   */
  open(url, origins) {
    this.#url = url;
    this.#origins = new Set(origins);
    this.#listen();
  }

  #listen() {
    this.#receive = nodeHandler(
      createReceiver({
        store: memoryStore(),
        origins: [...this.#origins],
        accept: (handoff, { request }) => this.#accept(handoff, request.headers.get("traceparent")),
      }),
    );
  }

  get fault() {
    return this.#fault;
  }

  /** @param {string} kind */
  setFault(kind) {
    if (!faults.includes(kind)) throw new RangeError(`kind is one of ${faults.join(", ")}.`);
    this.#fault = kind;
  }

  /** What arrived, for QA and tests: accepted hand-offs with their conversations, and every request of a virtual agent's client. */
  report() {
    return {
      fault: this.#fault,
      handoffs: [...this.#accepted.values()].map((handoff) => {
        const survey = this.#conversations.get(handoff.conversation_id);
        return { ...handoff, survey: { state: survey.state, answers: survey.answers } };
      }),
      requests: this.#requests.map((entry) => ({ ...entry })),
    };
  }

  /** The session of a hand-off that was accepted. @param {string} key */
  sessionOf(key) {
    return this.#accepted.get(key)?.body.session.id ?? null;
  }

  /** Forgets everything. */
  reset() {
    this.#accepted.clear();
    this.#listen();
    this.#conversations.clear();
    this.#requests.length = 0;
    this.#fault = "none";
  }

  /**
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   */
  async handle(request, response) {
    const pathname = pathOf(request);
    const conversation = /^\/conversations\/([0-9a-f-]{36})\/messages$/.exec(pathname);
    const forQa = pathname === "/handoffs" || pathname === "/fault";

    if (forQa) return this.#handleQa(pathname, request, response);
    if (pathname !== "/handoff" && !conversation) return sendJson(response, 404, { error: "not_found" });

    const entry = {
      method: request.method ?? "",
      path: pathname,
      status: null,
      key: header(request, "idempotency-key"),
      origin: header(request, "origin"),
    };
    this.#requests.push(entry);
    response.on("finish", () => {
      entry.status = response.statusCode;
    });

    if (this.#fault === "off") return request.socket.destroy();

    if (this.#fault === "500" && request.method === "POST") {
      this.#cors(request, response);
      request.resume();
      return sendJson(response, 500, { error: "fault_switched_on" });
    }
    if (conversation) return this.#converse(conversation[1], request, response);
    this.#receive(request, response);
  }

  /** @param {import("post-session-transfer/receiver").Handoff} handoff @param {string | null} traceparent */
  #accept(handoff, traceparent) {
    const key = handoff.handoff_id;
    this.#conversations.set(key, new Survey());
    this.#accepted.set(key, {
      key,
      conversation_id: key,
      received_at: new Date().toISOString(),
      traceparent,
      body: handoff,
    });
    return {
      conversation: { id: key, url: `${this.#url}/conversations/${key}/messages` },
      messages: Survey.greeting(handoff.virtual_agent.name).map((line) => ({ text: line })),
    };
  }

  async #converse(id, request, response) {
    const allowed = this.#cors(request, response);
    if (request.method === "OPTIONS") {
      if (!allowed) return sendJson(response, 403, { error: "origin_not_allowed" });
      return void response.writeHead(204).end();
    }
    if (request.method !== "POST") {
      response.setHeader("Allow", "POST, OPTIONS");
      return sendJson(response, 405, { error: "method_not_allowed" });
    }
    try {
      this.#turn(id, (await readJson(request)).value, response);
    } catch (error) {
      if (!(error instanceof BodyError)) throw error;
      sendJson(response, error.status, { error: error.code });
    }
  }

  #turn(id, body, response) {
    const survey = this.#conversations.get(id);
    if (!survey) return sendJson(response, 404, { error: "conversation_unknown" });
    const text = body?.text;
    if (typeof text !== "string" || text.trim() === "" || text.length > maxText) {
      return sendJson(response, 400, { error: "missing_or_wrong_type", pointer: "/text" });
    }
    if (survey.state !== "open") return sendJson(response, 409, { error: "conversation_ended" });
    const { messages, ended } = survey.reply(text);
    sendJson(response, 200, { messages: messages.map((line) => ({ text: line })), ended });
  }

  async #handleQa(pathname, request, response) {
    if (pathname === "/handoffs" && request.method === "GET") return sendJson(response, 200, this.report());
    if (pathname === "/fault" && request.method === "POST") return answerFault(this, request, response);
    sendJson(response, 405, { error: "method_not_allowed" });
  }

  /** Sets the CORS headers where the origin may call; says whether it may. */
  #cors(request, response) {
    const origin = header(request, "origin");
    response.setHeader("Vary", "Origin");
    if (origin === null || !this.#origins.has(origin)) return false;
    response.setHeader("Access-Control-Allow-Origin", origin);
    if (request.method === "OPTIONS") {
      response.setHeader("Access-Control-Allow-Methods", "POST");
      response.setHeader("Access-Control-Allow-Headers", "content-type");
      response.setHeader("Access-Control-Max-Age", "600");
    }
    return true;
  }
}

/**
 * `{"kind":"500"}` and so on, for a service's own switch and for the page's.
 *
 * @param {{ fault: string, setFault(kind: string): void }} service
 */
export async function answerFault(service, request, response) {
  try {
    const { value } = await readJson(request);
    service.setFault(value?.kind);
    sendJson(response, 200, { fault: service.fault });
  } catch (error) {
    if (error instanceof BodyError) return sendJson(response, error.status, { error: error.code });
    if (error instanceof RangeError) return sendJson(response, 400, { error: "kind_unknown", kinds: faults });
    throw error;
  }
}

function header(request, name) {
  const value = request.headers[name];
  return typeof value === "string" ? value : null;
}
