import { Sink } from "./sink.mjs";

/** A CRM's comments on sessions. */
export class Crm {
  #database;
  sink;

  /**
   * @param {import("node-sqlite3-wasm").Database} database
   * @param {(record: import("post-session-transfer/receiver").SessionRecord) => string | null} sessionOf
   */
  constructor(database, sessionOf) {
    this.#database = database;
    database.exec(`
      CREATE TABLE IF NOT EXISTS crm_comments (
        id INTEGER PRIMARY KEY,
        session_id TEXT,
        handoff_id TEXT NOT NULL,
        record TEXT NOT NULL,
        text TEXT NOT NULL,
        written_at TEXT NOT NULL
      )`);
    this.sink = new Sink({
      database,
      scope: "crm:",
      write: (record) => {
        const text = record.text ?? JSON.stringify(record.fragment, null, 2);
        database.run(
          "INSERT INTO crm_comments (session_id, handoff_id, record, text, written_at) VALUES (?, ?, ?, ?, ?)",
          [sessionOf(record), record.handoff_id, record.record, text, record.written_at],
        );
      },
    });
  }

  /** The oldest first. @param {string | null} [session] One session's alone. */
  comments(session = null) {
    return this.#database.all(
      `SELECT session_id, handoff_id, record, text, written_at FROM crm_comments
       WHERE ?1 IS NULL OR session_id = ?1 ORDER BY id`,
      [session],
    );
  }

  reset() {
    this.#database.exec("DELETE FROM crm_comments");
    this.sink.reset();
  }
}
