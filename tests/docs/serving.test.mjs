// docs/serving.md in Node: the quick start, bundled as the page says, and what is said when pst.wasm was left behind.
import assert from "node:assert/strict";
import { existsSync, rmSync } from "node:fs";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { page, samples, section } from "./support/pages.mjs";
import { Project } from "./support/project.mjs";

const serving = page("serving");
const [, quickStart] = samples(section(page("README"), "Quick start"), "js");

const settings = {
  version: 1,
  virtual_agents: [
    { id: "a", name: "A", channels: ["chat"], endpoint: { kind: "webhook", url: "https://bots.example.com/" } },
  ],
  chat: { enabled: true, chat_types: ["web"], virtual_agent: "a" },
};
const session = {
  id: "1",
  channel: "chat",
  sdk: { platform: "web", version: "3.44.2" },
  chat_type: "web",
  ended_by: "agent",
};
const given = `const settings = ${JSON.stringify(settings)}; const session = ${JSON.stringify(session)};`;
const [imports, ...body] = quickStart.split("\n\n");
const app = [imports, given, ...body].join("\n");

const common = `
  import { loadPolicy } from "post-session-transfer";
  loadPolicy(undefined, { wasm: { url: process.argv[2] } }).then(
    (policy) => console.log(policy.evaluate({ id: 1 }).reason),
    (error) => console.log(error.code),
  );`;

const project = new Project({ "app.js": app, "common.js": common });
after(() => project.remove());

const [bundle, copy] = samples(section(serving, "In Node"), "sh")[0].trim().split("\n");

test("the quick start for Node, bundled as the page says, decides", async () => {
  await project.shell(`${bundle}\n${copy}`);
  assert.equal(await project.shell("node build/app.mjs"), "transfer eligible 9\n");
});

test("split, and with the package left outside of the bundle", async () => {
  await project.shell(`${bundle.replace("--outfile=build/app.mjs", "--splitting --outdir=split")} --out-extension:.js=.mjs
    ${copy.replace("build/", "split/")}
    ${bundle.replace("build/", "outside/")} --packages=external`);
  assert.equal(await project.shell("node split/app.mjs"), "transfer eligible 9\n");
  assert.equal(await project.shell("node outside/app.mjs"), "transfer eligible 9\n");
});

test("a bundle in CommonJS names the file by its path", async () => {
  await project.shell(
    "npx esbuild common.js --bundle --platform=node --format=cjs --log-level=error --outfile=build/common.cjs",
  );
  const wasm = project.path("node_modules/post-session-transfer/dist/pst.wasm");
  for (const url of [wasm, pathToFileURL(wasm).href])
    assert.equal(await project.shell(`node build/common.cjs ${url}`), "sdk_unknown\n");
  assert.equal(await project.shell("node build/common.cjs"), "wasm_unavailable\n");
});

test("without pst.wasm the error names the place, and the option", async () => {
  await project.shell(`${bundle.replace("build/", "bare/")}`);
  assert.ok(!existsSync(project.path("bare/pst.wasm")));
  const error = await import(pathToFileURL(project.path("bare/app.mjs")).href).catch((thrown) => thrown);
  assert.equal(error.code, "wasm_unavailable");
  assert.ok(error.message.includes(project.path("bare/pst.wasm")), error.message);
  assert.match(error.message, /wasm: \{ url \}/);
});

test("the recipe for other bundlers copies the file", async () => {
  const [recipe] = samples(section(serving, "Another bundler"), "js");
  await project.shell(`mkdir public\ncat > copy.js <<'END'\n${recipe}END\nnode copy.js`);
  assert.ok(existsSync(project.path("public/pst.wasm")));
  rmSync(project.path("public"), { recursive: true });
});
