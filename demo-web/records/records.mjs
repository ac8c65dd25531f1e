import sqlite from "node-sqlite3-wasm";
import { answerFault } from "../endpoint/endpoint.mjs";
import { pathOf, sendJson } from "../server/http.mjs";
import { Crm } from "./crm.mjs";
import { FileStore } from "./file-store.mjs";

/**
 * Where records go: a simulated CRM and the platform's file store, two services that fail by themselves. What they were given is kept in SQLite.
 *
 *     POST /crm/records     GET /crm/comments[?session=ID]          POST /crm/fault
 *     POST /files/records   GET /files   GET /files/ID/metadata.json   POST /files/fault
 */
export class Records {
  #database;
  crm;
  files;

  /**
   * @param {{ file?: string, sessionOf?: (handoffId: string) => string | null }} [options] `file`: where it is kept, otherwise in memory;
   *   `sessionOf`: the session of a hand-off, for records that do not say it.
   */
  constructor({ file, sessionOf = () => null } = {}) {
    this.#database = new sqlite.Database(file);
    const find = (record) => sessionIn(record) ?? sessionOf(record.handoff_id);
    this.crm = new Crm(this.#database, find);
    this.files = new FileStore(this.#database, find);
  }

  /** @param {string[]} origins The pages that may call. */
  open(origins) {
    this.crm.sink.open(origins);
    this.files.sink.open(origins);
  }

  /** What the services hold, for QA and tests. */
  report() {
    return {
      crm: { fault: this.crm.sink.fault, comments: this.crm.comments(), requests: this.crm.sink.requests },
      files: {
        fault: this.files.sink.fault,
        files: this.files.list().map((session) => ({ session, ...this.files.file(session) })),
        requests: this.files.sink.requests,
      },
    };
  }

  reset() {
    this.crm.reset();
    this.files.reset();
    this.#database.exec("DELETE FROM pst_received");
  }

  close() {
    this.#database.close();
  }

  /**
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   */
  async handle(request, response) {
    const path = pathOf(request);
    if (path === "/crm/records") return this.crm.sink.handle(request, response);
    if (path === "/files/records") return this.files.sink.handle(request, response);
    const [, service] = /^\/(crm|files)\/fault$/.exec(path) ?? [];
    if (service && request.method === "POST") return this.answerFault(service, request, response);
    const found = request.method === "GET" ? this.#read(path, request.url ?? "") : undefined;
    if (found === undefined || found === null) {
      request.resume();
      return sendJson(response, 404, { error: "not_found" });
    }
    sendJson(response, 200, found);
  }

  /** Switches a service's fault. @param {string} service `crm` or `files` */
  answerFault(service, request, response) {
    return answerFault(service === "crm" ? this.crm.sink : this.files.sink, request, response);
  }

  #read(path, url) {
    if (path === "/crm/comments") {
      return { comments: this.crm.comments(new URL(url, "http://localhost").searchParams.get("session")) };
    }
    if (path === "/files") return { sessions: this.files.list() };
    const [, session] = /^\/files\/([\w.-]{1,128})\/metadata\.json$/.exec(path) ?? [];
    return session && this.files.file(session)?.metadata;
  }
}

/** The session that a record names itself. */
function sessionIn(record) {
  const named = record.session_id ?? record.session?.id ?? record.fragment?.post_session_transfer?.session_id;
  return typeof named === "string" || typeof named === "number" ? String(named) : null;
}
