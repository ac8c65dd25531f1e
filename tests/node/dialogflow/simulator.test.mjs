// Google's own client and ours at the same simulated endpoint: understood alike, and answered alike.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { SessionsClient } from "@google-cloud/dialogflow-cx";
import { startDialogflow } from "../../simulator/dialogflow/server.mjs";
import { webChat } from "../support/settings.mjs";
import { AGENT, dialogflowSettings, ENVIRONMENT, fixed, messagesOf, runOnce, TOKEN } from "./support.mjs";

const require = createRequire(import.meta.url);
const { GoogleAuth, OAuth2Client } = createRequire(require.resolve("@google-cloud/dialogflow-cx"))(
  "google-auth-library",
);

/** One of each that the simulated agent says. */
const MESSAGES = [
  { text: { text: ["Thank you for your patience."] }, responseType: "ENTRY_PROMPT" },
  { payload: { ujet: { type: "inline_button", title: "Was it solved?", buttons: [{ title: "Yes" }] } } },
  { payload: { ujet: { type: "action", action: "escalation", menu_id: 502, escalation_reason: "by_consumer" } } },
  { payload: { something: [1, 2.5, null, true, { else: "" }] }, channel: "chat" },
  { conversationSuccess: { metadata: { score: 5 } } },
  { outputAudioText: { ssml: "<speak>Hi</speak>" } },
  { liveAgentHandoff: { metadata: { queue: "502" } } },
  { telephonyTransferCall: { phoneNumber: "+15550100" } },
  { endInteraction: {} },
];

let dialogflow;
before(async () => {
  dialogflow = await startDialogflow({
    agents: { [AGENT]: { POST_SESSION: MESSAGES } },
    token: TOKEN,
    location: "us-central1",
    idempotencyKey: "same_answer",
  });
});
after(() => dialogflow.close());

/** Google's client over REST, pointed at the simulator. */
function googleClient({ port }, token = TOKEN) {
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: token, expiry_date: Date.now() + 3_600_000 });
  return new SessionsClient({
    fallback: true,
    protocol: "http",
    apiEndpoint: "127.0.0.1",
    port,
    auth: new GoogleAuth({ authClient, projectId: "acme-prod" }),
  });
}

const askGoogle = (request, token) => googleClient(dialogflow, token).detectIntent(request, { retry: null });

/** A `Struct` as Google's client has it. */
function struct(object) {
  const value = (from) => {
    if (from === null) return { nullValue: "NULL_VALUE" };
    if (Array.isArray(from)) return { listValue: { values: from.map(value) } };
    if (typeof from === "object") return { structValue: struct(from) };
    return { [`${typeof from === "boolean" ? "bool" : typeof from}Value`]: from };
  };
  return { fields: Object.fromEntries(Object.entries(object).map(([name, item]) => [name, value(item)])) };
}

/** And back. */
function plainStruct({ fields }) {
  const plain = (value) => {
    if (value.kind === "structValue") return plainStruct(value.structValue);
    if (value.kind === "listValue") return value.listValue.values.map(plain);
    return value.kind === "nullValue" ? null : value[value.kind];
  };
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, plain(value)]));
}

describe("Google's client and ours", () => {
  test("the same request is understood alike", async () => {
    const parameters = { survey_kind: "csat", count: 3, half: 0.5, yes: true, empty: "", umlaut: "Zoë 😀" };
    const settings = dialogflowSettings(dialogflow.origin, { chat: fixed(parameters) });
    const result = await runOnce(settings, dialogflow.origin);
    assert.equal(result.reason, "accepted");
    const ours = dialogflow.requests.at(-1);
    const session = /\/v3\/(.*):detectIntent/.exec(ours.path)[1];
    const [turn] = dialogflow.sessions.get(session).turns;
    const { queryParams } = JSON.parse(ours.body);

    const other = session.replace(/[^/]+$/, "from-google");
    await askGoogle({
      session: other,
      queryInput: { event: { event: "POST_SESSION" }, languageCode: "en" },
      queryParams: {
        timeZone: queryParams.timeZone,
        parameters: struct(queryParams.parameters),
        payload: struct(queryParams.payload),
        channel: queryParams.channel,
      },
    });
    const googles = dialogflow.requests.at(-1);
    assert.equal(googles.path.split("?")[0], ours.path.replace(/[^/]+:detectIntent$/, "from-google:detectIntent"));
    assert.equal(googles.method, ours.method);
    const [theirTurn] = dialogflow.sessions.get(other).turns;
    assert.deepEqual({ ...theirTurn, session }, turn);
    assert.deepEqual(dialogflow.sessions.get(other).parameters, parameters);
  });

  test("the same answer is understood alike", async () => {
    const result = await runOnce(dialogflowSettings(dialogflow.origin), dialogflow.origin);
    assert.deepEqual(messagesOf(result), MESSAGES);
    const [answer] = await askGoogle({
      session: `${AGENT}/sessions/answers`,
      queryInput: { event: { event: "POST_SESSION" }, languageCode: "en" },
    });
    const { queryResult } = answer;
    assert.equal(queryResult.triggerEvent, "POST_SESSION");
    assert.equal(queryResult.match.matchType, "EVENT");
    assert.deepEqual(
      queryResult.responseMessages.map(({ message }) => message),
      MESSAGES.map((message) => Object.keys(message)[0]),
    );
    assert.deepEqual(queryResult.responseMessages[0].text.text, ["Thank you for your patience."]);
    for (const at of [1, 2, 3])
      assert.deepEqual(plainStruct(queryResult.responseMessages[at].payload), MESSAGES[at].payload);
  });

  test("an environment, by both", async () => {
    const settings = dialogflowSettings(dialogflow.origin, { endpoint: { environment: ENVIRONMENT } });
    assert.equal((await runOnce(settings, dialogflow.origin)).reason, "accepted");
    assert.match(dialogflow.requests.at(-1).path, /\/environments\//);
    await askGoogle({
      session: `${ENVIRONMENT}/sessions/e`,
      queryInput: { event: { event: "POST_SESSION" }, languageCode: "en" },
    });
    assert.match(dialogflow.requests.at(-1).path, /\/environments\//);
  });

  const refused = {
    "a token that is none": [{}, "stale", 401],
    "an agent that is none": [{ session: AGENT.replace("7f6b", "0000") }, TOKEN, 404],
    "another location": [{ session: AGENT.replace("us-central1", "global") }, TOKEN, 400],
    "no language": [{ queryInput: { event: { event: "POST_SESSION" } } }, TOKEN, 400],
  };
  for (const [name, [{ session = AGENT, ...request }, token, status]] of Object.entries(refused))
    test(`Google's client reads the error: ${name}`, async () => {
      const queryInput = { event: { event: "POST_SESSION" }, languageCode: "en" };
      await assert.rejects(askGoogle({ queryInput, ...request, session: `${session}/sessions/s` }, token), (error) => {
        assert.equal(dialogflow.requests.at(-1).status, status);
        assert.equal(typeof error.code, "number");
        assert.ok(error.message.length > 10);
        return true;
      });
    });
});

describe("what becomes of a hand-off", () => {
  const last = () => dialogflow.requests.at(-1);
  const attempts = ({ events }) =>
    events.filter(({ event, data }) => event === "handoff" && data.state === "sending").length;

  test("401: authorize is asked once more, and knows it", async () => {
    const asked = [];
    const authorize = ({ again }) => {
      asked.push(again);
      return { Authorization: `Bearer ${again ? TOKEN : "stale"}` };
    };
    const result = await runOnce(dialogflowSettings(dialogflow.origin), dialogflow.origin, { authorize });
    assert.equal(result.reason, "accepted");
    assert.deepEqual(asked, [false, true]);
  });

  test("without credentials: unauthorized, and nothing else is tried", async () => {
    const result = await runOnce(dialogflowSettings(dialogflow.origin), dialogflow.origin, { authorize: undefined });
    assert.deepEqual([result.outcome, result.reason], ["failed", "unauthorized"]);
    assert.equal(attempts(result), 2);
  });

  test("an agent that is none: refused, once", async () => {
    const settings = dialogflowSettings(dialogflow.origin, { endpoint: { agent: AGENT.replace("7f6b", "0000") } });
    const result = await runOnce(settings, dialogflow.origin);
    assert.deepEqual([result.outcome, result.reason, last().status], ["failed", "refused", 404]);
    assert.equal(attempts(result), 1);
  });

  test("an event that the agent does not know: accepted, with nothing said", async () => {
    const settings = dialogflowSettings(dialogflow.origin, { endpoint: { event: "UNKNOWN" } });
    const result = await runOnce(settings, dialogflow.origin);
    assert.equal(result.reason, "accepted");
    assert.deepEqual(messagesOf(result), []);
  });

  for (const fault of ["RESOURCE_EXHAUSTED", "UNAVAILABLE", "INTERNAL", "DEADLINE_EXCEEDED", "drop"])
    test(`${fault}: tried again, one turn`, async () => {
      dialogflow.fail(fault);
      const session = { ...webChat, id: `fault ${fault}` };
      const result = await runOnce(dialogflowSettings(dialogflow.origin), dialogflow.origin, { session });
      assert.equal(result.reason, "accepted");
      assert.equal(attempts(result), 2);
      assert.equal(dialogflow.sessions.get(/\/v3\/(.*):/.exec(last().path)[1]).turns.length, 1);
    });

  test("PERMISSION_DENIED is final", async () => {
    dialogflow.fail("PERMISSION_DENIED");
    const result = await runOnce(dialogflowSettings(dialogflow.origin), dialogflow.origin);
    assert.deepEqual([result.outcome, result.reason], ["failed", "refused"]);
  });
});

describe("the answer is lost on its way", () => {
  const turnsOf = ({ requests, sessions }) => sessions.get(/\/v3\/(.*):/.exec(requests.at(-1).path)[1]).turns.length;
  async function lost(t, { idempotent, idempotencyKey }) {
    const endpoint = await startDialogflow({ agents: { [AGENT]: { POST_SESSION: MESSAGES } }, idempotencyKey });
    t.after(() => endpoint.close());
    endpoint.fail("drop_answer");
    const settings = dialogflowSettings(endpoint.origin, { endpoint: { idempotent } });
    return { result: await runOnce(settings, endpoint.origin), endpoint };
  }

  test("a broker that honours the key: sent again, one turn, the same answer", async (t) => {
    const { result, endpoint } = await lost(t, { idempotent: true, idempotencyKey: "same_answer" });
    assert.equal(result.reason, "accepted");
    assert.equal(endpoint.requests.length, 2);
    assert.equal(endpoint.requests[0].body, endpoint.requests[1].body);
    assert.equal(turnsOf(endpoint), 1);
    assert.deepEqual(messagesOf(result), MESSAGES);
  });

  test("Dialogflow itself, rightly called not idempotent: not sent again", async (t) => {
    const { result, endpoint } = await lost(t, { idempotent: false, idempotencyKey: "ignored" });
    assert.deepEqual([result.outcome, result.reason], ["failed", "outcome_unknown"]);
    assert.equal(endpoint.requests.length, 1);
    assert.equal(turnsOf(endpoint), 1);
  });

  test("Dialogflow itself, wrongly called idempotent: two turns, which is why it must not be", async (t) => {
    const { result, endpoint } = await lost(t, { idempotent: true, idempotencyKey: "ignored" });
    assert.equal(result.reason, "accepted");
    assert.equal(turnsOf(endpoint), 2);
  });
});

test("a broker below a path", async (t) => {
  const broker = await startDialogflow({ agents: { [AGENT]: { POST_SESSION: MESSAGES } }, basePath: "/dialogflow" });
  t.after(() => broker.close());
  assert.equal((await runOnce(dialogflowSettings(`${broker.origin}/dialogflow`), broker.origin)).reason, "accepted");
  assert.equal((await runOnce(dialogflowSettings(broker.origin), broker.origin)).reason, "refused");
});

describe("a second page with the same session", () => {
  const twice = async (t, idempotencyKey) => {
    const broker = await startDialogflow({ agents: { [AGENT]: { POST_SESSION: MESSAGES } }, idempotencyKey });
    t.after(() => broker.close());
    const run = (chat) => runOnce(dialogflowSettings(broker.origin, { chat }), broker.origin, { session: webChat });
    return { first: await run({}), second: await run(fixed({ another: "body" })), broker };
  };

  test("has the first one's answer", async (t) => {
    const { first, second, broker } = await twice(t, "same_answer");
    assert.deepEqual(messagesOf(second), messagesOf(first));
    assert.equal([...broker.sessions.values()][0].turns.length, 1);
  });

  test("has a conflict, at a broker that compares bodies", async (t) => {
    const { second } = await twice(t, "conflict");
    assert.deepEqual([second.outcome, second.reason], ["failed", "idempotency_conflict"]);
  });
});
