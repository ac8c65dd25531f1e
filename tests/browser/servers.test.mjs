import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { scenarios } from "../../demo-web/public/scenarios.js";
import { startDemo } from "../../demo-web/server/start.mjs";

const key = "0e37df36-f698-81e6-8b1e-3d6c2b7f9a10";

function envelope(changes = {}) {
  return {
    schema: 1,
    handoff_id: key,
    session: { id: "12345", lang: "en", queue_id: "502", ended_by: "agent" },
    virtual_agent: { id: "survey", name: "Survey bot" },
    opt_in: { required: true, selected: "Yes", text_version: "en-1", locale: "en", at: "2026-01-01T10:09:00.000Z" },
    data_parameters: { queueId: 502 },
    data_records: { in_metadata: true, in_crm_record: false },
    decided_at: "2026-01-01T10:09:00.000Z",
    ...changes,
  };
}

async function open(t) {
  const demo = await startDemo();
  t.after(() => demo.close());
  const post = async (path, body, headers = {}) => {
    const response = await fetch(`${demo.endpointUrl}${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Origin: demo.pageUrl, ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  return { ...demo, post };
}

test("a hand-off: the first body of a key wins", async (t) => {
  const { post, endpoint, endpointUrl } = await open(t);
  const first = await post("/handoff", envelope(), { "Idempotency-Key": key });
  assert.equal(first.status, 200);
  assert.equal(first.body.conversation.url, `${endpointUrl}/conversations/${key}/messages`);
  assert.equal(first.body.messages.length, 2);

  const again = await post("/handoff", envelope(), { "Idempotency-Key": key });
  assert.equal(again.status, 200);
  assert.deepEqual(again.body, first.body);
  assert.equal(again.headers.get("idempotency-replayed"), "true");

  const other = await post("/handoff", envelope({ data_parameters: {} }), { "Idempotency-Key": key });
  assert.equal(other.status, 422);
  assert.equal(other.body.error, "idempotency_conflict");
  assert.equal(endpoint.report().handoffs.length, 1);
  assert.deepEqual(endpoint.report().handoffs[0].body.data_parameters, { queueId: 502 });
});

for (const [what, body, headers, status, error] of [
  ["no key", envelope(), {}, 400, "idempotency_key_missing"],
  ["another key than the id", envelope(), { "Idempotency-Key": "x" }, 400, "idempotency_key_differs"],
  ["not JSON", "{", { "Idempotency-Key": key }, 400, "not_json"],
  ["another type", "{}", { "Idempotency-Key": key, "Content-Type": "text/plain" }, 415, "content_type_unsupported"],
  ["another schema", envelope({ schema: 2 }), { "Idempotency-Key": key }, 400, "schema_unknown"],
  ["no UUID", envelope({ handoff_id: "7" }), { "Idempotency-Key": "7" }, 400, "not_a_uuid"],
  ["no session", envelope({ session: null }), { "Idempotency-Key": key }, 400, "missing_or_wrong_type"],
  [
    "no consent",
    envelope({ opt_in: { required: true, selected: "No" } }),
    { "Idempotency-Key": key },
    400,
    "no_consent",
  ],
  ["too large", envelope({ padding: "x".repeat(70_000) }), { "Idempotency-Key": key }, 413, "body_too_large"],
]) {
  test(`a hand-off with ${what} is refused: ${error}`, async (t) => {
    const { post, endpoint } = await open(t);
    const answer = await post("/handoff", body, headers);
    assert.equal(answer.status, status);
    assert.equal(answer.body.error, error);
    assert.equal(endpoint.report().handoffs.length, 0);
  });
}

test("the survey: both branches, answers it cannot read, leaving, and silence after the end", async (t) => {
  const { post, endpoint } = await open(t);
  const { body } = await post("/handoff", envelope(), { "Idempotency-Key": key });
  const path = new URL(body.conversation.url).pathname;
  const say = async (text) => (await post(path, { text })).body;
  assert.deepEqual(await say("perhaps"), { messages: [{ text: "Please answer yes or no." }], ended: false });
  assert.equal((await say("No")).ended, false);
  assert.equal((await say("The zip")).ended, false);
  assert.equal((await say("no")).ended, true);
  assert.deepEqual(endpoint.report().handoffs[0].survey, {
    state: "completed",
    answers: { solved: false, open: "The zip", comment: "" },
  });
  assert.equal((await post(path, { text: "more" })).status, 409);
  assert.equal((await post(path, { text: "" })).status, 400);
  assert.equal((await post(path.replace(/^\/conversations\/0/, "/conversations/1"), { text: "hi" })).status, 404);
});

test("CORS: the page's origin may send a hand-off, another may not", async (t) => {
  const { endpointUrl, pageUrl } = await open(t);
  const ask = (origin) =>
    fetch(`${endpointUrl}/handoff`, {
      method: "OPTIONS",
      headers: {
        Origin: origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,idempotency-key,traceparent",
      },
    });
  const allowed = await ask(pageUrl);
  assert.equal(allowed.status, 204);
  assert.equal(allowed.headers.get("access-control-allow-origin"), pageUrl);
  for (const name of ["content-type", "idempotency-key", "traceparent"]) {
    assert.ok(allowed.headers.get("access-control-allow-headers").includes(name));
  }
  const refused = await ask("https://elsewhere.example");
  assert.equal(refused.status, 403);
  assert.equal(refused.headers.get("access-control-allow-origin"), null);
});

test("the switch: 500, cut connections, and back", async (t) => {
  const { post, endpointUrl } = await open(t);
  assert.equal((await post("/fault", { kind: "nonsense" })).status, 400);
  await post("/fault", { kind: "500" });
  assert.equal((await post("/handoff", envelope(), { "Idempotency-Key": key })).status, 500);
  await post("/fault", { kind: "off" });
  await assert.rejects(post("/handoff", envelope(), { "Idempotency-Key": key }));
  await post("/fault", { kind: "none" });
  assert.equal((await post("/handoff", envelope(), { "Idempotency-Key": key })).status, 200);
  const seen = await (await fetch(`${endpointUrl}/handoffs`)).json();
  assert.equal(seen.handoffs.length, 1);
  assert.deepEqual(
    seen.requests.map(({ status }) => status),
    [500, null, 200],
  );
});

test("the page: types, policy, and nothing outside its folders", async (t) => {
  const { pageUrl, endpointUrl, recordsUrl } = await open(t);
  const page = await fetch(`${pageUrl}/`);
  assert.equal(page.headers.get("content-type"), "text/html; charset=utf-8");
  assert.equal(page.headers.get("x-content-type-options"), "nosniff");
  const policy = page.headers.get("content-security-policy");
  for (const part of [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    `connect-src 'self' ${endpointUrl} ${recordsUrl}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ]) {
    assert.ok(policy.split("; ").includes(part), part);
  }
  assert.equal(
    (await fetch(`${pageUrl}/simulator/index.js`)).headers.get("content-type"),
    "text/javascript; charset=utf-8",
  );
  const head = await fetch(`${pageUrl}/app.js`, { method: "HEAD" });
  assert.equal(head.status, 200);
  assert.equal(await head.text(), "");
  assert.equal((await fetch(`${pageUrl}/`, { method: "POST" })).status, 405);
  assert.equal((await fetch(`${pageUrl}/`, { method: "DELETE" })).status, 405);

  const port = Number(new URL(pageUrl).port);
  for (const path of [
    "/../serve.mjs",
    "/%2e%2e/serve.mjs",
    "/..%2fserve.mjs",
    "/simulator/../package.json",
    "/simulator/%2e%2e%2fpackage.json",
    "/package/..\\package.json",
    "//etc/passwd",
    "/.hidden.js",
    "/%00.js",
    "/%zz",
    "/nothing.js",
  ]) {
    assert.match(await raw(port, path), /^HTTP\/1\.1 404 /, path);
  }
});

/** A request whose path no client has tidied. */
async function raw(port, path) {
  const socket = connect(port, "127.0.0.1");
  socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`);
  let text = "";
  for await (const chunk of socket) text += chunk;
  return text;
}

test("the command: a taken port, a wrong one, and an unknown option are said in one sentence", async (t) => {
  const { pageUrl } = await open(t);
  const taken = new URL(pageUrl).port;
  const built = await run("--help");
  assert.equal(built.code, 0);
  const busy = await run("--port", taken, "--endpoint-port", "0");
  assert.equal(busy.code, 2);
  assert.match(busy.text, new RegExp(`Port ${taken} is taken|not built yet`));
  const wrong = await run("--port", "http");
  assert.equal(wrong.code, 2);
  assert.match(wrong.text, /not a port: "http"/);
  const unknown = await run("--prot", "1");
  assert.equal(unknown.code, 2);
  assert.match(unknown.text, /--prot/);
});

async function run(...args) {
  const child = spawn(process.execPath, [fileURLToPath(new URL("../../demo-web/serve.mjs", import.meta.url)), ...args]);
  let text = "";
  child.stdout.on("data", (chunk) => (text += chunk));
  child.stderr.on("data", (chunk) => (text += chunk));
  const [code] = await once(child, "close");
  return { code, text };
}

test("demo-web/README.md names every scenario, and no other", () => {
  const readme = readFileSync(new URL("../../demo-web/README.md", import.meta.url), "utf8");
  const table = readme.slice(readme.indexOf("| Scenario |"), readme.indexOf("## The servers"));
  const named = table
    .split("\n")
    .flatMap((line) => [...(line.split("|")[1] ?? "").matchAll(/`([\w-]+)`/g)].map(([, id]) => id));
  assert.deepEqual(named.sort(), scenarios.map(({ id }) => id).sort());
});
