// The language of a question: which one it is, what happens while its file is on its way, and what goes on record of it.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createPostSessionTransfer, loadPolicy } from "post-session-transfer";
import { fastClock } from "./support/fast-clock.mjs";
import { field, startServices, until } from "./support/services.mjs";
import { settingsFor, webChat } from "./support/settings.mjs";

const german = { ...webChat, lang: "de" };

/** A transfer whose session has ended, and what it says. */
async function asked(t, { session = german, chat = {}, rules, open = createPostSessionTransfer, ...options } = {}) {
  const services = await startServices(t);
  const settings = { ...settingsFor(services.origin, chat), ...(rules && { rules }) };
  const transfer = await open({
    ...{ settings, endpoints: [services.origin], clock: fastClock(), storage: null, records: services.sinks },
    ...options,
  });
  t.after(() => transfer.dispose());
  const prompts = [];
  const diagnostics = [];
  const consents = [];
  transfer.on("prompt", (prompt) => prompts.push(prompt));
  transfer.on("diagnostic", (said) => diagnostics.push(said));
  transfer.on("consent", (consent) => consents.push(consent));
  await transfer.sessionEnded(session);
  await until(() => prompts.length > 0, "the question");
  return { services, transfer, prompts, diagnostics, consents };
}

test("a chat in German asks in German, from the first word, and that is on record", async (t) => {
  const { services, transfer, prompts, consents } = await asked(t, {
    chat: { data_records: { in_metadata: true, in_crm_record: true } },
  });
  assert.equal(prompts[0].lang, "de");
  assert.equal(prompts[0].dir, "ltr");
  assert.match(prompts[0].title, /Chat/);
  assert.deepEqual(
    prompts[0].actions.map(({ label }) => label),
    ["Ja", "Nein"],
  );
  transfer.act("yes");
  await until(() => services.comments().length === 1 && services.files().length === 1, "the records");
  assert.ok(prompts.every((prompt) => prompt === null || prompt.lang === "de"));
  const [consent] = consents;
  assert.deepEqual([consent.locale, consent.text_version], ["de", "de-1"]);
  const { opt_in } = services.handoffs[0];
  assert.deepEqual([opt_in.locale, opt_in.text_version], ["de", "de-1"]);
  assert.equal(services.file("12345").metadata.post_session_transfer.opt_in.text_version, "de-1");
});

test("a No is on record in its language", async (t) => {
  const { services, transfer } = await asked(t, {
    chat: { data_records: { in_metadata: false, in_crm_record: true } },
  });
  transfer.act("no");
  await until(() => services.comments().length === 1, "the consent");
  assert.match(services.comments()[0].text, /Opt-in Text Version: de-1\nOpt-in Locale: de\n/);
});

test("from right to left", async (t) => {
  const { prompts } = await asked(t, { session: { ...webChat, lang: "ar-EG" } });
  assert.deepEqual([prompts[0].lang, prompts[0].dir], ["ar", "rtl"]);
});

test("the option wins, the host's own texts make a version of their own", async (t) => {
  const french = await asked(t, { locale: "fr" });
  assert.equal(french.prompts[0].lang, "fr");
  const own = await asked(t, { messages: { de: { yes: "Gern" } } });
  assert.equal(own.prompts[0].actions[0].label, "Gern");
  assert.equal(own.prompts[0].actions[1].label, "Nein");
  own.transfer.act("yes");
  await until(() => own.consents.length === 1, "the consent");
  assert.match(own.consents[0].text_version, /^de-1\+[0-9a-f]{8}$/);
  const english = await asked(t, { session: webChat, messages: { en: { yes: "Sure" } } });
  english.transfer.act("yes");
  await until(() => english.consents.length === 1, "the consent");
  assert.match(english.consents[0].text_version, /^en-1\+[0-9a-f]{8}$/);
});

test("what is wrong with fields is said in the language, and the time left in its words", async (t) => {
  const { transfer, prompts } = await asked(t, {
    chat: { data_parameters: [field("callback", { required: true, label: "Rückruf", input: "tel" }), field("note")] },
    rules: { prompt_timeout_s: 120 },
  });
  assert.match(prompts[0].note, /2 Minuten/);
  assert.match(prompts[0].fields[1].label, /optional/);
  transfer.act("yes", { callback: "" });
  const { error } = prompts.at(-1).fields[0];
  assert.notEqual(error, "");
  assert.doesNotMatch(error, /Please/);
  const { prompts: english } = await asked(t, { session: webChat, rules: { prompt_timeout_s: 120 } });
  assert.match(english[0].note, /2 minutes/);
  const { prompts: untimed } = await asked(t);
  assert.equal(untimed[0].note, "");
});

test("policy.run asks in the language of the session, or of the option", async (t) => {
  const services = await startServices(t);
  const policy = await loadPolicy(settingsFor(services.origin));
  t.after(() => policy.dispose());
  const langs = [];
  const act = ({ lang }) => {
    langs.push(lang);
    return "no";
  };
  const options = { act, clock: fastClock(), endpoints: [services.origin] };
  await policy.run(german, options);
  await policy.run(german, { ...options, locale: "ja" });
  assert.deepEqual(langs, ["de", "ja"]);
});

/** The package, with another file in the place of one of its languages. */
async function packageWith(t, tag, text) {
  const entry = fileURLToPath(import.meta.resolve("post-session-transfer"));
  const folder = mkdtempSync(join(tmpdir(), "pst-words-"));
  t.after(() => rmSync(folder, { recursive: true }));
  cpSync(dirname(entry), folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const file = join(folder, "locales", `${tag}.js`);
  if (text === null) rmSync(file);
  else writeFileSync(file, text);
  const { createPostSessionTransfer: open } = await import(pathToFileURL(join(folder, basename(entry))).href);
  return open;
}

for (const [what, text] of [
  ["missing", null],
  ["broken", "throw new Error('hidden');"],
  ["never there", "await new Promise(() => {});"],
]) {
  test(`a file that is ${what}: English, and said once`, async (t) => {
    const open = await packageWith(t, "de", text);
    const { transfer, prompts, diagnostics, consents } = await asked(t, { open });
    assert.equal(prompts[0].lang, "en");
    await transfer.sessionEnded(german);
    transfer.act("yes");
    await until(() => transfer.state === "done", "the end");
    assert.deepEqual([consents[0].locale, consents[0].text_version], ["en", "en-1"]);
    assert.deepEqual(
      diagnostics.map(({ code, locale }) => [code, locale]),
      [["locale_unavailable", "de"]],
    );
    assert.doesNotMatch(JSON.stringify(diagnostics), /hidden/);
    // The next chat is asked in the same way, without another word.
    await transfer.sessionEnded({ ...german, id: "2" });
    await until(() => transfer.state === "asking", "the second question");
    assert.equal(prompts.at(-1).lang, "en");
    assert.equal(diagnostics.length, 1);
  });
}

test("a file that comes late: nothing is shown before it, and never English first", async (t) => {
  const late = `await new Promise((resolve) => setTimeout(resolve, 60));
    export { default } from "./fr.js";`;
  const open = await packageWith(t, "de", late);
  const { prompts, diagnostics } = await asked(t, { open });
  assert.deepEqual(
    prompts.map(({ lang }) => lang),
    ["fr"],
  );
  assert.deepEqual(diagnostics, []);
});
