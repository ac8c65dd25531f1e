import assert from "node:assert/strict";
import { test } from "node:test";
import { evaluate } from "../reference/evaluate.mjs";
import { chat, folderOf, jsonLines, ndjson, pst, settings } from "./pst.mjs";

const withQueues = (queues) => ({ ...settings, queues });
const closed = withQueues([{ id: 502, chat_routing: false }, settings.queues[1]]);

const diff = (t, old, current, ...args) => {
  const cwd = folderOf(t, { "old.json": old, "new.json": current });
  const [input, ...options] = typeof args[0] === "string" && !args[0].startsWith("--") ? args : [undefined, ...args];
  return pst(["diff", "old.json", "new.json", ...(input === undefined ? [] : ["-"]), ...options], { cwd, input });
};

test("equal documents make no difference", (t) => {
  const text = diff(t, settings, { ...settings, queues: [...settings.queues].reverse() });
  assert.equal(text.status, 0);
  assert.match(text.stdout, /^No class of session would be treated differently \([\d,]+ combinations tried\)\.\n$/);
  assert.deepEqual(diff(t, settings, settings, ndjson(chat()), "--format", "json"), {
    status: 0,
    stdout: "",
    stderr: "",
  });
});

test("of sessions, each that would be treated differently is named, before and after", (t) => {
  const input = `${ndjson(chat({ id: "a", queue: { id: 502 } }), chat({ id: "b" }))}oops\n\n${ndjson(chat({ id: "c", queue: { id: "502" } }))}`;
  const { status, stdout } = diff(t, settings, closed, input, "--format", "json");
  assert.equal(status, 1);
  const [first, bad, last] = jsonLines(stdout);
  assert.equal(first.id, "a");
  assert.deepEqual([first.before.outcome, first.before.virtual_agent], ["transfer", "survey"]);
  assert.deepEqual([first.after.outcome, first.after.reason], ["skip", "queue_disabled"]);
  assert.deepEqual(first.changed, ["outcome", "reason", "virtual_agent"]);
  assert.deepEqual([bad.line, bad.error.code, last.id], [3, "json_syntax", "c"]);
  const text = diff(t, settings, closed, input).stdout;
  assert.match(
    text,
    /^a: transfer → skip \(queue_disabled\)\nline 3, column \d: error json_syntax: .*\nc: transfer → skip/,
  );
  assert.match(
    text,
    /\n2 of 3 sessions would be treated differently\.\n +2 {2}transfer → skip \(queue_disabled\)\n1 line is no session\.\n$/,
  );
  assert.deepEqual(JSON.parse(diff(t, settings, closed, input, "--format", "json", "--summary").stdout), {
    sessions: 3,
    errors: 1,
    different: 2,
    changes: { "transfer → skip (queue_disabled)": 2 },
  });
});

test("a queue that is switched off is a handful of classes, in words", (t) => {
  const { status, stdout } = diff(t, settings, closed);
  assert.equal(status, 1);
  const lines = stdout.trimEnd().split("\n");
  assert.ok(lines.length < 10, stdout);
  assert.match(
    lines[0],
    /^any chat, in queue 502, of type web, ended by agent or end_user, not required by the platform, .*: transfer → skip \(queue_disabled\)$/,
  );
  for (const line of lines.slice(0, -1)) assert.match(line, /in queue 502/);
});

test("ten thousand queues that change alike are one queue in the answer", (t) => {
  const queues = (chat_routing) =>
    Array.from({ length: 10_000 }, (_, id) => ({ id, name: `Queue ${id}`, chat_routing }));
  const on = queues(true).map((queue) => ({ ...queue, virtual_agent: "orders" }));
  const { stdout } = diff(t, withQueues(queues(false)), withQueues(on));
  assert.ok(stdout.split("\n").length < 10, stdout);
  assert.match(stdout, /in queues 0 \(Queue 0\), 1 \(Queue 1\),.* and 9,992 more/);
});

test("what no decision shows is found, too: endpoints, time-outs, and where parameters come from", (t) => {
  const changes = {
    endpoint: (copy) => {
      copy.virtual_agents[1].endpoint.url = "https://elsewhere.example.com/";
    },
    prompt_timeout_s: (copy) => {
      copy.rules = { prompt_timeout_s: 60 };
    },
    data_parameters: (copy) => {
      copy.chat.data_parameters[2].source_field = "credit_card";
    },
  };
  for (const [field, change] of Object.entries(changes)) {
    const copy = structuredClone(settings);
    change(copy);
    const lines = jsonLines(diff(t, settings, copy, "--format", "json").stdout);
    assert.ok(lines.length > 0, field);
    for (const { changed, before, after } of lines) assert.deepEqual([changed, before], [[field], after]);
  }
  const defaults = structuredClone(settings);
  defaults.virtual_agents[0].endpoint.declined_status = "ready";
  defaults.chat.data_parameters[0].sensitive = false;
  defaults.queues[0].name = "Invoices";
  assert.equal(diff(t, settings, defaults).status, 0);
  const copy = structuredClone(settings);
  changes.endpoint(copy);
  const [line] = jsonLines(
    diff(t, settings, copy, ndjson(chat(), chat({ queue: { id: 503 } })), "--format", "json").stdout,
  );
  assert.deepEqual(line.changed, ["endpoint"]);
});

/** Every combination that the classes speak of, with the facts of each. */
function* combinations() {
  const sdk = (version, can) => ({ platform: "web", version, can: can ? ["update_post_session"] : [] });
  for (const ended_by of ["agent", "end_user", "timeout", "dismissed", "unknown"])
    for (const version of ["3.0.0", "3.9.0"])
      for (const can of [true, false]) {
        const facts = {
          ended_by,
          can_update_post_session: can,
          sdk_version: version === "3.0.0" ? ">=3.0.0 <3.9.0" : ">=3.9.0",
        };
        for (const chat_type of ["web", "mobile", "sms", "whatsapp", "other"])
          for (const queue of [null, "other", "1", "2", "3"])
            for (const required of [null, true])
              for (const opt_in_required of [null, true, false])
                yield {
                  cell: { channel: "chat", ...facts, chat_type, queue, required, opt_in_required },
                  session: {
                    ...{ id: "x", channel: "chat", sdk: sdk(version, can), chat_type, ended_by },
                    ...{ queue: queue && { id: queue }, post_session: { required, opt_in_required } },
                  },
                };
        for (const call_type of ["voice_inbound", "voice_callback_web", "other"])
          yield {
            cell: { channel: "call", ...facts, call_type },
            session: { id: "x", channel: "call", sdk: sdk(version, can), call_type, ended_by },
          };
      }
}

test("the classes hold exactly the combinations that the reference decides differently, each once, with what becomes of it", (t) => {
  const old = withQueues([
    { id: 1, chat_routing: true, virtual_agent: "survey" },
    { id: 2, chat_routing: false },
  ]);
  const current = {
    ...withQueues([
      { id: 1, chat_routing: true, virtual_agent: "orders", opt_in: true },
      { id: "3", chat_routing: false },
    ]),
    chat: { ...settings.chat, chat_types: ["web", "sms"], opt_in: false },
    call: { ...settings.call, call_types: ["voice_callback_web"] },
    rules: { min_sdk_version: "3.9.0", ended_by: ["agent", "timeout"] },
  };
  const classes = jsonLines(diff(t, old, current, "--format", "json").stdout);
  const treatment = (document, session) => {
    const { trace: _, conflicts: __, ...rest } = evaluate(document, session);
    return rest;
  };
  let different = 0;
  for (const { cell, session } of combinations()) {
    const [before, after] = [treatment(old, session), treatment(current, session)];
    const holding = classes.filter(({ class: of }) =>
      Object.entries(of).every(([name, values]) =>
        name === "channel" ? values === cell.channel : values.includes(cell[name]),
      ),
    );
    const isDifferent = JSON.stringify(before) !== JSON.stringify(after);
    different += isDifferent ? 1 : 0;
    assert.equal(holding.length, isDifferent ? 1 : 0, JSON.stringify(cell));
    if (isDifferent) assert.deepEqual([holding[0].before, holding[0].after], [before, after]);
  }
  assert.ok(different > 500 && classes.length < 60, `${different} in ${classes.length} classes`);
  t.diagnostic(`${different} combinations in ${classes.length} classes`);
});
