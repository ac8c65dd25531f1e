// docs/serving.md in a page under the strict policy: the quick start, bundled as the page says, and without a bundler.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { after, test } from "node:test";
import { packageFolder } from "../../demo-web/server/page.mjs";
import { page, samples, section } from "../docs/support/pages.mjs";
import { Project } from "../docs/support/project.mjs";
import { useChromium } from "./support/demo-page.mjs";
import { answerInPage } from "./support/quick-start-page.mjs";

const chromium = useChromium();
const project = new Project({});
after(() => project.remove());

const serving = page("serving");
const [quickStart] = samples(section(page("README"), "Quick start"), "js");
const [whole, split] = samples(section(serving, "esbuild"), "sh");
const [named] = samples(section(serving, "esbuild"), "js");

/** Bundles the quick start as a sample says. */
const bundled =
  (commands, source = quickStart) =>
  async (endpoint) => {
    rmSync(project.path("public"), { recursive: true, force: true });
    writeFileSync(project.path("app.js"), source.replace("https://bots.example.com", endpoint));
    await project.shell(commands);
    return project.path("public");
  };

const assertAnswered = ({ said, violations, error }) => {
  assert.equal(error, undefined);
  assert.equal(said, "declined opt_in_declined");
  assert.deepEqual(violations, []);
};

test("bundled into one file", async () => {
  assertAnswered(await answerInPage(chromium(), bundled(whole)));
});

test("split: no language is loaded that is not shown", async () => {
  const answered = await answerInPage(chromium(), bundled(split));
  assertAnswered(answered);
  assert.ok(answered.loaded.includes("pst.wasm"));
  assert.ok(!answered.loaded.some((file) => /^de-/.test(file)));
});

test("split into a folder of chunks: pst.wasm is looked for there", async () => {
  const commands = split
    .replace("--splitting", "--splitting --chunk-names=chunks/[name]-[hash]")
    .replace(/ public\/$/m, " public/chunks/");
  const answered = await answerInPage(chromium(), bundled(commands));
  assertAnswered(answered);
  assert.ok(answered.loaded.includes("chunks/pst.wasm"));
});

test("carried along by esbuild under a name with a hash", async () => {
  // The sample, with what the quick start has besides.
  const source = quickStart
    .replace(/^(import .*)$/m, `$1\n${/^import wasm .*$/m.exec(named)[0]}`)
    .replace(/^\}\);$/m, `${/^ +wasm: .*$/m.exec(named)[0]}\n});`);
  const [command] = whole.split("\n");
  const answered = await answerInPage(chromium(), bundled(`${command} --loader:.wasm=file`, source));
  assertAnswered(answered);
  assert.ok(answered.loaded.some((file) => /^pst-\w{8}\.wasm$/.test(file)));
});

test("left behind, the error names the place, and the option", async () => {
  const [command] = whole.split("\n");
  const { error } = await answerInPage(chromium(), bundled(command));
  assert.match(
    error.message,
    /could not be loaded: http:\S+\/app\/pst\.wasm answered 404\. .*the option wasm: \{ url \}\./,
  );
});

test("without a bundler, imported by path", async () => {
  const [from] = samples(section(serving, "Without a bundler"), "js");
  const [, path] = /from "(.*)"/.exec(from);
  assertAnswered(
    await answerInPage(chromium(), async (endpoint) => {
      rmSync(project.path("public"), { recursive: true, force: true });
      mkdirSync(project.path("public"));
      cpSync(packageFolder, project.path("public", path, ".."), { recursive: true });
      writeFileSync(
        project.path("public/app.js"),
        quickStart.replace("post-session-transfer", `/app${path}`).replace("https://bots.example.com", endpoint),
      );
      return project.path("public");
    }),
  );
});
