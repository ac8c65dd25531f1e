// What the core writes for Dialogflow CX, measured by Google's published v3 types.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { checkSession, DetectIntentRequest, readPath, readRequest } from "../../simulator/dialogflow/request.mjs";
import { fromJson, problemsOf, toJson } from "../../simulator/dialogflow/types.mjs";
import { reply, startServer } from "../support/server.mjs";
import { webChat } from "../support/settings.mjs";
import { AGENT, dialogflowSettings, ENVIRONMENT, fixed, runOnce, TOKEN } from "./support.mjs";

let server;
before(async () => {
  server = await startServer((_request, response) => reply(response, 200, { queryResult: { responseMessages: [] } }));
});
after(() => server.close());

/** What is sent for a session: the path and the body, as Google's reader takes them. */
async function sent({ base = "", session, options, ...settings } = {}) {
  const result = await runOnce(dialogflowSettings(server.origin + base, settings), server.origin, {
    session,
    ...options,
  });
  assert.equal(result.reason, "accepted", JSON.stringify(result.events));
  const { path, body, headers } = server.requests.at(-1);
  const target = readPath(path.slice(base.length));
  assert.ok(target, `no path of the method: ${path}`);
  checkSession(target, "us-central1");
  const json = JSON.parse(body);
  assert.deepEqual(problemsOf(DetectIntentRequest, json), []);
  // Nothing is lost or turned into something else on the way through the message.
  const again = toJson(fromJson(DetectIntentRequest, { ...json, session: target.session }));
  // Absent maps and lists come back empty.
  delete again.queryParams.webhookHeaders;
  assert.deepEqual(again, { ...json, session: target.session });
  readRequest(body, target.session);
  return { path, target, json, headers };
}

describe("by Google's types", () => {
  test("the agent's path, the event, the parameters and the payload", async () => {
    const { path, target, json, headers } = await sent({ session: webChat, chat: fixed({ survey_kind: "csat" }) });
    assert.match(target.sessionId, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(Buffer.byteLength(target.sessionId), 36);
    assert.equal(path, `/v3/${AGENT}/sessions/${target.sessionId}:detectIntent`);
    assert.deepEqual(json.queryInput, { event: { event: "POST_SESSION" }, languageCode: "en" });
    const { parameters, payload, channel, timeZone } = json.queryParams;
    assert.deepEqual(parameters, { survey_kind: "csat" });
    assert.equal(channel, "chat");
    assert.equal(timeZone, new Intl.DateTimeFormat().resolvedOptions().timeZone);
    assert.equal(payload.handoff_id, target.sessionId);
    assert.deepEqual(payload.session, { id: "12345", lang: "en", queue_id: "502", ended_by: "agent" });
    assert.equal(headers["idempotency-key"], target.sessionId);
    assert.equal(headers.authorization, `Bearer ${TOKEN}`);
    assert.match(headers["content-type"], /^application\/json/);
  });

  test("an environment's path", async () => {
    const { target } = await sent({ endpoint: { environment: ENVIRONMENT } });
    assert.equal(target.agent, AGENT);
    assert.equal(target.environment, ENVIRONMENT.split("/").at(-1));
  });

  test("a broker with a path, with and without a slash at its end", async () => {
    for (const end of ["", "/"]) {
      const { path } = await sent({ base: "/teams/returns/dialogflow" }).then(() =>
        runOnce(dialogflowSettings(`${server.origin}/broker${end}`), server.origin).then(() => server.requests.at(-1)),
      );
      assert.match(path, /^\/broker\/v3\/projects\//);
    }
  });

  test("every kind of scalar keeps its type", async () => {
    const parameters = {
      text: "a",
      empty: "",
      yes: true,
      no: false,
      zero: 0,
      minus: -1,
      half: 0.5,
      tiny: 5e-324,
      huge: 9007199254740991,
      small: -9007199254740991,
      exponent: 1e-7,
    };
    const { json } = await sent({ chat: fixed(parameters) });
    assert.deepEqual(json.queryParams.parameters, parameters);
  });

  test("any text arrives as it is", async () => {
    const parameters = {
      unicode: "Zoë 😀 \u{10FFFF} مرحبا \u202E",
      quotes: '"\\/\b\f\n\r\t\u0001\u2028',
      markup: "</script><b>${x}{{y}}",
      proto: "__proto__",
      long: "ä".repeat(1000),
    };
    const { json } = await sent({ chat: fixed(parameters) });
    assert.deepEqual(json.queryParams.parameters, parameters);
  });

  test("no parameters: an empty object, switched off or none there", async () => {
    for (const chat of [{}, fixed({}), { ...fixed({ a: 1 }), data_parameters_enabled: false }])
      assert.deepEqual((await sent({ chat })).json.queryParams.parameters, {});
  });

  test("names of parameters at their limits", async () => {
    const names = ["_", `a${"b".repeat(127)}`, "a.b-c_1", "toString", "hasOwnProperty"];
    const { json } = await sent({ chat: fixed(Object.fromEntries(names.map((name) => [name, name]))) });
    assert.deepEqual(Object.keys(json.queryParams.parameters), names);
  });

  test("the endpoint's language before the session's, and English without either", async () => {
    const language = async (given) => (await sent(given)).json.queryInput.languageCode;
    assert.equal(await language({ endpoint: { language_code: "fr-CA" } }), "fr-CA");
    assert.equal(await language({ session: { ...webChat, lang: "pt-br" } }), "pt-br");
    const { lang: _, ...silent } = webChat;
    assert.equal(await language({ session: silent }), "en");
  });

  test("sessions of all sorts: always a body and a path that Google's reader takes", async () => {
    const ids = ["1", 9007199254740991, "ü/../?#%00:detectIntent", "x".repeat(300), "😀", " ", "__proto__"];
    const rest = [
      {},
      { queue: null, tenant: null },
      { queue: { id: "7/502" }, agent: { name: "\u202E" } },
      { custom_data: { unsigned: { order_id: { value: 1.5 } } }, ended_by: "end_user" },
    ];
    const seen = new Set();
    for (const [at, id] of ids.entries()) {
      const { target, json } = await sent({ session: { ...webChat, ...rest[at % rest.length], id } });
      assert.equal(json.queryParams.payload.session.id, String(id));
      seen.add(target.sessionId);
    }
    assert.equal(seen.size, ids.length);
  });

  test("a Yes that was asked for is in the payload", async () => {
    const { json } = await sent({ chat: { opt_in: true }, options: { act: () => "yes" } });
    assert.equal(json.queryParams.payload.opt_in.selected, "Yes");
  });

  test("the time zone that Intl tells, whatever it is", async () => {
    const before = process.env.TZ;
    try {
      const seen = new Set();
      for (const zone of ["Europe/Berlin", "Asia/Kolkata", "America/Argentina/Buenos_Aires", "UTC"]) {
        process.env.TZ = zone;
        const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
        assert.equal((await sent()).json.queryParams.timeZone, timeZone);
        seen.add(timeZone);
      }
      assert.equal(seen.size, 4);
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  });
});

test("a regional host of Google's as the base", async () => {
  const origin = "https://us-central1-dialogflow.googleapis.com";
  const urls = [];
  const fetch = async (url) => {
    urls.push(url);
    return new Response("{}");
  };
  for (const base of [origin, `${origin}/`]) await runOnce(dialogflowSettings(base), origin, { fetch });
  for (const url of urls) {
    assert.equal(new URL(url).origin, origin);
    checkSession(readPath(new URL(url).pathname), "us-central1");
  }
  assert.equal(urls.length, 2);
});

describe("the measure bites", () => {
  const good = {
    queryInput: { event: { event: "E" }, languageCode: "en" },
    queryParams: { timeZone: "UTC", parameters: { a: 1 }, payload: {}, channel: "chat", sessionTtl: "1800s" },
  };
  const bad = {
    "an unknown name": { ...good, queryinput: {} },
    "an unknown name below": { ...good, queryParams: { timezone: "UTC" } },
    "two inputs": { ...good, queryInput: { ...good.queryInput, text: { text: "a" } } },
    "no input": { ...good, queryInput: { languageCode: "en" } },
    "no language": { ...good, queryInput: { event: { event: "E" } } },
    "no event": { ...good, queryInput: { event: { event: "" }, languageCode: "en" } },
    "parameters that are a list": { ...good, queryParams: { parameters: [] } },
    "a number as time zone": { ...good, queryParams: { timeZone: 1 } },
    "no time zone": { ...good, queryParams: { timeZone: "Mars/Olympus" } },
    "a duration in words": { ...good, queryParams: { sessionTtl: "half an hour" } },
    "a duration that is too long": { ...good, queryParams: { sessionTtl: "86401s" } },
    "a forbidden header": { ...good, queryParams: { webhookHeaders: { Host: "x" } } },
    "no enumeration": { ...good, responseView: "SOMETHING" },
    "no object": [],
    nothing: null,
  };
  test("what is right passes", () => assert.ok(readRequest(JSON.stringify(good), `${AGENT}/sessions/s`)));
  for (const [name, json] of Object.entries(bad))
    test(name, () =>
      assert.throws(() => readRequest(JSON.stringify(json), `${AGENT}/sessions/s`), { status: "INVALID_ARGUMENT" }),
    );
  test("no JSON", () => assert.throws(() => readRequest("{", "s"), { status: "INVALID_ARGUMENT" }));
  test("paths that are none of the method's", () => {
    for (const path of [
      `/v3/${AGENT}:detectIntent`,
      `/v3/${AGENT}/sessions/a/b:detectIntent`,
      `/v2/${AGENT}/sessions/a:detectIntent`,
      `/v3/${AGENT}/sessions/a:streamingDetectIntent`,
    ])
      assert.equal(readPath(path), null, path);
  });
  test("a session id of 37 bytes, and another location", () => {
    const target = readPath(`/v3/${AGENT}/sessions/${"a".repeat(37)}:detectIntent`);
    assert.throws(() => checkSession(target), { status: "INVALID_ARGUMENT" });
    assert.throws(() => checkSession({ ...target, sessionId: "a" }, "global"), { status: "INVALID_ARGUMENT" });
  });
});
