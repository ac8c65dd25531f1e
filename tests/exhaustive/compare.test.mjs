// The harness itself: it passes what is equal, and it bites. Each broken copy of the reference has one mistake that a person could make.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { evaluate as reference } from "../reference/evaluate.mjs";
import { combinations, groups } from "./combinations.mjs";
import { compare, describe, isSame } from "./compare.mjs";

const loadReference = (settings) => (session, facts) => reference(settings, session, facts);

test("the reference does not differ from itself", async (t) => {
  const started = performance.now();
  const result = await compare(loadReference);
  t.diagnostic(`${describe(result)}\n  in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  assert.equal(result.differences, 0);
  assert.ok(result.combinations >= 100_000);
});

test("the same combinations come each time", () => {
  const first = [];
  for (const group of groups()) if (group.region === "random" && first.length < 3) first.push(group);
  const again = [...groups()].filter(({ region }) => region === "random").slice(0, 3);
  assert.deepEqual(
    first.map((group) => [group.settings, [...group.combinations()]]),
    again.map((group) => [group.settings, [...group.combinations()]]),
  );
});

test("every combination is a session with an id, and survives JSON unchanged", () => {
  for (const { settings, combinations } of groups()) {
    assert.deepEqual(settings && JSON.parse(JSON.stringify(settings)), settings);
    const [{ session }] = combinations();
    assert.deepEqual(JSON.parse(JSON.stringify(session)), session);
    assert.equal(session.id, "s-1");
  }
});

test("a product that throws is a difference, not an end", async () => {
  const result = await compare(
    () => () => {
      throw new Error("trap");
    },
    { stopAfter: 3 },
  );
  assert.equal(result.differences, 3);
  assert.match(describe(result), /trap/);
});

test("combinations with an allow-list are counted and left out where the product cannot take one", async () => {
  const some = [...groups()].filter(({ region }) => region === "records").slice(0, 2);
  const all = await compare(loadReference, { groups: some });
  const fewer = await compare(loadReference, { groups: some, takesAllowList: false });
  assert.ok(fewer.leftOut > 0);
  assert.equal(fewer.combinations + fewer.leftOut, all.combinations);
});

// [what a person got wrong, the line of the reference, the line broken]. Lines are replaced in evaluate.mjs or session.mjs.
const MISTAKES = [
  ["one mobile platform is forgotten", "xamarin maui", "xamarin"],
  ["rows 1-3 run for every call", 'if (channel !== "call" || platform !== null)', "if (true)"],
  ["rows 1-3 run for chats only", 'if (channel !== "call" || platform !== null)', 'if (channel === "chat")'],
  ["rows 1-3 run for no other channel", 'if (channel !== "call" ||', 'if (channel === "chat" ||'],
  ["an older patch is let through", "for (let i = 0; i < 3;", "for (let i = 0; i < 2;"],
  ["the oldest version allowed is refused", "  return true;\n}", "  return false;\n}"],
  ["a suffix of a version is malformed", "(?:[-+].*)?$", "$"],
  [
    "a newer major with a smaller minor is refused",
    "if (have[i] !== want[i]) return have[i] > want[i];",
    "if (have[i] < want[i]) return false;",
  ],
  ["numbers larger than 2^53 round", "map(BigInt)", "map(Number).map((n) => (n > 2 ** 53 ? 0 : n))"],
  [
    "a second status counts as not started",
    'status === "ready", status',
    'status === "ready" || status === "declined", status',
  ],
  [
    "required given as text counts",
    'const required = own(flags, "required");',
    'const required = own(flags, "required") === "true" ? true : own(flags, "required");',
  ],
  [
    "a call's flags are read",
    'channel === "chat" ? own(session, "post_session") : undefined',
    'own(session, "post_session")',
  ],
  [
    "the level of a transfer that is not required",
    'stop("skip", "platform_not_required", "platform")',
    'stop("skip", "platform_not_required", null)',
  ],
  ["a time-out is eligible by default", '["agent", "end_user"]', '["agent", "end_user", "timeout"]'],
  [
    "a queue that is off asks the global block",
    "queue?.routing !== false, queueId",
    "queue?.routing !== false || settings.chat?.enabled, queueId",
  ],
  ["a queue's number is not its text", "return Number.isSafeInteger(value) ? String(value) : null;", "return null;"],
  ["a queue that inherits is a queue of its own", "queue !== null && queue.routing !== undefined", "queue !== null"],
  ["the pointer of a queue that inherits", "`/queues/${queue.index}` :", "`/queues/${queue.index}/chat_routing` :"],
  ["a queue's own block takes all types", 'queue.routing ? ["web"] : []', 'settings.chat?.chat_types ?? ["web"]'],
  ["a queue that is off keeps web under required", 'queue.routing ? ["web"] : []', '["web"]'],
  [
    "a block that is off supplies its agent under required",
    "settings: block?.enabled === true ? block : null",
    "settings: block ?? null",
  ],
  [
    "the pointer where there is no block",
    "const typesPointer = block ? `/${channel}/${list}` : `/${channel}`;",
    "const typesPointer = `/${channel}/${list}`;",
  ],
  ["the pointer of the type is the list's", "`${typesPointer}/${index}`", "typesPointer"],
  ["a type that is not selected is not supported either", 'index < 0 || type === "web"', 'type === "web"'],
  ["one alias is forgotten", '"Messaging Inbound (Mobile Chat)", ', ""],
  ["aliases heed case", "CHAT_TYPE_NAMES.get(lower(given))", "CHAT_TYPE_NAMES.get(given)"],
  [
    "opt-in of the platform alone decides",
    "const optIn = blockAsks || platformAsks;",
    "const optIn = platformDecides ? platformAsks : blockAsks || platformAsks;",
  ],
  [
    "a missing flag means no",
    "platformDecides ? optInRequired !== false : optInRequired === true",
    "optInRequired === true",
  ],
  [
    "a flag takes the question away",
    "const blockAsks = channel",
    "const blockAsks = optInRequired !== false && channel",
  ],
  [
    "ccaip alone is no ccaip under required",
    'platformDecides || endpoint.kind === "ccaip"',
    'endpoint === null || endpoint.kind === "ccaip"',
  ],
  ["no conflict is told", 'endpoint !== null && endpoint.kind !== "ccaip";', "false;"],
  ["capabilities that are not known are none", "byCcaip && Array.isArray(can)", "byCcaip && can !== undefined"],
  [
    "no settings: the capability is not asked",
    "byCcaip && Array.isArray(can)",
    "configured && byCcaip && Array.isArray(can)",
  ],
  ["an empty allow-list is not known", "!byCcaip && allowedOrigins !== null", "!byCcaip && allowedOrigins?.length > 0"],
  [
    "the origin loses its port",
    "const { origin } = new URL(endpoint.url);",
    "const origin = `https://${new URL(endpoint.url).hostname}`;",
  ],
  [
    "the level of an endpoint that is not allowed",
    'stop("skip", "endpoint_not_allowed", level)',
    'stop("skip", "endpoint_not_allowed", null)',
  ],
  [
    "the level of a reject",
    'stop("reject", "sdk_cannot_hand_off", null)',
    'stop("reject", "sdk_cannot_hand_off", level)',
  ],
  [
    "a record is taken for the other",
    "in_crm_record: block?.data_records?.in_crm_record",
    "in_crm_record: block?.data_records?.in_metadata",
  ],
  [
    "records are those of the global block",
    "data_records: records(inForce),",
    "data_records: records(inForce && (settings[channel]?.enabled ? settings[channel] : inForce)),",
  ],
];

// All broken copies go through the combinations together, each until it is found; first through a few, since a few find most.
test("the combinations find every one of the mistakes", async () => {
  const session = readFileSync(new URL("../reference/session.mjs", import.meta.url), "utf8");
  const evaluate = readFileSync(new URL("../reference/evaluate.mjs", import.meta.url), "utf8");
  const module = (source) => `data:text/javascript;base64,${Buffer.from(source).toString("base64")}`;
  const hidden = new Map();
  for (const [mistake, right, wrong] of MISTAKES) {
    assert.ok(session.includes(right) || evaluate.includes(right), `the reference has the line ${right}`);
    const brokenSession = module(session.replace(right, wrong));
    hidden.set(
      mistake,
      await import(module(evaluate.replace(right, wrong).replace('"./session.mjs"', JSON.stringify(brokenSession)))),
    );
  }
  assert.equal(hidden.size, MISTAKES.length);

  for (const step of [101, 11, 1]) {
    let index = 0;
    for (const { settings, session: given, facts } of combinations()) {
      index += 1;
      if (index % step !== 0) continue;
      const expected = reference(settings, given, facts);
      for (const [mistake, broken] of hidden) {
        if (
          !isSame(
            answerOf(() => broken.evaluate(settings, given, facts)),
            expected,
          )
        )
          hidden.delete(mistake);
      }
      if (hidden.size === 0) return;
    }
  }
  assert.deepEqual([...hidden.keys()], []);
});

function answerOf(evaluate) {
  try {
    return evaluate();
  } catch (error) {
    return { threw: String(error) };
  }
}

test("the comparison finds a mistake, and says where", async () => {
  const load = (settings) => (session, facts) => {
    const decision = reference(settings, session, facts);
    return decision.reason === "queue_disabled" ? { ...decision, level: "global" } : decision;
  };
  const result = await compare(load, { groups: [...groups()].filter(({ region }) => region === "chat selection") });
  assert.ok(result.differences > 0);
  assert.match(
    describe(result),
    /chat selection:\n {2}settings .*\n {2}session .*\n.*\n {2}expected .*queue_disabled.*\n {2}actual .*"level":"global"/,
  );
});
