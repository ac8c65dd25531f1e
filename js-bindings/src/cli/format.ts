/** A settings document as it is to be written. Every number and text stays as it stands. */
import type { JsonMember, JsonNode } from "./positions.js";

/** Where objects of one kind stand, and the order of their fields. The first that fits. */
const ORDERS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^$/, ["version", "virtual_agents", "chat", "call", "queues", "rules"]],
  [/^\/virtual_agents\/\d+$/, ["id", "name", "channels", "endpoint"]],
  [
    /^\/virtual_agents\/\d+\/endpoint$/,
    ["kind", "url", "agent", "environment", "event", "language_code", "idempotent", "statuses", "declined_status"],
  ],
  [
    /\/data_parameters\/\d+$/,
    [
      ...["type", "field", "value", "source", "source_field", "default", "label", "hint", "input", "choices"],
      ...["required", "sensitive"],
    ],
  ],
  [/\/data_records$/, ["in_metadata", "in_crm_record"]],
  [/^\/rules$/, ["ended_by", "prompt_timeout_s", "min_sdk_version"]],
  [
    /^\/(chat|call|queues\/\d+)$/,
    [
      ...["id", "name", "enabled", "chat_routing", "chat_types", "call_types", "virtual_agent", "opt_in"],
      ...["data_parameters_enabled", "data_parameters", "data_records"],
    ],
  ],
];

export function formatted(root: JsonNode): Buffer {
  return Buffer.from(`${written(root, "", "")}\n`, "latin1");
}

function written(node: JsonNode, pointer: string, indent: string): string {
  const inner = `${indent}  `;
  if (node.members) {
    const members = inOrder(node.members, pointer).map(
      ({ raw, name, value }) => `${inner}${raw}: ${written(value, `${pointer}/${name}`, inner)}`,
    );
    return members.length === 0 ? "{}" : `{\n${members.join(",\n")}\n${indent}}`;
  }
  if (node.items) {
    const items = node.items.map((item, index) => `${inner}${written(item, `${pointer}/${index}`, inner)}`);
    return items.length === 0 ? "[]" : `[\n${items.join(",\n")}\n${indent}]`;
  }
  return node.raw;
}

/** Known fields first; what is unknown keeps its order behind them. */
function inOrder(members: readonly JsonMember[], pointer: string): readonly JsonMember[] {
  const order = ORDERS.find(([place]) => place.test(pointer))?.[1];
  if (order === undefined) return members;
  const rank = ({ name }: JsonMember) => (order.includes(name) ? order.indexOf(name) : order.length);
  return [...members].sort((a, b) => rank(a) - rank(b));
}
