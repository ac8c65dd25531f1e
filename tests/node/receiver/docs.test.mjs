// docs/receiver.md: the examples run, and the table of answers is complete.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { envelope, KEY, PAGE, record } from "./support.mjs";

const root = new URL("../../../", import.meta.url);
const text = readFileSync(new URL("docs/receiver.md", root), "utf8");
const [inNode, inWorker, records] = [...text.matchAll(/```js\n(.*?)```/gs)].map(([, code]) => code);

/** Runs code as a module of its own; gives what it prints, line by line. */
function run(t, code) {
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
    cwd: fileURLToPath(root),
    env: { ...process.env, TOKEN: "t" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(async () => {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  });
  return child.stdout[Symbol.asyncIterator]();
}

const next = async (lines) => String((await lines.next()).value).trim();

test("the example for Node takes a hand-off once", async (t) => {
  assert.ok(inNode.trim().split("\n").length <= 20, "twenty lines");
  const code = inNode
    .replace(/^import \{ DatabaseSync \}.*$/m, 'import sqlite from "node-sqlite3-wasm";')
    .replace('new DatabaseSync("handoffs.db")', "new sqlite.Database()")
    .replace(".listen(8080);", '.listen(0, "127.0.0.1", function () { console.log(this.address().port); });');
  const lines = run(t, `let started = 0;\nconst startConversation = async () => \`c\${(started += 1)}\`;\n${code}`);
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
  assert.equal((await post("Bearer other")).status, 401);
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
