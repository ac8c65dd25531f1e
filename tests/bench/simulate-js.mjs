// Usage: node tests/bench/simulate-js.mjs handwritten|json-logic FILE
//
// What a good engineer would write instead of `pst simulate --format json`: the file in large chunks, JSON.parse, decide, resolve the data
// parameters, JSON.stringify. One thread. It validates nothing, and a line that is no session ends it.

import { createReadStream } from "node:fs";
import { settings } from "./simulate-input.mjs";

const engines = {
  handwritten: async () => (await import("./handwritten.mjs")).prepareHandwritten(settings),
  "json-logic": async () => (await import("./json-logic.mjs")).prepareJsonLogic(settings),
};

const queues = new Map(settings.queues.map((queue) => [String(queue.id), queue]));

function parametersOf(session, level) {
  const values = {};
  const block = level === "queue" ? queues.get(String(session.queue.id)) : settings[session.channel];
  if (block?.data_parameters_enabled !== true) return values;
  for (const { type, field, value, source, source_field, default: standard } of block.data_parameters) {
    let found = value;
    if (type === "dynamic") {
      if (source === "ujet_metadata") {
        found = session;
        for (const name of source_field.split(".")) found = found?.[name];
      } else {
        const item = session.custom_data?.[source]?.[source_field];
        found = typeof item === "object" ? item?.value : item;
      }
      found ??= standard;
    }
    if (found !== undefined && typeof found !== "object") values[field] = found;
  }
  return values;
}

const { evaluate } = await engines[process.argv[2]]();

function answer(line) {
  const session = JSON.parse(line);
  const { outcome, reason, level, virtual_agent, opt_in, data_records } = evaluate(session);
  const goes = outcome === "transfer" || outcome === "ask";
  const data_parameters = goes ? parametersOf(session, level) : {};
  return JSON.stringify({
    id: String(session.id),
    outcome,
    reason,
    level,
    virtual_agent,
    opt_in,
    data_parameters,
    data_records,
  });
}

async function write(lines) {
  const text = lines.filter((line) => line !== "").map((line) => `${answer(line)}\n`);
  if (!process.stdout.write(text.join(""))) await new Promise((resolve) => process.stdout.once("drain", resolve));
}

let rest = "";
for await (const chunk of createReadStream(process.argv[3], { encoding: "utf8", highWaterMark: 256 * 1024 })) {
  const lines = (rest + chunk).split("\n");
  rest = lines.pop();
  await write(lines);
}
await write([rest]);
