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
  const { metadata: merged, kept } = mergeMetadata(metadata, fragment);
  assert.deepEqual(merged, {
    id: 12345,
    agent_info: human,
    data_parameters: { queueId: 7, other: true, survey_kind: "csat" },
    post_session_transfer: fragment.post_session_transfer,
  });
  assert.deepEqual(kept, ["/data_parameters/queueId"]);
  assert.deepEqual(metadata, before, "what was given is not changed");
  assert.notEqual(merged, metadata);
});

test("what no fragment has is not added, and is named", () => {
  const { metadata, kept, ignored } = mergeMetadata(
    { id: 12345, agent_info: human },
    { ...fragment, agent_info: { va_alias: "bot" }, id: 1, "a/b": 2, participants: [] },
  );
  assert.deepEqual(metadata, { id: 12345, agent_info: human, ...fragment });
  assert.deepEqual(kept, []);
  assert.deepEqual(ignored, ["/agent_info", "/id", "/a~1b", "/participants"]);
  assert.deepEqual(mergeMetadata({}, { data_parameters: 2, post_session_transfer: null }), {
    metadata: {},
    kept: [],
    ignored: ["/data_parameters", "/post_session_transfer"],
  });
});

test("the same fragment again changes nothing, and is no conflict", () => {
  const once = mergeMetadata({ id: 1 }, fragment).metadata;
  const reordered = { ...fragment, post_session_transfer: { outcome: "transferred", virtual_agent: { id: "survey" } } };
  for (const again of [fragment, structuredClone(fragment), reordered]) {
    assert.deepEqual(mergeMetadata(once, again), { metadata: once, kept: [], ignored: [] });
  }
});

test("what is told of a transfer is taken whole or not at all: no half of a No and half of a Yes", () => {
  const declined = { handoff_id: "a", opt_in: { selected: "No" }, outcome: "declined" };
  const accepted = { handoff_id: "a", accepted_at: "2026-01-01T10:10:00.000Z", outcome: "accepted" };
  const { metadata, kept } = mergeMetadata(
    { post_session_transfer: declined },
    { data_parameters: { queueId: 502 }, post_session_transfer: accepted },
  );
  assert.deepEqual(metadata, { post_session_transfer: declined, data_parameters: { queueId: 502 } });
  assert.deepEqual(kept, ["/post_session_transfer"]);
});

test("a parameter that is there stays whole", () => {
  const there = { data_parameters: { list: [1], nested: { a: 1 } } };
  const { metadata, kept } = mergeMetadata(there, {
    data_parameters: { list: [1, 2], nested: { a: 1, b: 2 }, "a/b": 1 },
  });
  assert.deepEqual(metadata, { data_parameters: { ...there.data_parameters, "a/b": 1 } });
  assert.deepEqual(kept, ["/data_parameters/list", "/data_parameters/nested"]);
});

test("what stands in a fragment's place is left alone, null too", () => {
  for (const there of ["none", [], null, 0]) {
    for (const block of ["data_parameters", "post_session_transfer"]) {
      const { metadata, kept } = mergeMetadata({ [block]: there }, fragment);
      assert.deepEqual([metadata[block], kept], [there, [`/${block}`]]);
    }
  }
  assert.deepEqual(mergeMetadata({ data_parameters: { queueId: null } }, fragment).kept, ["/data_parameters/queueId"]);
});

test("nothing goes through prototypes", () => {
  const hostile = JSON.parse(
    '{"__proto__":{"admin":true},"data_parameters":{"__proto__":{"admin":true},"constructor":1,"toString":2}}',
  );
  const { metadata, kept, ignored } = mergeMetadata({ id: 1 }, hostile);
  assert.deepEqual([kept, ignored], [["/data_parameters/__proto__"], ["/__proto__"]]);
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
