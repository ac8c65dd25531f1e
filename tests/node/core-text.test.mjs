// Sessions that are objects: whatever stands in them, nothing but the id can be wrong, and what is said of them shows none of it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { loadPolicy, SessionError } from "post-session-transfer";
import { ORIGIN, settingsWith } from "./sdk/support.mjs";

const chat = (facts = {}) => ({
  ...{ id: "12345", channel: "chat", chat_type: "web", ended_by: "agent" },
  sdk: { platform: "web", version: "3.44.2" },
  ...facts,
});

const nested = (levels) => JSON.parse(`${"[".repeat(levels)}${"]".repeat(levels)}`);
const within = (() => {
  const cycle = { name: "x" };
  cycle.again = cycle;
  return cycle;
})();

const parameter = (source, field, more = {}) => ({ type: "dynamic", field, source, source_field: field, ...more });
const settings = (...parameters) =>
  settingsWith("webhook", {
    chat: { opt_in: false, data_parameters_enabled: true, data_parameters: parameters },
  });

/** What the endpoint got, as text: numbers are compared as they were written. */
async function sent(policy, session, options = {}) {
  const bodies = [];
  const fetch = async (_url, { body }) => {
    bodies.push(new TextDecoder().decode(body));
    return new Response("{}");
  };
  const { outcome } = await policy.run(session, { endpoints: [ORIGIN], fetch, ...options });
  assert.equal(outcome, "transferred");
  return bodies[0];
}

describe("an object", () => {
  for (const [what, facts] of Object.entries({
    "a large number": { x: 1e20, agent: { id: 2 ** 53 } },
    "a NUL": { agent: { name: "a\0b" }, custom_data: { unsigned: { "k\0": "v\0" } } },
    "half a character": { agent: { name: "a\ud800" }, "\udc00": 1 },
    "a bigint": { x: 1n, list: [1n] },
    "a cycle": { x: within },
    "nested deeply": { x: nested(200) },
    "names that become one": { "\ud800": 1, "\ud801": 2, "a\0": 1, "a\uFFFD": 2 },
    "objects that write themselves": {
      order: "1234567890123456",
      self: {
        toJSON() {
          return this;
        },
      },
      text: new String("x"),
    },
    "no numbers": { x: Number.NaN, y: Number.POSITIVE_INFINITY },
    "functions and symbols": { x: () => 1, y: Symbol("y"), list: [() => 1] },
  }))
    test(`${what} is no error: it is decided, previewed and run`, async () => {
      const policy = await loadPolicy(settings(parameter("unsigned", "k", { default: "none" })));
      assert.equal(policy.evaluate(chat(facts)).outcome, "transfer");
      assert.equal(policy.preview(chat(facts)).length, 1);
      assert.match(await sent(policy, chat(facts)), /"data_parameters":\{"k":"none"\}/);
      policy.dispose();
    });

  test("that throws when it is read, or is no session, is a typed error", async () => {
    const policy = await loadPolicy(settings());
    const thrower = { ...chat() };
    Object.defineProperty(thrower, "x", { enumerable: true, get: () => assert.fail("read") });
    for (const session of [thrower, {}, { id: 1e20 }, { id: 2 ** 53 }, [], () => 1, 7, null])
      assert.throws(() => policy.evaluate(session), SessionError);
    policy.dispose();
  });

  test("passes numbers on as numbers, whoever gave them", async () => {
    const policy = await loadPolicy(
      settings(parameter("unsigned", "a"), parameter("host", "b"), parameter("signed", "c")),
    );
    const claims = Buffer.from('{"custom_data":{"c":1e21}}').toString("base64url");
    const session = chat({ custom_data: { unsigned: { a: 1e20 }, signed: `e30.${claims}.x` } });
    assert.match(
      await sent(policy, session, { provide: () => 2 ** 53 }),
      /"a":100000000000000000000,"b":9007199254740992,"c":1e\+21/,
    );
    policy.dispose();
  });
});

describe("a text", () => {
  const text = (facts) => JSON.stringify(chat()).replace(/}$/, `,${facts}}`);

  test("is judged alike by evaluate, preview and run: numbers, depth, size", async () => {
    const policy = await loadPolicy(settings(parameter("unsigned", "k", { default: "none" })));
    const filler = (length) => text(`"filler":"${"x".repeat(length)}"`);
    const room = 4 * 1024 * 1024 - filler(0).length;
    for (const good of [
      text('"custom_data":{"unsigned":{"k":1e20}}'),
      text(`"x":${"[".repeat(31)}${"]".repeat(31)}`),
      filler(room),
    ]) {
      assert.equal(policy.evaluate(good).outcome, "transfer");
      await sent(policy, good);
    }
    for (const bad of [
      text('"x":9007199254740993'),
      text(`"x":${"[".repeat(32)}${"]".repeat(32)}`),
      filler(room + 1),
      text('"x":"\\u0000"'),
    ]) {
      assert.throws(() => policy.evaluate(bad), SessionError);
      await assert.rejects(policy.run(bad), SessionError);
    }
    policy.dispose();
  });

  test("that is refused is told of without its values", async () => {
    const policy = await loadPolicy(settings(parameter("unsigned", "card", { sensitive: true })));
    for (const card of ['"S3CRET-4711-\\u0000-tail"', "6222021234567890123", '"S3CRET\\ud800"']) {
      let error;
      try {
        policy.evaluate(text(`"custom_data":{"unsigned":{"card":${card}}}`));
      } catch (thrown) {
        error = thrown;
      }
      assert.ok(error instanceof SessionError);
      assert.doesNotMatch(`${error.message} ${JSON.stringify(error.errors)}`, /S3CRET|6222/);
      assert.match(error.message, /\/custom_data\/unsigned\/card|character/);
    }
    policy.dispose();
  });
});
