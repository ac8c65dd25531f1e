// policy.run, when it is called off, when its hooks misbehave, and when credentials do not come.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { loadPolicy } from "post-session-transfer";
import { ORIGIN, settingsWith } from "./sdk/support.mjs";
import { ManualClock } from "./support/fast-clock.mjs";

const SESSION = {
  ...{ id: "12345", channel: "chat", chat_type: "web", ended_by: "agent" },
  sdk: { platform: "web", version: "3.44.2" },
};
const RECORDED = { opt_in: false, data_records: { in_metadata: true, in_crm_record: true } };

const accepts = async () => new Response("{}");
const never = () => new Promise(() => {});
/** WebCrypto and fetch answer in their own time. */
const moment = () => new Promise((resolve) => setTimeout(resolve, 5));

/** Lets seconds pass, until there is a result. */
async function played(clock, { result }, seconds = 60, step = 1000) {
  let over = false;
  result.then(
    () => (over = true),
    () => (over = true),
  );
  for (let ms = 0; ms < seconds * 1000 && !over; ms += step) {
    await moment();
    clock.advance(step);
  }
  assert.ok(over, `no result after ${seconds} s`);
  return result;
}

/** A run under way, with two sinks that take what they are given. */
async function running(t, options = {}, settings = settingsWith("webhook", { chat: RECORDED })) {
  const policy = await loadPolicy(settings);
  t.after(() => policy.dispose());
  const records = { metadata: () => {}, crm: () => {} };
  return { result: policy.run(SESSION, { endpoints: [ORIGIN], fetch: accepts, records, random: () => 0, ...options }) };
}

const silent = (more = {}) => settingsWith("webhook", { chat: { opt_in: false, ...more } });

describe("called off", () => {
  test("after the acceptance: that stays, and of each record it is told how far it had come", async (t) => {
    const stop = new AbortController();
    let begun = () => {};
    const called = new Promise((resolve) => {
      begun = resolve;
    });
    const crm = () => {
      begun();
      return never();
    };
    const { result } = await running(t, { signal: stop.signal, records: { metadata: () => {}, crm } });
    await called;
    await moment();
    stop.abort();
    const { outcome, reason, records } = await result;
    assert.equal(`${outcome}/${reason}`, "transferred/accepted");
    assert.deepEqual(
      records.map(({ sink, state }) => `${sink} ${state}`),
      ["metadata delivered", "crm sending"],
    );
  });

  test("before it: cancelled, and nothing is on record", async (t) => {
    const stop = new AbortController();
    const { result } = await running(t, { signal: stop.signal, fetch: never });
    await moment();
    stop.abort();
    const { outcome, reason, records } = await result;
    assert.deepEqual([outcome, reason, records], ["cancelled", "host_cancelled", []]);
  });
});

describe("redact", () => {
  const codes = ({ events }) => events.filter(({ event }) => event === "diagnostic").map(({ data }) => data.code);
  const ofLog = (misbehave) => (content, about) => (about.kind === "log" ? misbehave(content) : content);
  const ofRecords = (misbehave) => (content, about) => (about.kind === "record" ? misbehave(content) : content);

  for (const [what, misbehave] of Object.entries({
    throws: () => {
      throw new Error("hidden");
    },
    promises: async (content) => content,
    rejects: () => Promise.reject(new Error("hidden")),
    "returns nothing": () => {},
    "returns a text": () => "x",
  })) {
    test(`of the log that ${what}: there is no log, and the result is there`, async (t) => {
      const result = await (await running(t, { redact: ofLog(misbehave) })).result;
      assert.deepEqual([result.outcome, result.log], ["transferred", []]);
      assert.deepEqual(codes(result), ["redact_failed"]);
      assert.doesNotMatch(JSON.stringify(result), /hidden/);
    });
  }

  for (const [what, misbehave] of Object.entries({
    promises: async (content) => content,
    rejects: () => Promise.reject(new Error("hidden")),
    "returns a Map": (content) => new Map(Object.entries(content)),
    "returns nothing of it": () => ({}),
    "turns the text into something else": (content) => ({ ...content, text: 1, fragment: "x" }),
    "takes the fragment out": () => ({ text: null, fragment: null }),
  }))
    test(`of records that ${what}: nothing empty is written, and that is told`, async (t) => {
      const written = [];
      const take = (record) => void written.push(record);
      const clock = new ManualClock();
      const run = await running(t, { clock, redact: ofRecords(misbehave), records: { metadata: take, crm: take } });
      const { outcome, records } = await played(clock, run);
      assert.equal(outcome, "transferred");
      assert.deepEqual(
        records.map(({ sink, state, reason }) => `${sink} ${state} ${reason}`),
        ["metadata given_up sink_failed", "crm given_up sink_failed"],
      );
      assert.deepEqual(written, []);
    });
});

describe("a function that takes a record", () => {
  // The second while the next attempt is due, but has not begun.
  for (const ms of [20_000, 8_200])
    test(`and takes ${ms} ms, is called once, and is waited for`, async (t) => {
      const clock = new ManualClock();
      let calls = 0;
      const slow = () => {
        calls += 1;
        return new Promise((resolve) => clock.setTimeout(resolve, ms));
      };
      const settings = silent({ data_records: { in_metadata: true } });
      const run = await running(t, { clock, random: () => 0.99, records: { metadata: slow } }, settings);
      const { records } = await played(clock, run, 60, 100);
      assert.equal(calls, 1);
      assert.equal(records[0].state, "delivered");
    });

  test("and fails, is called again", async (t) => {
    const clock = new ManualClock();
    let calls = 0;
    const shaky = async () => {
      calls += 1;
      if (calls < 3) throw new Error("down");
    };
    const run = await running(
      t,
      { clock, records: { metadata: shaky } },
      silent({ data_records: { in_metadata: true } }),
    );
    const { records } = await played(clock, run);
    assert.equal(records[0].state, "delivered");
    assert.equal(calls, 3);
  });
});

describe("credentials", () => {
  test("that never come, for an endpoint that is not idempotent: nothing was sent, and that is what is said", async (t) => {
    const clock = new ManualClock();
    let sent = 0;
    const fetch = async () => {
      sent += 1;
      return accepts();
    };
    const agent = "projects/p/locations/us-central1/agents/a";
    const endpoint = { kind: "dialogflow_cx", url: ORIGIN, event: "POST_SESSION", idempotent: false, agent };
    const virtual_agents = [{ id: "survey", name: "Survey", channels: ["chat"], endpoint }];
    const run = await running(t, { clock, fetch, authorize: never }, { ...silent(), virtual_agents });
    const { outcome, reason } = await played(clock, run);
    assert.deepEqual([outcome, reason, sent], ["failed", "authorize_failed", 0]);
  });

  test("that were refused are asked for anew until the host has given some", async (t) => {
    const clock = new ManualClock();
    const asked = [];
    const authorize = async ({ again }) => {
      asked.push(again);
      if (asked.length === 2) throw new Error("hiccup");
      return { authorization: again ? "fresh" : "stale" };
    };
    const fetch = async (_url, { headers }) =>
      new Response("{}", { status: headers.get("authorization") === "fresh" ? 200 : 401 });
    const run = await running(t, { clock, authorize, fetch }, silent());
    assert.equal((await played(clock, run)).outcome, "transferred");
    assert.deepEqual(asked, [false, true, true]);
  });
});

test("trying again is bounded, whoever decides it", async (t) => {
  const clock = new ManualClock();
  let sent = 0;
  const fetch = async () => {
    sent += 1;
    return new Response("{}", { status: 429, headers: { "retry-after": "60" } });
  };
  const run = await running(t, { clock, fetch, act: ({ kind }) => (kind === "stalled" ? "try_again" : "yes") });
  const { outcome, reason } = await played(clock, run);
  assert.deepEqual([outcome, reason, sent], ["failed", "rate_limited", 6]);
});
