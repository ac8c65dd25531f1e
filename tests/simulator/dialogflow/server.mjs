// A simulated Dialogflow CX endpoint: the REST surface of sessions.detectIntent, on loopback.

import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { GoogleError, unauthenticated } from "./errors.mjs";
import { checkSession, readPath, readRequest } from "./request.mjs";
import { fromJson, problemsOf, toJson, typeNamed } from "./types.mjs";

const DetectIntentResponse = typeNamed("DetectIntentResponse");

/**
 * @typedef {object} DialogflowOptions
 * @property {Record<string, Record<string, object[]>>} agents response messages (JSON of `ResponseMessage`) by agent's name and event
 * @property {string} [token] the bearer token that is asked for
 * @property {string} [location] the only location that this host serves; any, if left out
 * @property {string} [basePath] where a broker has it below a path, such as `/dialogflow`
 * @property {"ignored" | "same_answer" | "conflict"} [idempotencyKey] what becomes of another request with the same `Idempotency-Key`: it is taken
 *   anew, as Dialogflow itself does; it has the first one's answer, as a broker should do; it is refused where its body is another one
 */

/** @param {DialogflowOptions} options */
export async function startDialogflow(options) {
  const dialogflow = new Dialogflow(options);
  const server = createServer((request, response) => dialogflow.serve(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    /** Every request, oldest first: `{path, headers, body, status}`. */
    requests: dialogflow.requests,
    /** What each session has lived through: `{turns, parameters}` by its name. */
    sessions: dialogflow.sessions,
    /** The next requests come to grief, one each: a Google status, `drop` (before it is taken) or `drop_answer` (after). */
    fail: (...faults) => dialogflow.faults.push(...faults),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

class Dialogflow {
  requests = [];
  sessions = new Map();
  faults = [];
  #options;
  #answers = new Map();

  constructor(options) {
    this.#options = options;
  }

  async serve(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const seen = { method: request.method, path: request.url, headers: request.headers, body, status: 0 };
    this.requests.push(seen);
    const fault = this.faults.shift();
    if (fault === "drop") return request.socket.destroy();
    const answer = this.#answer(seen, fault);
    if (fault === "drop_answer") return request.socket.destroy();
    seen.status = answer.status;
    response.writeHead(answer.status, { "content-type": "application/json; charset=UTF-8" });
    return response.end(answer.text);
  }

  #answer(request, fault) {
    try {
      if (fault !== undefined && fault !== "drop_answer") throw new GoogleError(fault, "Simulated.");
      return { status: 200, text: this.#detectIntent(request) };
    } catch (error) {
      if (!(error instanceof GoogleError)) throw error;
      return { status: error.code, text: JSON.stringify(error.body) };
    }
  }

  #detectIntent({ method, path, headers, body }) {
    const { agents, location, basePath = "", idempotencyKey = "ignored" } = this.#options;
    const url = new URL(path, "http://localhost");
    const target = url.pathname.startsWith(`${basePath}/`) ? readPath(url.pathname.slice(basePath.length)) : null;
    if (method !== "POST" || target === null) throw new GoogleError("NOT_FOUND", "Method not found.");
    this.#authenticate(headers);
    if (!/^application\/json\b/.test(headers["content-type"] ?? ""))
      throw new GoogleError("INVALID_ARGUMENT", "The body is not application/json.");
    checkSession(target, location);
    const request = readRequest(body, target.session);
    if (!Object.hasOwn(agents, target.agent)) throw new GoogleError("NOT_FOUND", `No such agent: ${target.agent}.`);
    const numericEnums = url.searchParams.get("$alt") === "json;enum-encoding=int";
    const key = idempotencyKey !== "ignored" ? headers["idempotency-key"] : undefined;
    if (key === undefined) return this.#turn(target, request, numericEnums);
    const before = this.#answers.get(key) ?? { body, text: this.#turn(target, request, numericEnums) };
    if (idempotencyKey === "conflict" && before.body !== body) throw new Conflict();
    this.#answers.set(key, before);
    return before.text;
  }

  #authenticate({ authorization }) {
    const { token } = this.#options;
    if (token === undefined) return;
    if (authorization === undefined) throw unauthenticated("CREDENTIALS_MISSING");
    if (authorization !== `Bearer ${token}`) throw unauthenticated("ACCESS_TOKEN_EXPIRED");
  }

  #turn(target, request, numericEnums) {
    const session = this.sessions.get(target.session) ?? { turns: [], parameters: {} };
    this.sessions.set(target.session, session);
    const asked = toJson(request);
    for (const [name, value] of Object.entries(asked.queryParams?.parameters ?? {})) {
      if (value === null) delete session.parameters[name];
      else session.parameters[name] = value;
    }
    session.turns.push(asked);
    const event = asked.queryInput.event?.event;
    const messages = this.#options.agents[target.agent][event];
    const json = {
      responseId: randomUUID(),
      queryResult: {
        ...(event === undefined ? { text: asked.queryInput.text?.text ?? "" } : { triggerEvent: event }),
        languageCode: asked.queryInput.languageCode,
        parameters: session.parameters,
        responseMessages: messages ?? [],
        currentPage: { name: `${target.agent}/flows/main/pages/start`, displayName: "Start Page" },
        match: { event: event ?? "", matchType: messages === undefined ? "NO_MATCH" : "EVENT", confidence: 1 },
      },
      responseType: "FINAL",
    };
    const problems = problemsOf(DetectIntentResponse, json);
    if (problems.length > 0) throw new Error(`The agent's messages are none: ${JSON.stringify(problems)}`);
    return JSON.stringify(toJson(fromJson(DetectIntentResponse, json), { numericEnums }), null, 2);
  }
}

/** What a broker says to another body under a key that it has answered. */
class Conflict extends GoogleError {
  constructor() {
    super("INVALID_ARGUMENT", "Another body has been accepted under this key.");
    this.code = 422;
  }
}
