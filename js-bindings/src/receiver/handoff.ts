/** The envelope of a hand-off: as in `schemas/handoff.schema.json`, with which the check below agrees. */
import {
  at,
  below,
  type Fields,
  headProblem,
  isBoolean,
  isNull,
  isObject,
  isScalar,
  isString,
  isTime,
  misfit,
  optional,
  orNull,
  type Problem,
  text,
} from "./shape.js";

/** What a webhook endpoint is sent. Fields may be added in later releases: ignore those you do not know. */
export interface Handoff {
  readonly schema: 1;
  /** A UUID, the same for every attempt at this session; also the `Idempotency-Key`. */
  readonly handoff_id: string;
  /** A test of the endpoint: start no conversation. */
  readonly dry_run?: boolean;
  readonly session: {
    readonly id: string;
    /** BCP 47. */
    readonly lang: string | null;
    readonly queue_id: string | null;
    readonly ended_by: string | null;
  };
  readonly virtual_agent: { readonly id: string; readonly name: string };
  /** All null but `required` where nobody was asked. */
  readonly opt_in: {
    readonly required: boolean;
    readonly selected: "Yes" | null;
    readonly text_version: string | null;
    readonly locale: string | null;
    /** ISO 8601. */
    readonly at: string | null;
  };
  readonly data_parameters: { readonly [field: string]: string | number | boolean };
  readonly data_records: { readonly in_metadata: boolean; readonly in_crm_record: boolean };
  /** ISO 8601. */
  readonly decided_at: string;
}

const FIELDS: Fields = [
  ["/dry_run", optional(isBoolean)],
  ["/session", isObject],
  ["/session/id", text()],
  ["/session/lang", orNull(isString)],
  ["/session/queue_id", orNull(text())],
  ["/session/ended_by", orNull(isString)],
  ["/virtual_agent", isObject],
  ["/virtual_agent/id", text(128)],
  ["/virtual_agent/name", text(256)],
  ["/opt_in", isObject],
  ["/opt_in/required", isBoolean],
  ["/data_parameters", isObject],
  ["/data_records", isObject],
  ["/data_records/in_metadata", isBoolean],
  ["/data_records/in_crm_record", isBoolean],
  ["/decided_at", isTime],
];
const ASKED: Fields = [
  ["/opt_in/text_version", text()],
  ["/opt_in/locale", text()],
  ["/opt_in/at", isTime],
];
const NOT_ASKED: Fields = [
  ["/opt_in/selected", isNull],
  ["/opt_in/text_version", isNull],
  ["/opt_in/locale", isNull],
  ["/opt_in/at", isNull],
];

const PARAMETERS = 100;
const PARAMETER_NAME = /^(?!(?:__proto__|constructor|prototype)$)[A-Za-z_][A-Za-z0-9_.-]{0,127}$/;

/**
 * The first thing that is wrong with an envelope, or null: `not_an_object`, `schema_unknown`, `not_a_uuid`, `idempotency_key_differs`,
 * `missing_or_wrong_type`, `no_consent`, `too_many_parameters`, `parameter_name_invalid`, `not_a_scalar`.
 */
export function handoffProblem(value: unknown, key: string): Problem | null {
  return (
    headProblem(value) ??
    (at(value, "/handoff_id") === key ? null : { error: "idempotency_key_differs", pointer: "/handoff_id" }) ??
    misfit(value, FIELDS) ??
    consentProblem(value) ??
    parametersProblem(at(value, "/data_parameters") as object)
  );
}

function consentProblem(value: unknown): Problem | null {
  if (at(value, "/opt_in/required") === false) return misfit(value, NOT_ASKED);
  if (at(value, "/opt_in/selected") !== "Yes") return { error: "no_consent", pointer: "/opt_in/selected" };
  return misfit(value, ASKED);
}

function parametersProblem(parameters: object): Problem | null {
  const entries = Object.entries(parameters);
  if (entries.length > PARAMETERS) return { error: "too_many_parameters", pointer: "/data_parameters" };
  for (const [name, value] of entries) {
    const pointer = below("/data_parameters", name);
    if (!PARAMETER_NAME.test(name)) return { error: "parameter_name_invalid", pointer };
    if (!isScalar(value)) return { error: "not_a_scalar", pointer };
  }
  return null;
}
