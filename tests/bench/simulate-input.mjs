// What `pst simulate` is measured with: settings that pass data parameters, and as many sessions as wanted, each with its own id.

import { closeSync, openSync, writeSync } from "node:fs";
import { settings as base, sessions } from "./inputs.mjs";

const parameters = [
  { type: "fixed", field: "survey_kind", value: "csat" },
  { type: "dynamic", field: "queueId", source: "ujet_metadata", source_field: "queue.id" },
  { type: "dynamic", field: "order_id", source: "unsigned", source_field: "order_id", default: "none" },
];

export const settings = {
  ...base,
  chat: { ...base.chat, data_parameters_enabled: true, data_parameters: parameters },
};

const LINES_A_WRITE = 1024;

/** NDJSON, some 600 bytes a session. Returns its size in bytes. */
export function writeSessions(path, count) {
  const file = openSync(path, "w");
  let bytes = 0;
  for (let start = 0; start < count; start += LINES_A_WRITE) {
    const lines = [];
    for (let n = start; n < Math.min(start + LINES_A_WRITE, count); n += 1)
      lines.push(JSON.stringify({ ...sessions[n % sessions.length], id: String(1_000_000 + n) }));
    bytes += writeSync(file, `${lines.join("\n")}\n`);
  }
  closeSync(file);
  return bytes;
}
