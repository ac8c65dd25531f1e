// The entry needs nothing but web standards: it runs where there is neither Node nor code from strings.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { envelope, KEY, PAGE } from "./support.mjs";

const run = promisify(execFile);
const entry = (name) => fileURLToPath(import.meta.resolve(name));

/** What a worker has, and no more. */
const WEB = {
  Request,
  Response,
  Headers,
  URL,
  TextEncoder,
  TextDecoder,
  ReadableStream,
  AbortController,
  crypto,
  setTimeout,
  clearTimeout,
  console,
  Uint8Array,
};

async function inWorker(code) {
  const { outputFiles } = await build({
    stdin: {
      contents: `import * as receiver from ${JSON.stringify(entry("post-session-transfer/receiver"))};\n${code}`,
      resolveDir: fileURLToPath(new URL(".", import.meta.url)),
    },
    bundle: true,
    write: false,
    format: "iife",
    globalName: "made",
    platform: "neutral",
    logLevel: "silent",
  });
  const context = createContext({ ...WEB }, { codeGeneration: { strings: false, wasm: false } });
  runInContext(outputFiles[0].text, context);
  return context.made;
}

test("in a context with web standards alone, without code from strings", async () => {
  const { answers } = await inWorker(`
    export const answers = (async () => {
      const handle = receiver.createReceiver({ store: receiver.memoryStore(), origins: ["${PAGE}"], accept: () => ({ yes: true }) });
      const post = () => handle(new Request("https://bots.example.com/", { method: "POST", body: ${JSON.stringify(JSON.stringify(envelope()))},
        headers: { "Content-Type": "application/json", "Idempotency-Key": "${KEY}" } }));
      const said = [];
      for (let i = 0; i < 2; i += 1) { const response = await post(); said.push(response.status, await response.text(), response.headers.get("idempotency-replayed")); }
      return JSON.stringify(said);
    })();`);
  assert.deepEqual(JSON.parse(await answers), [200, '{"yes":true}', null, 200, '{"yes":true}', "true"]);
});

test("such a context would notice what only Node has", async () => {
  for (const code of [
    "export const x = process.version;",
    "export const x = Buffer.from('');",
    "export const x = eval('1');",
  ])
    await assert.rejects(inWorker(code), { name: /ReferenceError|EvalError/ });
});

test("neither entry imports anything of Node's, and none loads the WebAssembly", () => {
  for (const name of ["post-session-transfer/receiver", "post-session-transfer/receiver/node"]) {
    const code = readFileSync(entry(name), "utf8");
    assert.doesNotMatch(code, /node:|pst\.mjs|\bimport\(|\brequire\(/);
  }
});

test("in Node with code from strings switched off", async () => {
  const source = `
    import { createReceiver, memoryStore } from "post-session-transfer/receiver";
    import { nodeHandler } from "post-session-transfer/receiver/node";
    const handle = createReceiver({ store: memoryStore(), origins: [], accept: () => ({ yes: true }) });
    const response = await handle(new Request("http://localhost/", { method: "POST", body: ${JSON.stringify(JSON.stringify(envelope()))},
      headers: { "Content-Type": "application/json", "Idempotency-Key": "${KEY}" } }));
    console.log(response.status, typeof nodeHandler(handle));`;
  const { stdout, stderr } = await run(
    process.execPath,
    ["--disallow-code-generation-from-strings", "--input-type=module", "-e", source],
    { cwd: fileURLToPath(new URL("../../../", import.meta.url)) },
  );
  assert.deepEqual([stdout.trim(), stderr], ["200 function", ""]);
});
