import assert from "node:assert/strict";
import { test } from "node:test";
import { mergeMetadata } from "post-session-transfer/receiver";

const human = { id: 9, name: "Kim", email: "kim@example.com" };
const fragment = {
  data_parameters: { survey_kind: "csat", queueId: 502 },
  post_session_transfer: { virtual_agent: { id: "survey" }, outcome: "transferred" },
};

test("a fragment is added, and what was there stays", () => {
  const metadata = { id: 12345, agent_info: human, data_parameters: { queueId: 7, other: true } };
  const before = structuredClone(metadata);
  const { metadata: merged, kept } = mergeMetadata(metadata, { ...fragment, agent_info: { va_alias: "bot" }, id: 1 });
  assert.deepEqual(merged, {
    id: 12345,
    agent_info: human,
    data_parameters: { queueId: 7, other: true, survey_kind: "csat" },
    post_session_transfer: fragment.post_session_transfer,
  });
  assert.deepEqual(kept, ["/data_parameters/queueId", "/agent_info", "/id"]);
  assert.deepEqual(metadata, before, "what was given is not changed");
  assert.notEqual(merged, metadata);
});

test("the same fragment again changes nothing, and is no conflict", () => {
  const once = mergeMetadata({ id: 1 }, fragment).metadata;
  const reordered = { ...fragment, post_session_transfer: { outcome: "transferred", virtual_agent: { id: "survey" } } };
  for (const again of [fragment, structuredClone(fragment), reordered]) {
    assert.deepEqual(mergeMetadata(once, again), { metadata: once, kept: [] });
  }
});

test("an object inside stays whole: no half of one and half of another", () => {
  const there = { post_session_transfer: { virtual_agent: { name: "Old" }, list: [1] } };
  const { metadata, kept } = mergeMetadata(there, {
    post_session_transfer: { virtual_agent: { name: "Old", id: "x" }, list: [1, 2], "a/b": 1 },
  });
  assert.deepEqual(metadata, { post_session_transfer: { ...there.post_session_transfer, "a/b": 1 } });
  assert.deepEqual(kept, ["/post_session_transfer/virtual_agent", "/post_session_transfer/list"]);
});

test("what is no object where one is expected is left alone; null counts as nothing there", () => {
  assert.deepEqual(mergeMetadata({ data_parameters: "none" }, fragment).kept, ["/data_parameters"]);
  assert.deepEqual(mergeMetadata({ data_parameters: [] }, fragment).kept, ["/data_parameters"]);
  assert.deepEqual(
    mergeMetadata({ data_parameters: null }, fragment).metadata.data_parameters,
    fragment.data_parameters,
  );
  assert.deepEqual(mergeMetadata({ data_parameters: { queueId: null } }, fragment).kept, ["/data_parameters/queueId"]);
  assert.deepEqual(mergeMetadata({ data_parameters: { a: 1 } }, { data_parameters: 2 }).kept, ["/data_parameters"]);
});

test("nothing goes through prototypes", () => {
  const hostile = JSON.parse(
    '{"__proto__":{"admin":true},"data_parameters":{"__proto__":{"admin":true},"constructor":1,"toString":2}}',
  );
  const { metadata, kept } = mergeMetadata({ id: 1 }, hostile);
  assert.deepEqual(kept, ["/__proto__", "/data_parameters/__proto__"]);
  assert.equal(metadata.admin, undefined);
  assert.equal(metadata.data_parameters.admin, undefined);
  assert.equal({}.admin, undefined);
  // Names that objects inherit are names like any other.
  assert.deepEqual(Object.entries(metadata.data_parameters), [
    ["constructor", 1],
    ["toString", 2],
  ]);
  const theirs = JSON.parse('{"__proto__":{"x":1}}');
  assert.deepEqual(Object.keys(mergeMetadata(theirs, fragment).metadata), ["__proto__", ...Object.keys(fragment)]);
});

test("only objects can be merged", () => {
  for (const [metadata, part] of [
    [null, {}],
    [[], {}],
    ["{}", {}],
    [{}, null],
    [{}, []],
  ]) {
    assert.throws(() => mergeMetadata(metadata, part), { code: "metadata_invalid" });
  }
});
