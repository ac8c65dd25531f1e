// Data parameters a second time, as `pst simulate` shows them: what can be resolved without asking anyone.

import { blockOf, evaluate } from "./evaluate.mjs";
import { isObject, own } from "./session.mjs";

const MAX_DATE_MS = 8.64e15;
const isPlain = (value) => typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);

/** `queue.id`: through objects, by their own keys, and never into what the consumer or another party supplied. */
function metadata(session, path) {
  const [first, ...rest] = path.split(".");
  if (first === "custom_data" || first === "session_variables") return undefined;
  return rest.reduce(own, own(session, first));
}

/** A custom data item is a plain value or `{label, value, type, invisible_to_agent}`. */
function customData(item) {
  if (!isObject(item)) return item;
  const value = own(item, "value");
  if (own(item, "type") !== "date" || typeof value !== "number") return value;
  return Math.abs(value) <= MAX_DATE_MS ? new Date(value).toISOString() : undefined;
}

function lookUp(parameter, session) {
  const key = parameter.source_field;
  switch (parameter.source) {
    case "ujet_metadata":
      return metadata(session, key);
    case "unsigned":
    case "signed":
      return customData(own(own(own(session, "custom_data"), parameter.source), key));
    case "session_variables":
    case "sip_headers":
      return customData(own(own(session, parameter.source), key));
    default: // `host` and `form` have to be asked.
      return undefined;
  }
}

/** How much a source is trusted with a reserved field; what is not named is not trusted at all. */
const TRUST = { unsigned: 1, signed: 2 };

/** `reserved_…` and `external_chat_transfer` belong to the custom data: what it carries there goes before what is trusted less. */
function reserved(parameter, session) {
  if (!/^(reserved_.*|external_chat_transfer)$/.test(parameter.field)) return undefined;
  const trust = parameter.type === "fixed" ? 0 : (TRUST[parameter.source] ?? 0);
  const candidates = ["signed", "unsigned"]
    .filter((kind) => TRUST[kind] > trust)
    .map((kind) => customData(own(own(own(session, "custom_data"), kind), parameter.field)));
  return candidates.find(isPlain);
}

/** `{data_parameters, missing, asks}`; all empty unless the outcome is `transfer` or `ask`. */
export function resolveParameters(settings, session, facts) {
  // Without a prototype, so that no destination field can be anything but a key.
  const answer = { data_parameters: Object.create(null), missing: [], asks: [] };
  const { outcome } = evaluate(settings, session, facts);
  if (outcome !== "transfer" && outcome !== "ask") return answer;

  const block = blockOf(settings, session);
  if (block?.data_parameters_enabled !== true) return answer;

  for (const parameter of block.data_parameters ?? []) {
    const kept = reserved(parameter, session);
    if (kept !== undefined) {
      answer.data_parameters[parameter.field] = kept;
      continue;
    }
    if (parameter.type === "fixed") {
      answer.data_parameters[parameter.field] = parameter.value;
      continue;
    }
    if (parameter.source === "form") {
      answer.asks.push(parameter.field);
      continue;
    }
    const found = lookUp(parameter, session);
    const value = isPlain(found) ? found : parameter.default;
    if (value !== undefined) answer.data_parameters[parameter.field] = value;
    else if (parameter.required === true) answer.missing.push(parameter.field);
  }
  return answer;
}
