/** What is sent: hand-offs and records as the module makes them, marked as dry runs, each under an id of its own. */
import { randomBytes } from "node:crypto";
import type { Shipment } from "./probe-client.js";
import type { Target } from "./probe-target.js";

export type RecordName = "metadata" | "crm" | "consent";

/** A UUID of version 8, as hand-offs have. */
export function freshId(): string {
  const hex = randomBytes(16).toString("hex").split("");
  hex[12] = "8";
  hex[16] = "89ab"[Number.parseInt(hex[16] ?? "0", 16) % 4] ?? "8";
  const text = hex.join("");
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join("-");
}

/** @param more fields beside those of the module */
export function shipment(kind: Target["kind"], id = freshId(), more: object = {}): Shipment {
  return kind === "handoff" ? handOff(id, more) : record("metadata", id, more);
}

function handOff(id: string, more: object): Shipment {
  const at = new Date().toISOString();
  const body = {
    schema: 1,
    handoff_id: id,
    dry_run: true,
    session: { id: "pst-probe", lang: "en", queue_id: null, ended_by: "agent" },
    virtual_agent: { id: "pst-probe", name: "Probe" },
    opt_in: { required: true, selected: "Yes", text_version: "en-1", locale: "en", at },
    data_parameters: {},
    data_records: { in_metadata: false, in_crm_record: false },
    decided_at: at,
    ...more,
  };
  return { key: id, body: JSON.stringify(body) };
}

export function record(name: RecordName, id = freshId(), more: object = {}): Shipment {
  const at = new Date().toISOString();
  const transfer = { handoff_id: id, virtual_agent: { id: "pst-probe", name: "Probe" } };
  const optIn = { required: true, selected: "Yes", text_version: "en-1", locale: "en", at };
  const content = {
    metadata: { fragment: { data_parameters: {}, post_session_transfer: transfer } },
    crm: { text: "Data parameters passed to Probe" },
    consent: { fragment: { post_session_transfer: { opt_in: optIn } } },
  }[name];
  const body = { schema: 1, handoff_id: id, record: name, dry_run: true, ...content, written_at: at, ...more };
  return { key: `${id}:${name}`, body: JSON.stringify(body) };
}
