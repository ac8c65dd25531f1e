// Event logs: what is in them, what is not, and that they come out the same when they are replayed.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { createPostSessionTransfer, loadPolicy } from "post-session-transfer";
import { assertReplays, LogError, ReplayError, replayLog } from "post-session-transfer/replay";
import { readCorpus } from "../golden/corpus.mjs";
import { FACTS, scenarios } from "../logs/scenarios.mjs";
import { numbers, ORIGIN, settingsWith } from "./sdk/support.mjs";

const chat = (facts = {}) => ({
  ...{ id: "12345", channel: "chat", chat_type: "web", ended_by: "agent" },
  sdk: { platform: "web", version: "3.44.2" },
  ...facts,
});

const withParameters = (...parameters) =>
  settingsWith("webhook", { chat: { data_parameters_enabled: true, data_parameters: parameters } });

const from = (source, field, more = {}) => ({ type: "dynamic", field, source, source_field: field, ...more });

/** The log of a session that is run to its end without a page: everybody says Yes, and the endpoint accepts. */
async function ran(settings, session, options = {}) {
  const policy = await loadPolicy(settings);
  const fetch = async () => new Response("{}");
  const result = await policy.run(session, { act: () => "yes", endpoints: [ORIGIN], fetch, ...options });
  policy.dispose();
  return result;
}

/** A transfer without an SDK: sessions are told. */
async function page(t, settings = settingsWith("webhook"), options = {}) {
  const transfer = await createPostSessionTransfer({
    settings,
    endpoints: [ORIGIN],
    storage: null,
    fetch: async () => new Response("{}"),
    ...options,
  });
  t.after(() => transfer.dispose());
  return transfer;
}

const typesOf = (log) => log.map(({ type }) => type);

describe("a log", () => {
  test("is empty until a session has ended, then begins with the settings, and is a copy", async (t) => {
    const transfer = await page(t);
    assert.deepEqual(transfer.log(), []);
    await transfer.sessionEnded(chat());
    transfer.act("no");
    const log = transfer.log();
    assert.deepEqual(typesOf(log), ["settings", "begin", "event", "event"]);
    const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    assert.deepEqual(log[0], { type: "settings", version: 1, package: version, settings: settingsWith("webhook") });
    log[3].event.action = "yes";
    log.length = 0;
    assert.equal(transfer.log()[3].event.action, "no");
  });

  test("has of the session what decides, and masks of everything else", async () => {
    const { log } = await ran(settingsWith("webhook"), {
      ...chat({ queue: { id: 502, name: "Billing" }, status: "finished", lang: "de", tenant: "acme" }),
      custom_data: {
        unsigned: {
          text: "4111",
          empty: "",
          number: 4111,
          flag: true,
          nothing: null,
          item: { label: "Card", value: "4111", type: "string", invisible_to_agent: true },
          born: { value: 1_767_225_600_000, type: "date" },
          list: ["4111", [4111, { deep: "4111" }]],
          ["__proto__"]: "4111",
        },
        signed: { tier: "4111" },
      },
      call_type: ["4111"],
      whatever: { is: "4111" },
    });
    const { session } = log[1].facts;
    assert.deepEqual(session, {
      ...{ ...chat(), queue: { id: 502, name: "***" }, status: "finished", lang: "de", tenant: "***" },
      custom_data: {
        unsigned: {
          text: "***",
          empty: "",
          number: 0,
          flag: false,
          nothing: null,
          item: { label: "***", value: "***", type: "***", invisible_to_agent: false },
          born: { value: 0, type: "date" },
          list: ["***", [0, { deep: "***" }]],
          ["__proto__"]: "***",
        },
        signed: { tier: "***" },
      },
      call_type: ["***"],
      whatever: { is: "***" },
    });
    await assertReplays(log);
  });

  test("masks values and defaults of sensitive parameters, and long ones", async () => {
    const settings = withParameters(
      { type: "fixed", field: "a", value: "secret", sensitive: true },
      { type: "fixed", field: "b", value: 4111, sensitive: true },
      { type: "fixed", field: "c", value: "csat" },
      { type: "fixed", field: "d", value: "x".repeat(2000) },
      from("unsigned", "e", { default: "secret", sensitive: true }),
    );
    settings.queues = [
      { id: 502, chat_routing: true, virtual_agent: "survey", data_parameters: settings.chat.data_parameters },
    ];
    const { log } = await ran(settings, chat());
    const values = (block) => block.data_parameters.map(({ value, default: otherwise }) => value ?? otherwise);
    const { chat: block, queues } = log[0].settings;
    assert.deepEqual(values(block), ["***", 0, "csat", "***", "***"]);
    assert.deepEqual(values(queues[0]), values(block));
    await assertReplays(log);
  });

  test("masks the session's id and language where a sensitive parameter passes them on", async () => {
    for (const id of ["hidden-id", 4111]) {
      const settings = withParameters(
        from("ujet_metadata", "id", { sensitive: true }),
        from("ujet_metadata", "lang", { sensitive: true }),
      );
      const { log } = await ran(settings, chat({ id, lang: "hidden-lang" }));
      assert.doesNotMatch(JSON.stringify(log), /hidden|4111/);
      await assertReplays(log);
    }
  });

  test("has no more of a kept text than the core can make something of", async () => {
    const long = `${"y".repeat(255)}😀${"z".repeat(5000)}`;
    const { log } = await ran(settingsWith("webhook"), chat({ id: long, status: long, ended_by: long }));
    assert.equal(log[1].facts.session.id, `${"y".repeat(255)}\uFFFD`);
    await assertReplays(log);
  });

  test("has the shape of given values and answers, or of a large answer what counts", async (t) => {
    const answers = [
      [{ conversation: { id: "c", url: "/c" }, messages: [{ text: "secret" }] }, "in_conversation"],
      [{ messages: Array.from({ length: 900 }, () => "secret"), conversation: { id: "c" } }, "in_conversation"],
      [{ messages: Array.from({ length: 900 }, () => "secret"), conversation: { id: ["c"] } }, "done"],
      [["secret"], "done"],
      ["secret", "done"],
    ];
    for (const [body, state] of answers) {
      const transfer = await page(t, undefined, { fetch: async () => new Response(JSON.stringify(body)) });
      await transfer.sessionEnded(chat());
      transfer.act("yes", { callback: "secret", age: 41, agreed: true, note: "" });
      while (transfer.state === "handing_off") await new Promise((resolve) => setTimeout(resolve, 2));
      const log = transfer.log();
      assert.equal(transfer.state, state);
      assert.deepEqual(log[3].event.values, { callback: "***", age: 0, agreed: false, note: "" });
      assert.doesNotMatch(JSON.stringify(log), /secret|\/c"|[:,[]41[,}\]]/);
      assert.ok(JSON.stringify(log).length < 8000);
      await assertReplays(log);
    }
  });

  test("says of an event that the core could not read that it could not", async (t) => {
    const transfer = await page(t);
    await transfer.sessionEnded(chat());
    const values = Object.fromEntries(Array.from({ length: 80 }, (_, n) => [`field_${n}`, "x".repeat(65_536)]));
    assert.equal(transfer.act("yes", values).ignored, "malformed");
    const log = transfer.log();
    assert.deepEqual(log[3].event, { type: "unreadable", of: "action" });
    await assertReplays(log);
  });
});

describe("replays", () => {
  for (const [name, play] of Object.entries(scenarios)) {
    test(`${name}: the same, and nothing hidden is in it`, async () => {
      const log = await play();
      assert.doesNotMatch(JSON.stringify(log), /hidden|0\.4111|1767225600000/);
      const sessions = new Set(log.slice(1).map(({ session }) => session)).size;
      assert.deepEqual(await replayLog(log), { type: "success", entries: log.length - 1, sessions, incomplete: [] });
    });
  }

  test("the facts of these have something to hide", () => assert.match(JSON.stringify(FACTS), /hidden.*0\.4111/));

  const folder = new URL("../logs/", import.meta.url);
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
    test(`${file}, which was recorded, comes out the same`, async () => {
      await assertReplays(readFileSync(new URL(file, folder), "utf8"));
    });
  }

  // Nothing more is heard of these sessions.
  const impatient = {
    now: () => Date.now(),
    setTimeout: (callback, ms) => setTimeout(callback, ms < 1000 ? 0 : ms),
    clearTimeout: (timer) => clearTimeout(timer),
  };

  test("every session of the golden corpus comes out the same, handed off or not", async () => {
    const cases = readCorpus().filter(({ kind }) => kind === "decision" || kind === "parameters");
    assert.ok(cases.length > 100);
    for (const { file, name, settings, session } of cases) {
      const { log } = await ran(settings ?? undefined, session, {
        endpoints: [ORIGIN, "https://broker.example.com"],
        clock: impatient,
        act: () => (name.length % 3 === 0 ? "no" : "yes"),
      });
      const result = await replayLog(log);
      assert.equal(result.type, "success", `${file}: ${name}: ${JSON.stringify(result)}`);
    }
  });

  test("whatever is in the data, what is missing stays missing, and what is there stays there", async () => {
    const random = numbers(7);
    const pick = (...choices) => choices[Math.floor(random() * choices.length)];
    const scalar = () => pick("secret", "", 4111, -1e300, 9e15, 0, true, false, null);
    const value = () =>
      pick(
        scalar,
        scalar,
        () => [scalar()],
        () => ({ value: scalar(), type: pick("date", "x", 1) }),
      )();
    const sources = ["unsigned", "signed", "session_variables", "ujet_metadata"];
    const fields = ["a", "b", "c"];
    let missing = 0;
    for (let i = 0; i < 400; i += 1) {
      const parameters = fields.map((field) => from(pick(...sources), field, { required: pick(true, false) }));
      const data = () => Object.fromEntries(fields.map((field) => [field, value()]));
      const custom = { unsigned: data(), signed: pick(data(), null, "x") };
      const facts = { ...data(), custom_data: custom, session_variables: data() };
      const { log, reason } = await ran(withParameters(...parameters), chat(facts));
      if (reason === "parameter_missing") missing += 1;
      assert.doesNotMatch(JSON.stringify(log), /secret|4111/);
      await assertReplays(log);
    }
    assert.ok(missing > 40 && missing < 360, `${missing}`);
  });

  test("JSON text does, too", async () => {
    const { log } = await ran(settingsWith("webhook"), chat());
    assert.equal((await replayLog(JSON.stringify(log, null, 2))).type, "success");
  });
});

test("a session that another instance of the core took up is told twice, and both come out the same", async (t) => {
  const { instantiate } = WebAssembly;
  t.after(() => {
    WebAssembly.instantiate = instantiate;
  });
  let memory;
  WebAssembly.instantiate = async (...args) => {
    const made = await instantiate(...args);
    memory = Object.values((made.instance ?? made).exports).find((one) => one instanceof WebAssembly.Memory) ?? memory;
    return made;
  };
  const transfer = await page(t);
  await transfer.sessionEnded(chat());
  WebAssembly.instantiate = instantiate;
  // Nothing in the instance points anywhere any more.
  new Uint8Array(memory.buffer).fill(0xff);
  transfer.act("no");
  while (transfer.outcome === null) await new Promise((resolve) => setTimeout(resolve, 2));
  const log = transfer.log();
  assert.equal(transfer.outcome.outcome, "declined");
  assert.deepEqual(
    log.map(({ type, session = 0 }) => `${type} ${session}`),
    ["settings 0", "begin 1", "event 1", "begin 2", "event 2", "event 2"],
  );
  await assertReplays(log);
});

describe("a difference", () => {
  /** Other values than the ones recorded, for all that is compared. */
  const changes = {
    begin: {
      outcome: (entry) => ({ ...entry, decision: { ...entry.decision, outcome: "reject" } }),
      reason: (entry) => ({ ...entry, decision: { ...entry.decision, reason: "observed" } }),
      level: (entry) => ({ ...entry, decision: { ...entry.decision, level: "nowhere" } }),
      virtual_agent: (entry) => ({ ...entry, decision: { ...entry.decision, virtual_agent: "another" } }),
      opt_in: (entry) => ({ ...entry, decision: { ...entry.decision, opt_in: !entry.decision.opt_in } }),
      digest: (entry) => ({ ...entry, digest: !entry.digest }),
    },
    event: {
      accepted: (entry) => ({ ...entry, accepted: !entry.accepted }),
      ignored: (entry) => ({ ...entry, ignored: entry.ignored === "stale" ? "malformed" : "stale" }),
      phase: (entry) => ({ ...entry, phase: entry.phase === "done" ? "idle" : "done" }),
      hash: (entry) => ({ ...entry, hash: "0000000000000000" }),
      effects: (entry) => ({ ...entry, effects: [...entry.effects, "abort"] }),
    },
  };

  test("in whatever is compared is found where it is", async () => {
    const log = await scenarios["two-sessions-in-one-page"]();
    for (let at = 1; at < log.length; at += 1) {
      for (const [field, change] of Object.entries(changes[log[at].type])) {
        const result = await replayLog(replaced(log, at, change(log[at])));
        assert.equal(result.type, "difference", `${at} ${field}`);
        assert.deepEqual([result.at, result.fields, result.session], [at, [field], log[at].session]);
        assert.notDeepEqual(result.expected[field], result.actual[field]);
      }
    }
  });

  const replaced = (log, at, entry) => log.map((old, index) => (index === at ? entry : old));

  test("of several is the first one", async () => {
    const log = await scenarios["retries-until-accepted"]();
    const changed = log.map((entry, at) => (at > 4 ? { ...entry, hash: "0" } : entry));
    assert.equal(
      (await replayLog(changed)).at,
      log.findIndex(({ type }, at) => at > 4 && type === "event"),
    );
  });

  test("is an error with words for a test", async () => {
    const { log } = await ran(settingsWith("webhook"), chat());
    const changed = replaced(log, 3, { ...log[3], phase: "stalled" });
    await assert.rejects(assertReplays(changed), (error) => {
      assert.ok(error instanceof ReplayError);
      assert.equal(error.code, "replay_differs");
      assert.match(error.message, /^Entry 3 \(session 1, .*\): the answer to "action" differs: phase was stalled, is /);
      assert.equal(error.difference.at, 3);
      return true;
    });
    const old = [{ ...changed[0], package: "0.0.9" }, ...changed.slice(1)];
    await assert.rejects(assertReplays(old), /recorded with version 0\.0\.9, and this is \d/);
  });

  test("comes of an event that is not there, or not in its place", async () => {
    const { log } = await ran(settingsWith("webhook"), chat());
    assert.equal((await replayLog(log.filter((_, at) => at !== 2))).type, "difference");
    assert.equal((await replayLog([...log.slice(0, 2), log[3], log[2]])).at, 2);
  });
});

describe("what is no log", () => {
  const good = { type: "settings", version: 1, package: "0.1.0", settings: null };
  const begun = {
    ...{ type: "begin", session: 1, at: "2026-01-01T00:00:00.000Z", facts: { session: { id: 1 } } },
    ...{ decision: {}, digest: false },
  };
  const event = {
    ...{ type: "event", session: 1, at: "2026-01-01T00:00:00.000Z", event: { type: "cancel" }, accepted: true },
    ...{ phase: "done", hash: "0", effects: [] },
  };
  const cases = [
    ["nothing", undefined, null],
    ["text that is no JSON", "[", null],
    ["an object", {}, null],
    ["an empty list", [], null],
    ["a list of texts", ["settings"], 0],
    ["without its settings", [begun, event], 0],
    ["settings that come later", [good, good], 1],
    ["another format", [{ ...good, version: 2 }], 0, "log_version_unsupported"],
    ["settings that are refused", [{ ...good, settings: {} }], 0],
    ["settings of a wrong type", [{ ...good, settings: "x" }], 0],
    ["an entry of an unknown type", [good, { type: "constructor" }], 1],
    ["an entry that is null", [good, begun, null], 2],
    ["a session that has not begun", [good, event], 1],
    ["a session that is none", [good, { ...begun, facts: { session: {} } }], 1],
    ["facts without a session", [good, { ...begun, facts: {} }], 1],
    ["a session without a number", [good, { ...begun, session: "1" }], 1],
    ["an event without its type's object", [good, begun, { ...event, event: "cancel" }], 2],
    ["effects that are no texts", [good, begun, { ...event, effects: [1] }], 2],
    ["a time that is none", [good, begun, { ...event, at: 0 }], 2],
  ];
  for (const [what, log, at, code = "log_invalid"] of cases) {
    test(`${what} is a typed error`, async () => {
      const error = await replayLog(log).then(
        () => assert.fail("it was replayed"),
        (thrown) => thrown,
      );
      assert.ok(error instanceof LogError && error.name === "LogError", String(error));
      assert.equal(error.code, code);
      assert.equal(error.at, at);
    });
  }
});

describe("bounds", () => {
  const SIZE = 300 * 1024;

  test("of many sessions the oldest go, whole", async (t) => {
    const transfer = await page(t);
    for (let id = 1; id <= 200; id += 1) {
      await transfer.sessionEnded(chat({ id }));
      transfer.act("no");
    }
    const log = transfer.log();
    assert.ok(log.length <= 500 && log.length > 480, `${log.length}`);
    assert.deepEqual(typesOf(log.slice(0, 3)), ["settings", "begin", "event"]);
    assert.equal(log.at(-1).session, 200);
    const sessions = [...new Set(log.slice(1).map(({ session }) => session))];
    assert.deepEqual(await replayLog(log), {
      ...{ type: "success", entries: log.length - 1, sessions: sessions.length, incomplete: [] },
    });
    assert.deepEqual(
      sessions,
      Array.from({ length: sessions.length }, (_, n) => 200 - sessions.length + 1 + n),
    );
  });

  test("a session that does not fit is cut in its middle, and the replay says so", async (t) => {
    const transfer = await page(t);
    await transfer.sessionEnded(chat());
    for (let i = 0; i < 3000; i += 1) transfer.act("try_again");
    transfer.act("no");
    const log = transfer.log();
    assert.ok(log.length <= 500 && log.length > 480);
    const cut = log.findIndex(({ type }) => type === "cut");
    assert.ok(cut > 200 && cut < 300);
    assert.equal(log[cut].entries + log.length, 3000 + 5);
    assert.equal(log.at(-1).event.action, "no");
    assert.deepEqual(await replayLog(log), { type: "success", entries: cut - 1, sessions: 1, incomplete: [1] });
    // What comes before the cut still has to be right.
    const wrong = log.map((entry, at) => (at === cut - 1 ? { ...entry, hash: "0" } : entry));
    assert.equal((await replayLog(wrong)).at, cut - 1);
  });

  test("in bytes, too", async (t) => {
    const transfer = await page(t);
    const data = () => Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`field_${n}`, "secret"]));
    for (let id = 1; id <= 30; id += 1) await transfer.sessionEnded(chat({ id, custom_data: { unsigned: data() } }));
    const log = transfer.log();
    assert.ok(JSON.stringify(log).length <= SIZE);
    assert.ok(log.length > 10);
    await assertReplays(log);
  });

  test("facts that are too large by themselves are missing, and the replay says so", async (t) => {
    const transfer = await page(t);
    const unsigned = Object.fromEntries(Array.from({ length: 9000 }, (_, n) => [`a_field_with_a_name_${n}`, "secret"]));
    await transfer.sessionEnded(chat({ custom_data: { unsigned } }));
    transfer.act("no");
    const log = transfer.log();
    assert.deepEqual(typesOf(log), ["settings", "cut", "event", "event"]);
    assert.deepEqual(await replayLog(log), { type: "success", entries: 0, sessions: 0, incomplete: [1] });
  });
});
