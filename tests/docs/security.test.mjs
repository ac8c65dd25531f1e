// docs/security.md: the policy is the one that the demo is served under, the digest is the package's, and data goes where the table says.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { loadPolicy } from "post-session-transfer";
import { contentSecurityPolicy } from "../../demo-web/server/page.mjs";
import { page, rows, samples, section } from "./support/pages.mjs";
import { Project } from "./support/project.mjs";
import { traces } from "./support/traces.mjs";

const security = page("security");
const policyOf = (text) => text.trim().replaceAll("\n", " ").replace(/;$/, "");

test("the policy is the demo's, but for what is the page's own", () => {
  const [documented] = samples(section(security, "The page's policy"), "text");
  const own = ["img-src 'self'", "report-uri /csp-reports"];
  const served = contentSecurityPolicy("<endpoints>").split("; ");
  for (const directive of own) assert.ok(served.includes(directive), directive);
  assert.equal(policyOf(documented), served.filter((directive) => !own.includes(directive)).join("; "));
});

test("there are no dependencies, and nothing runs when the package is installed", () => {
  const { dependencies, peerDependencies, optionalDependencies, scripts } = JSON.parse(
    readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
  );
  assert.deepEqual([dependencies, peerDependencies, optionalDependencies], [undefined, undefined, undefined]);
  assert.deepEqual(
    Object.keys(scripts).filter((name) => /install|^prepare$/.test(name)),
    [],
  );
});

test("beside the SDK there is its host in addition, and nothing less", () => {
  const [documented] = samples(section(security, "Beside the SDK"), "text");
  const [script, frame] = policyOf(documented).split("; ");
  const [strict] = contentSecurityPolicy()
    .split("; ")
    .filter((directive) => directive.startsWith("script-src "));
  assert.equal(script, `${strict} https://{tenant host}/`);
  assert.equal(frame, "frame-src https://{tenant host}/");
});

test("the digest is computed as the page says, and is checked", async (t) => {
  const project = new Project({});
  after(() => project.remove());
  const [command] = samples(section(security, "Checking the bytes"), "sh");
  const integrity = (await project.shell(command)).trim();
  const other = integrity.replace(/-./, (start) => (start === "-A" ? "-B" : "-A"));
  t.diagnostic(integrity);
  const load = (digest) => loadPolicy(undefined, { wasm: { integrity: digest } });
  (await load(integrity)).dispose();
  await assert.rejects(load(other), { code: "wasm_integrity" });
  await assert.rejects(load("md5-AAAA"), { code: "wasm_integrity" });
  const viaOpenssl = await project.shell(
    "openssl dgst -sha384 -binary node_modules/post-session-transfer/dist/pst.wasm | openssl base64 -A",
  );
  assert.equal(`sha384-${viaOpenssl}`, integrity);
});

test("data goes where the table says, and nowhere else", async () => {
  const columns = ["endpoint", "sinks", "storage", "log", "events"];
  const documented = Object.fromEntries(
    rows(section(security, "Where data goes")).map(([what, ...cells]) => [
      what,
      columns.filter((_, at) => !["no", "–"].includes(cells[at])),
    ]),
  );
  const seen = await traces();
  // Credentials go to sinks that are URLs; here they are functions.
  seen["what `authorize()` returns"].push("sinks");
  assert.deepEqual(documented, seen);
});
