import { mergeMetadata, Refusal } from "post-session-transfer/receiver";
import { platformMetadata } from "./platform-metadata.mjs";
import { Sink } from "./sink.mjs";

/** The platform's external storage: one `metadata.json` for each session, into which records are merged. */
export class FileStore {
  #database;
  sink;

  /**
   * @param {import("node-sqlite3-wasm").Database} database
   * @param {(record: import("post-session-transfer/receiver").SessionRecord) => string | null} sessionOf
   */
  constructor(database, sessionOf) {
    this.#database = database;
    database.exec(`
      CREATE TABLE IF NOT EXISTS metadata_files (
        session_id TEXT PRIMARY KEY,
        metadata TEXT NOT NULL,
        kept TEXT NOT NULL DEFAULT '[]'
      )`);
    this.sink = new Sink({
      database,
      scope: "files:",
      write: (record) => {
        if (record.fragment === undefined) throw new Refusal(400, "nothing_to_write");
        const session = sessionOf(record);
        // Of a session that nobody knows there is no file of the platform's; the record must not be lost.
        if (session === null) this.#merge(record.handoff_id, record.fragment, {});
        else this.#merge(session, record.fragment, platformMetadata(session));
      },
    });
  }

  /** @param {string} session @param {object} fragment @param {object} otherwise What is there before anything else. */
  #merge(session, fragment, otherwise) {
    const before = this.file(session) ?? { metadata: otherwise, kept: [] };
    const { metadata, kept, ignored } = mergeMetadata(before.metadata, fragment);
    const all = [...new Set([...before.kept, ...kept, ...ignored])];
    this.#database.run(
      `INSERT INTO metadata_files (session_id, metadata, kept) VALUES (?, ?, ?)
       ON CONFLICT (session_id) DO UPDATE SET metadata = excluded.metadata, kept = excluded.kept`,
      [session, JSON.stringify(metadata), JSON.stringify(all)],
    );
  }

  /** What the platform writes when a session has ended. @param {string} session @param {object} [metadata] */
  put(session, metadata = platformMetadata(session)) {
    this.#database.run("INSERT INTO metadata_files (session_id, metadata) VALUES (?, ?) ON CONFLICT DO NOTHING", [
      session,
      JSON.stringify(metadata),
    ]);
  }

  /**
   * A session's file, and the JSON Pointers to what records had and did not get into it; null where there is none.
   *
   * @param {string} session
   * @returns {{ metadata: Record<string, unknown>, kept: string[] } | null}
   */
  file(session) {
    const row = this.#database.get("SELECT metadata, kept FROM metadata_files WHERE session_id = ?", [session]);
    return row && { metadata: JSON.parse(String(row.metadata)), kept: JSON.parse(String(row.kept)) };
  }

  /** Their session ids, in the order in which they came. */
  list() {
    return this.#database
      .all("SELECT session_id FROM metadata_files ORDER BY rowid")
      .map(({ session_id }) => String(session_id));
  }

  reset() {
    this.#database.exec("DELETE FROM metadata_files");
    this.sink.reset();
  }
}
