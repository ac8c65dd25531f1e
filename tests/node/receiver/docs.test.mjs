// docs/receiver.md: the examples run, and the table of answers is complete.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import sqlite from "node-sqlite3-wasm";
import { envelope, KEY, PAGE, record } from "./support.mjs";

const root = new URL("../../../", import.meta.url);
const text = readFileSync(new URL("docs/receiver.md", root), "utf8");
const samples = [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language, code]) => ({ language, code }));
const [inNode, refusals, inWorker, purging, onNode20, begin, records] = samples.map(({ code }) => code);

/** Runs code as a module of its own; gives what it prints, line by line. */
function run(t, code, env = { TOKEN: "t" }) {
  const { TOKEN: _, ...environment } = process.env;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
    cwd: fileURLToPath(root),
    env: { ...environment, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(async () => {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  });
  return child.stdout[Symbol.asyncIterator]();
}

const next = async (lines) => String((await lines.next()).value).trim();

test("every sample is run below, and none hides in an indented block", () => {
  assert.deepEqual(
    samples.map(({ language }) => language),
    ["js", "js", "js", "js", "js", "sql", "js"],
  );
  const outside = text.replaceAll(/^```.*?^```$/gms, "");
  assert.doesNotMatch(outside, /^ {4}/m);
});

/** The example for Node as it runs here: Node 20 has no `node:sqlite`, and the port is free. */
const inNodeHere = `let started = 0;
const startConversation = async () => \`c\${(started += 1)}\`;
${inNode
  .replace(/^import \{ DatabaseSync \}.*$/m, 'import sqlite from "node-sqlite3-wasm";')
  .replace('new DatabaseSync("handoffs.db")', "new sqlite.Database()")
  .replace(".listen(8080);", '.listen(0, "127.0.0.1", function () { console.log(this.address().port); });')}`;

test("the example for Node does not start without its token", async (t) => {
  for (const env of [{}, { TOKEN: "" }]) {
    const lines = run(t, `process.on("uncaughtException", ({ message }) => console.log(message));\n${inNodeHere}`, env);
    assert.equal(await next(lines), "TOKEN is not set.");
  }
});

test("the example for Node takes a hand-off once", async (t) => {
  assert.ok(inNode.trim().split("\n").length <= 20, "twenty lines");
  const lines = run(t, inNodeHere);
  const port = await next(lines);
  const post = (authorization) =>
    fetch(`http://127.0.0.1:${port}/`, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "Idempotency-Key": KEY,
        Origin: PAGE,
        Authorization: authorization,
      },
      body: JSON.stringify(envelope()),
    });
  for (const other of ["Bearer other", "Bearer undefined", "Bearer ", "t", ""])
    assert.equal((await post(other)).status, 401, other);
  for (const replayed of [null, "true"]) {
    const answer = await post("Bearer t");
    assert.deepEqual([answer.status, answer.headers.get("idempotency-replayed")], [200, replayed]);
    assert.equal((await answer.json()).conversation.id, "c1");
  }
});

const request = (
  body,
  key,
) => `new Request("https://bots.example.com/", { method: "POST", body: ${JSON.stringify(JSON.stringify(body))},
  headers: { "Content-Type": "application/json", "Idempotency-Key": "${key}", Origin: "${PAGE}" } })`;

test("the example for a worker answers", async (t) => {
  const lines = run(
    t,
    `import { memoryStore } from "post-session-transfer/receiver";
     ${inWorker.replace("export default", "const worker =")}
     const response = await worker.fetch(${request(envelope(), KEY)}, { store: memoryStore() });
     console.log(await response.text());`,
  );
  assert.deepEqual(JSON.parse(await next(lines)), { conversation: { id: KEY } });
});

test("the example of refusals refuses", async (t) => {
  const lines = run(
    t,
    `${refusals}
     for (const id of ["other", "orders"])
       await accept({ virtual_agent: { id } }).catch(({ status, code, retryAfterSeconds }) =>
         console.log(status, code, retryAfterSeconds));`,
  );
  const printed = [];
  for await (const chunk of lines) printed.push(...String(chunk).trim().split("\n"));
  assert.deepEqual(printed, ["404 agent_unknown undefined", "503 no_agent_free 5"]);
});

test("the example of forgetting keys forgets those of yesterday, and keeps nobody running", async (t) => {
  const lines = run(
    t,
    `globalThis.setInterval = (purge, ms) => { console.log(ms); globalThis.purge = purge; return { unref() {} }; };
     ${purging}
     store.begin("old", "d", Date.now() - DAY_MS - 2, 1);
     store.begin("new", "d", Date.now(), 60_000);
     globalThis.purge();
     console.log(store.begin("old", "d", Date.now(), 1).state, store.begin("new", "d", Date.now(), 1).state);`,
  );
  const printed = [];
  for await (const chunk of lines) printed.push(...String(chunk).trim().split("\n"));
  assert.deepEqual(printed, ["3600000", "new running"]);
});

test("the store for Node 20 works", async (t) => {
  const code = onNode20.replace('new sqlite.Database("handoffs.db")', "new sqlite.Database()");
  const lines = run(t, `${code}\nconsole.log(store.begin("k", "d", 0, 1).state, store.begin("k", "d", 0, 1).state);`);
  assert.equal(await next(lines), "new running");
});

test("the statement for begin gives a key to one, and again where a lease ended without an answer", () => {
  const database = new sqlite.Database();
  database.exec(
    "CREATE TABLE received (key TEXT PRIMARY KEY, digest TEXT, lease TEXT, lease_until INTEGER, answer TEXT)",
  );
  const ask = (lease, now) => {
    database.run(begin, { $1: "k", $2: "d", $3: lease, $4: now + 10, $5: now });
    return database.get("SELECT lease FROM received").lease;
  };
  assert.deepEqual([ask("a", 0), ask("b", 9), ask("c", 10)], ["a", "a", "c"]);
  database.exec("UPDATE received SET answer = '{}'");
  assert.equal(ask("d", 100), "c");
  database.close();
});

test("the example for records merges", async (t) => {
  const lines = run(t, `${records}\nawait receiveMetadata(${request(record(), `${KEY}:metadata`)});`);
  const printed = await next(lines);
  assert.match(printed, /"agent_info":\{"id":9,"name":"Kim"\},"data_parameters":\{"queueId":502\}.* \[\]$/);
});

test("every status and error that the code can answer is in the table, and no others", () => {
  const folder = new URL("js-bindings/src/receiver/", root);
  const code = readdirSync(folder)
    .map((name) => readFileSync(new URL(name, folder), "utf8"))
    .join("\n");
  const inCode = new Set(
    [...code.matchAll(/(?:refused|later)\(\s*\d{3},\s*"(\w+)"|error: "(\w+)"/g)].map(
      ([, first, second]) => first ?? second,
    ),
  );
  const table = text.slice(text.indexOf("## Answers"), text.indexOf("## What exactly-once"));
  const documented = new Set(
    table
      .split("\n")
      .filter((line) => /^\| \d/.test(line))
      .flatMap((line) => [...line.split("|")[2].matchAll(/`(\w+)`/g)].map(([, name]) => name)),
  );
  assert.ok(inCode.size > 15);
  assert.deepEqual([...documented].sort(), [...inCode].sort());
});
