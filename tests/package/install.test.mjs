import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../", import.meta.url));
let folder;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "pst-package-"));
  const { stdout } = await run("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], {
    cwd: root,
  });
  const [{ filename }] = JSON.parse(stdout);
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "empty", private: true, type: "module" }));
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", `./${filename}`], {
    cwd: folder,
  });
});
after(() => rm(folder, { recursive: true, force: true }));

async function runInstalled(source, ...flags) {
  const file = join(folder, "case.mjs");
  await writeFile(file, source);
  const { stdout, stderr } = await run(process.execPath, [...flags, file], { cwd: folder });
  assert.equal(stderr, "");
  return JSON.parse(stdout);
}

const settings = {
  version: 1,
  virtual_agents: [
    {
      id: "orders",
      name: "Order status",
      channels: ["chat"],
      endpoint: { kind: "webhook", url: "https://bots.example.com/handoff" },
    },
  ],
  chat: { enabled: true, chat_types: ["web"], virtual_agent: "orders", opt_in: true },
};

const goodCase = `
  import { loadPolicy } from "post-session-transfer";
  const policy = await loadPolicy(${JSON.stringify(settings)});
  const session = { id: "1", channel: "chat", sdk: { platform: "web", version: "3.44.2" }, chat_type: "web", ended_by: "agent" };
  const { outcome, reason } = policy.evaluate(session);
  policy.dispose();
  console.log(JSON.stringify({ outcome, reason }));`;

test("installed in an empty folder, the package decides", async () => {
  assert.deepEqual(await runInstalled(goodCase), { outcome: "ask", reason: "opt_in_required" });
});

test("installed in an empty folder, the package refuses bad settings with a pointer", async () => {
  const printed = await runInstalled(`
    import { loadPolicy, SettingsError } from "post-session-transfer";
    const error = await loadPolicy({ version: 1, virtual_agents: [], colour: "red" }).catch((thrown) => thrown);
    console.log(JSON.stringify({ typed: error instanceof SettingsError, code: error.code, first: error.errors[0].code, pointer: error.errors[0].pointer }));`);
  assert.equal(printed.typed, true);
  assert.equal(printed.code, "settings_invalid");
  assert.match(printed.pointer, /^\//);
});

test("no code is made from strings", async () => {
  const printed = await runInstalled(goodCase, "--disallow-code-generation-from-strings");
  assert.equal(printed.outcome, "ask");
});

test("the receiver and its helper for Node can be imported by themselves", async () => {
  const printed = await runInstalled(
    `
    import { createReceiver, memoryStore } from "post-session-transfer/receiver";
    import { nodeHandler } from "post-session-transfer/receiver/node";
    const receive = createReceiver({ store: memoryStore(), origins: [], accept: () => null });
    const { status } = await receive(new Request("http://localhost/", { method: "POST" }));
    console.log(JSON.stringify([status, typeof nodeHandler(receive)]));`,
    "--disallow-code-generation-from-strings",
  );
  assert.deepEqual(printed, [415, "function"]);
});

test("the bytes can be had by themselves, and checked against a digest", async () => {
  const printed = await runInstalled(`
    import { createHash } from "node:crypto";
    import { readFileSync } from "node:fs";
    import { loadPolicy } from "post-session-transfer";
    const url = new URL(import.meta.resolve("post-session-transfer/pst.wasm"));
    const bytes = readFileSync(url);
    const integrity = "sha384-" + createHash("sha384").update(bytes).digest("base64");
    const reasons = [];
    for (const wasm of [{ url, integrity }, { bytes, integrity }]) {
      const policy = await loadPolicy(undefined, { wasm });
      reasons.push(policy.evaluate({ id: 1, channel: "chat", sdk: { platform: "web", version: "3.0.0" } }).reason);
    }
    console.log(JSON.stringify(reasons));`);
  assert.deepEqual(printed, ["not_configured", "not_configured"]);
});
