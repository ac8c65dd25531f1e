/**
 * A rough check of the hand-off envelope (schema 1): enough to show a wrong sender what is wrong.
 *
 * @param {unknown} body The parsed JSON.
 * @param {string} key The `Idempotency-Key` header.
 * @returns {{ reason: string, pointer: string } | null} The first thing that is wrong, or null.
 */
export function envelopeProblem(body, key) {
  const problem = (pointer, reason) => ({ reason, pointer });
  if (!isObject(body)) return problem("", "not_an_object");
  if (body.schema !== 1) return problem("/schema", "schema_unknown");
  if (typeof body.handoff_id !== "string" || !uuid.test(body.handoff_id)) return problem("/handoff_id", "not_a_uuid");
  if (key !== body.handoff_id) return problem("/handoff_id", "idempotency_key_differs");

  for (const [pointer, fits] of [
    ["/session", isObject(body.session)],
    ["/session/id", isText(body.session?.id)],
    ["/session/ended_by", isText(body.session?.ended_by)],
    ["/virtual_agent", isObject(body.virtual_agent)],
    ["/virtual_agent/id", isText(body.virtual_agent?.id)],
    ["/virtual_agent/name", isText(body.virtual_agent?.name)],
    ["/opt_in", isObject(body.opt_in)],
    ["/opt_in/required", typeof body.opt_in?.required === "boolean"],
    ["/opt_in/selected", ["Yes", "No", null].includes(body.opt_in?.selected)],
    ["/data_parameters", isObject(body.data_parameters)],
    ["/data_records", isObject(body.data_records)],
    ["/data_records/in_metadata", typeof body.data_records?.in_metadata === "boolean"],
    ["/data_records/in_crm_record", typeof body.data_records?.in_crm_record === "boolean"],
    ["/decided_at", isText(body.decided_at) && !Number.isNaN(Date.parse(body.decided_at))],
  ]) {
    if (!fits) return problem(pointer, "missing_or_wrong_type");
  }

  for (const [name, value] of Object.entries(body.data_parameters)) {
    if (!["string", "number", "boolean"].includes(typeof value))
      return problem(`/data_parameters/${name}`, "not_a_scalar");
  }
  if (body.opt_in.required && body.opt_in.selected !== "Yes") return problem("/opt_in/selected", "no_consent");
  return null;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value) {
  return typeof value === "string" && value !== "";
}
