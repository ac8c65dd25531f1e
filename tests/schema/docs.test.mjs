// The references of settings and sessions: every field is there, and every example works.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { loadPolicy } from "post-session-transfer";
import { namesOf, settingsErrors } from "./support/parser.mjs";
import { compilePublished, complaints, readSchema } from "./support/schemas.mjs";

const page = (name) => readFileSync(new URL(`../../docs/${name}.md`, import.meta.url), "utf8");
const examples = (text) => [...text.matchAll(/```json\n(.*?)```/gs)].map(([, json]) => JSON.parse(json));

/** Names of all fields that a schema describes. */
function* fieldNames(schema) {
  if (schema === null || typeof schema !== "object") return;
  for (const [key, value] of Object.entries(schema)) {
    if (key === "properties") yield* Object.keys(value);
    if (!["examples", "default"].includes(key)) yield* fieldNames(value);
  }
}

for (const name of ["settings", "session"]) {
  test(`docs/${name}.md: every field of the schema is in the reference`, () => {
    const text = page(name);
    const missing = [...new Set(fieldNames(readSchema(name)))].filter(
      (field) => !new RegExp(`\`([\\w.]+\\.)?${field}(\\.\\w+)?\``).test(text),
    );
    assert.deepEqual(missing, []);
  });
}

test("docs: links lead to a heading that is there", () => {
  const headings = (name) =>
    [...page(name).matchAll(/^#+ (.+)$/gm)].map(([, title]) => title.toLowerCase().replaceAll(" ", "-"));
  for (const name of ["settings", "session"]) {
    for (const [, file, heading] of page(name).matchAll(/\]\((?:(\w+)\.md)?(?:#([\w-]+))?\)/g)) {
      if (heading !== undefined)
        assert.ok(headings(file ?? name).includes(heading), `${name}.md: ${file ?? ""}#${heading}`);
      else page(file);
    }
  }
});

test("docs: codes and reasons that are named are in the table of names", () => {
  const known = new Set(["ErrorCode", "WarningCode", "Reason"].flatMap(namesOf));
  const ending =
    /`(\w+_(?:unsupported|mismatch|unknown|not_for_calls|unused|too_long|too_large|too_deep|not_selected|not_eligible|not_required))`/g;
  for (const name of ["settings", "session"])
    for (const [, code] of page(name).matchAll(ending)) assert.ok(known.has(code), `${name}.md: ${code}`);
});

/** An example as a whole document: fragments are put where they belong. */
function whole(example, first) {
  if (example.version !== undefined) return example;
  if (example.kind !== undefined)
    return { ...first, virtual_agents: [{ ...first.virtual_agents[0], endpoint: example }] };
  if (example.field === undefined) return { ...first, ...example };
  const block = { data_parameters_enabled: true, data_parameters: [example] };
  return example.source === "sip_headers" ? { ...first, call: block } : { ...first, chat: { ...first.chat, ...block } };
}

test("docs/settings.md: every example loads without a warning", async () => {
  const all = examples(page("settings"));
  const validate = compilePublished("settings");
  assert.ok(all.length >= 10);
  for (const example of all) {
    const document = whole(example, all[0]);
    assert.ok(validate(document), complaints(validate));
    assert.deepEqual(await settingsErrors(JSON.stringify(document)), []);
    const policy = await loadPolicy(document);
    assert.deepEqual(policy.warnings, []);
    policy.dispose();
  }
});

test("docs/session.md: every example is a session, and the first one is transferred", async () => {
  const policy = await loadPolicy(examples(page("settings"))[0]);
  const all = examples(page("session"));
  assert.equal(policy.evaluate(all[0]).outcome, "transfer");
  for (const session of all) assert.equal(typeof policy.evaluate(session).outcome, "string");
  policy.dispose();
});

test("docs/session.md: what each fact's absence leads to", async () => {
  const [web] = examples(page("session"));
  const policy = await loadPolicy(examples(page("settings"))[0]);
  const without = (field) =>
    policy.evaluate(Object.fromEntries(Object.entries(web).filter(([key]) => key !== field))).reason;
  assert.equal(without("channel"), "channel_unsupported");
  assert.equal(without("sdk"), "sdk_unknown");
  assert.equal(without("chat_type"), "chat_type_not_selected");
  assert.equal(without("ended_by"), "ended_by_not_eligible");
  assert.equal(without("queue"), "eligible");
  assert.equal(policy.evaluate({ ...web, sdk: { platform: "web" } }).reason, "sdk_version_unsupported");
  policy.dispose();
});
