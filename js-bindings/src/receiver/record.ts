/** Records of a session, as their sinks are sent them. */
import {
  at,
  type Fields,
  headProblem,
  isBoolean,
  isObject,
  isTime,
  type JsonObject,
  type Judge,
  misfit,
  optional,
  type Problem,
  text,
} from "./shape.js";

/** A record: a fragment for the session's metadata, a text for the CRM, or what the consumer answered when nothing was handed off. */
export interface SessionRecord {
  readonly schema: 1;
  readonly handoff_id: string;
  readonly dry_run?: boolean;
  readonly record: "metadata" | "crm" | "consent";
  /** For the metadata: to be merged, see `mergeMetadata`. */
  readonly fragment?: JsonObject;
  /** For the CRM: lines of plain text. */
  readonly text?: string;
  /** ISO 8601. */
  readonly written_at: string;
}

const isRecordName: Judge = (value) => value === "metadata" || value === "crm" || value === "consent";
const FIELDS: Fields = [
  ["/dry_run", optional(isBoolean)],
  ["/record", isRecordName],
  ["/written_at", isTime],
  ["/fragment", optional(isObject)],
  ["/fragment/data_parameters", optional(isObject)],
  ["/fragment/post_session_transfer", optional(isObject)],
  ["/text", optional(text())],
];

/** The first thing that is wrong with a record, or null: as for hand-offs, and `nothing_to_write`. */
export function recordProblem(value: unknown, key: string): Problem | null {
  const problem = headProblem(value) ?? misfit(value, FIELDS);
  if (problem !== null) return problem;
  const record = at(value, "/record");
  if (key !== `${at(value, "/handoff_id")}:${record}`)
    return { error: "idempotency_key_differs", pointer: "/handoff_id" };
  const has = (field: string) => at(value, field) !== undefined;
  if (record === "metadata" && !has("/fragment")) return { error: "nothing_to_write", pointer: "/fragment" };
  if (record === "crm" && !has("/text")) return { error: "nothing_to_write", pointer: "/text" };
  return has("/fragment") || has("/text") ? null : { error: "nothing_to_write", pointer: "" };
}

/** A consent goes to the metadata as a fragment and to the CRM as a text. All other keys say by themselves what they are for. */
export const partOf = ({ record, fragment }: SessionRecord): string =>
  record === "consent" && fragment === undefined ? ":text" : "";
