// Misuse of the public API: each mistake is told at once, by an error of the package with a stable code, and nothing is left behind.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createPostSessionTransfer, loadPolicy, PostSessionError } from "post-session-transfer";
import { settingsFor, webChat } from "./support/settings.mjs";

const settings = settingsFor("https://bots.example.com", { opt_in: false });

/** What a call throws or rejects with, as `code: message`. */
async function refusal(call) {
  try {
    await call();
  } catch (error) {
    assert.ok(error instanceof PostSessionError, String(error));
    return `${error.code}: ${error.message}`;
  }
  return assert.fail("nothing was thrown");
}

let policy;
before(async () => {
  policy = await loadPolicy(settings);
});
after(() => policy.dispose());

/** The three calls that take options. */
const calls = {
  createPostSessionTransfer: (options) => createPostSessionTransfer(options),
  loadPolicy: (options) => loadPolicy(settings, options),
  "policy.run": (options) => policy.run(webChat, options),
};

describe("options", () => {
  test("that are no object are refused", async () => {
    for (const [name, call] of Object.entries(calls))
      for (const options of [null, "x", 5, [], () => {}])
        assert.equal(await refusal(() => call(options)), "option_invalid: The options must be an object.", name);
  });

  test("of a wrong type are refused, and it is said what they must be", async () => {
    const transfer = ["createPostSessionTransfer"];
    const sessions = [...transfer, "policy.run"];
    const all = [...sessions, "loadPolicy"];
    const cases = [
      [all, { fetch: 5 }, /^option_invalid: fetch must be a function\.$/],
      [all, { signal: {} }, /^option_invalid: signal must be an AbortSignal\.$/],
      [sessions, { authorize: "x" }, /^option_invalid: authorize must be a function\.$/],
      [sessions, { provide: 5 }, /^option_invalid: provide must be a function\.$/],
      [sessions, { redact: {} }, /^option_invalid: redact must be a function\.$/],
      [sessions, { random: 5 }, /^option_invalid: random must be a function\.$/],
      [sessions, { clock: {} }, /^option_invalid: clock must be an object with now\(\), /],
      [sessions, { records: "x" }, /^option_invalid: records must be an object\.$/],
      [sessions, { records: { crm: 5 } }, /^record_sink_invalid: /],
      [sessions, { endpoints: "x" }, /^endpoint_invalid: /],
      [sessions, { mode: "obsrve" }, /^mode_unknown: /],
      [sessions, { locale: 5 }, /^option_invalid: locale must be a text\.$/],
      [sessions, { messages: "x" }, /^option_invalid: messages must be an object\.$/],
      [["policy.run"], { act: "yes" }, /^option_invalid: act must be a function\.$/],
      [["createPostSessionTransfer", "loadPolicy"], { wasm: "x.wasm" }, /^option_invalid: wasm must be an object\.$/],
      [transfer, { storage: 5 }, /^option_invalid: storage must be a Storage, /],
      [transfer, { storage: { session: {} } }, /^option_invalid: storage must be a Storage, /],
      [transfer, { session: "x" }, /^option_invalid: session must be an object of facts, or a function\.$/],
      [transfer, { theme: "x" }, /^option_invalid: theme must be "light", "dark" or "auto"\.$/],
      [transfer, { accent: 5 }, /^option_invalid: accent must be a text\.$/],
      [transfer, { mount: null }, /^mount_unusable: /],
      [transfer, { mount: "#after-chat" }, /^mount_unusable: /],
      [transfer, { client: null }, /^client_unrecognised: /],
    ];
    for (const [names, options, said] of cases)
      for (const name of names) assert.match(await refusal(() => calls[name](options)), said, name);
  });

  test("that are misspelt, or belong nowhere, are refused with the nearest name", async () => {
    const { createPostSessionTransfer: create, loadPolicy: load, "policy.run": run } = calls;
    const cases = [
      [create, { endpoint: [] }, /^option_unknown: There is no option "endpoint"\. Did you mean "endpoints"\?$/],
      [create, { authorise() {} }, /Did you mean "authorize"\?$/],
      [create, { whatever: 1 }, /There is no option "whatever"\. Options here: /],
      [create, { records: { meta: () => {} } }, /There is no option "records\.meta"\. Did you mean "metadata"\?$/],
      [create, { "\u202ex": 1 }, /There is no option "\\u202ex"\./],
      [run, { acts: () => "yes" }, /Did you mean "act"\?$/],
      [load, { wasm: { integrty: "sha256-x" } }, /There is no option "wasm\.integrty"\. Did you mean "integrity"\?$/],
      [load, { endpoint: [] }, /There is no option "endpoint"\./],
      [create, { companySecret: "x" }, /^secret_refused: /],
    ];
    for (const [call, options, said] of cases) assert.match(await refusal(() => call(options)), said);
  });

  test("of another call are nothing here: one object may serve for several", async () => {
    const policy = await loadPolicy(undefined, { endpoints: [], theme: "dark", act: () => "yes" });
    const { outcome } = await policy.run({ id: 1 }, { theme: "dark", wasm: {} });
    assert.equal(outcome, "rejected");
    policy.dispose();
  });

  test("that there are, are all taken; what is undefined is left out", async () => {
    const storage = { length: 0, key: () => null, getItem: () => null, setItem() {}, removeItem() {} };
    const both = {
      endpoints: ["https://bots.example.com"],
      mode: "observe",
      authorize: () => null,
      provide: () => 1,
      records: { metadata() {}, crm: "https://bots.example.com/crm" },
      redact: (content) => content,
      locale: "de",
      messages: { de: { yes: "Gern" } },
      fetch: async () => new Response(),
      clock: { now: Date.now, setTimeout, clearTimeout },
      random: Math.random,
      signal: new AbortController().signal,
    };
    const page = {
      ...both,
      client: undefined,
      settings,
      session: { tenant: "acme" },
      mount: undefined,
      prompt: "module",
      theme: "dark",
      presentation: "modal",
      accent: "#0f766e",
      wasm: {},
    };
    for (const kept of [storage, { session: storage, local: null }, {}, null, undefined])
      (await createPostSessionTransfer({ ...page, storage: kept })).dispose();
    assert.equal((await policy.run(webChat, { ...both, act: () => "yes" })).reason, "observed");
    (await loadPolicy(settings, { wasm: {}, fetch: both.fetch, signal: both.signal })).dispose();
    await assert.rejects(createPostSessionTransfer(Object.create({ theme: "x" })), { code: "option_invalid" });
  });

  test("an aborted signal rejects with its own reason", async () => {
    const reason = new Error("gone");
    for (const [name, call] of Object.entries(calls))
      await assert.rejects(call({ signal: AbortSignal.abort(reason) }), (error) => error === reason, name);
  });
});

describe("handlers", () => {
  test("of an event that there is not, or that are no function, are refused", async () => {
    const transfer = await createPostSessionTransfer();
    const cases = [
      [["foo", () => {}], /^event_unknown: There is no event "foo"\. Events: decision, /],
      [["outcom", () => {}], /^event_unknown: There is no event "outcom"\. Did you mean "outcome"\?$/],
      [["toString", () => {}], /^event_unknown: /],
      [[Symbol("x"), () => {}], /^event_unknown: /],
      [["decision", "x"], /^handler_invalid: The handler of "decision" must be a function\.$/],
      [["decision"], /^handler_invalid: /],
    ];
    for (const [args, said] of cases) assert.match(await refusal(() => transfer.on(...args)), said);
    transfer.dispose();
  });
});

describe("sessions and settings", () => {
  test("evaluateText of what is no text is a session error, and the core goes on", () => {
    for (const session of [5, null, undefined, {}, { id: 1 }, new Uint8Array(4)]) {
      assert.throws(() => policy.evaluateText(session), {
        name: "SessionError",
        code: "session_invalid",
        message: `The session cannot be used: This must be JSON text, but it is a value of type ${typeof session}. [type_mismatch]`,
      });
    }
    assert.equal(JSON.parse(policy.evaluateText(JSON.stringify(webChat))).outcome, "transfer");
  });

  test("a relative URL of settings has no base in Node: it is said what to pass", async () => {
    for (const source of ["./settings.json", "/x.json", "../x.json", " ./x.json\n"])
      for (const load of [loadPolicy, (given) => createPostSessionTransfer({ settings: given })])
        await assert.rejects(load(source), {
          name: "SettingsError",
          code: "settings_unavailable",
          message:
            /has no base here\. Pass an absolute one, such as new URL\("\.\/settings\.json", import\.meta\.url\)/,
        });
    await assert.rejects(loadPolicy("https://"), { code: "settings_unavailable", message: /this is no URL/ });
  });

  test("in a page it is resolved against the page", async (t) => {
    globalThis.document = { baseURI: "https://www.example.com/shop/" };
    t.after(() => delete globalThis.document);
    const asked = [];
    const fetch = async (url) => {
      asked.push(url);
      return Response.json(settings);
    };
    for (const source of ["./settings.json", "/x.json", "../x.json"]) (await loadPolicy(source, { fetch })).dispose();
    assert.deepEqual(asked, [
      "https://www.example.com/shop/settings.json",
      "https://www.example.com/x.json",
      "https://www.example.com/x.json",
    ]);
  });
});
