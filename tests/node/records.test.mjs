// What stays on record: the metadata and the CRM of real services, which keep what they got in SQLite.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createPostSessionTransfer, loadPolicy } from "post-session-transfer";
import { World, settingsWith as worldSettings } from "./life/support.mjs";
import { fastClock } from "./support/fast-clock.mjs";
import { startServices, until } from "./support/services.mjs";
import { settingsFor, webChat } from "./support/settings.mjs";

const BOTH = { in_metadata: true, in_crm_record: true };
const NONE = { in_metadata: false, in_crm_record: false };

/** Runs a session without a page. */
async function run(services, { data_records = BOTH, chat, session = webChat, ...options } = {}) {
  const policy = await loadPolicy(settingsFor(services.origin, { data_records, ...chat }));
  try {
    return await policy.run(session, {
      act: () => "yes",
      endpoints: [services.origin],
      records: services.sinks,
      clock: fastClock(100),
      random: () => 0,
      ...options,
    });
  } finally {
    policy.dispose();
  }
}

const ends = ({ records }) =>
  records.map(({ sink, state, reason }) => `${sink} ${state}${reason === null ? "" : ` ${reason}`}`).sort();
const codes = ({ events }) => events.filter(({ event }) => event === "diagnostic").map(({ data }) => data.code);

describe("what is written", () => {
  test("metadata only: merged into the platform's file, whose own parts stay", async (t) => {
    const services = await startServices(t);
    const result = await run(services, { data_records: { ...NONE, in_metadata: true } });
    assert.deepEqual(ends(result), ["metadata delivered"]);
    assert.deepEqual(services.comments(), []);
    const { metadata, kept } = services.file("12345");
    assert.equal(metadata.agent_info.name, "Kim");
    assert.deepEqual(kept, []);
    assert.deepEqual(metadata.data_parameters, { survey_kind: "csat", queueId: 502, order_id: "A-1" });
    const { handoff_id } = services.handoffs[0];
    const { post_session_transfer: transfer } = metadata;
    assert.deepEqual(
      { ...transfer, opt_in: transfer.opt_in.selected, accepted_at: 0 },
      {
        handoff_id,
        session_id: "12345",
        virtual_agent: { id: "orders", name: "Order status" },
        ended_by: "agent",
        opt_in: "Yes",
        accepted_at: 0,
        outcome: "accepted",
      },
    );
  });

  test("CRM only: the platform's text", async (t) => {
    const services = await startServices(t);
    const result = await run(services, { data_records: { ...NONE, in_crm_record: true } });
    assert.deepEqual(ends(result), ["crm delivered"]);
    assert.deepEqual(services.files(), []);
    const [{ text, session_id }] = services.comments();
    assert.equal(session_id, "12345");
    assert.equal(
      text,
      "Data parameters passed to Order status\nData parameters passed:\nsurvey_kind: csat\nqueueId: 502\norder_id: A-1",
    );
  });

  test("both, and neither", async (t) => {
    const services = await startServices(t);
    assert.deepEqual(ends(await run(services)), ["crm delivered", "metadata delivered"]);
    assert.equal(services.comments().length, 1);
    assert.deepEqual(services.files(), ["12345"]);
    assert.deepEqual(services.posted.map(({ key }) => key.split(":")[1]).sort(), ["crm", "metadata"]);
    const without = await run(services, { data_records: NONE, session: { ...webChat, id: "2" } });
    assert.deepEqual(without.records, []);
    assert.equal(services.posted.length, 2);
  });

  test("a No: one consent in each selected sink, and no parameter", async (t) => {
    const services = await startServices(t);
    const result = await run(services, { act: () => "no" });
    assert.equal(`${result.outcome}/${result.reason}`, "declined/opt_in_declined");
    assert.deepEqual(ends(result), ["crm delivered", "metadata delivered"]);
    assert.deepEqual(
      result.records.map(({ record }) => record),
      ["consent", "consent"],
    );
    assert.equal(services.handoffs.length, 0);
    assert.equal(services.posted.length, 2);
    for (const { body } of services.posted) {
      assert.doesNotMatch(body, /A-1|csat|502|data_parameters|order_id/);
      assert.match(body, /No/);
      assert.match(body, /en-1/);
    }
    const only = await run(services, {
      act: () => "no",
      data_records: { ...NONE, in_crm_record: true },
      session: { ...webChat, id: "3" },
    });
    assert.deepEqual(ends(only), ["crm delivered"]);
  });

  test("nobody answered, or nothing was handed off: no record", async (t) => {
    const services = await startServices(t);
    assert.deepEqual((await run(services, { act: () => null })).records, []);
    assert.deepEqual((await run(services, { endpoints: [] })).records, []);
    assert.deepEqual((await run(services, { session: { ...webChat, sdk: { platform: "ios" } } })).records, []);
    assert.equal(services.posted.length, 0);
  });

  test("no value forges a line, is a formula of ours, or is cut within a character", async (t) => {
    const services = await startServices(t);
    const evil = "A\nOpt-in: Yes\r\nqueueId: 1\u2028x: y\u0085z: 1\u202e=HYPERLINK(<b>)";
    const long = `${"x".repeat(995)}\u{1F468}\u200d\u{1F469}\u200d\u{1F467}${"y".repeat(200)}`;
    await run(services, {
      session: {
        ...webChat,
        custom_data: { unsigned: { order_id: evil, long } },
        queue: { id: "502\nqueueId: 7" },
      },
      chat: {
        data_parameters: [
          { type: "dynamic", field: "order_id", source: "unsigned", source_field: "order_id" },
          { type: "dynamic", field: "long", source: "unsigned", source_field: "long" },
          { type: "dynamic", field: "queueId", source: "ujet_metadata", source_field: "queue.id" },
        ],
      },
    });
    const [{ text }] = services.comments();
    const lines = text.split(/[\n\r\u2028\u2029\u0085]/u);
    assert.equal(lines.length, 5);
    assert.deepEqual(
      lines.slice(2).map((line) => line.split(":")[0]),
      ["order_id", "long", "queueId"],
    );
    assert.ok(lines[3].endsWith("x…"), lines[3].slice(-9));
    // The virtual agent and the metadata get the value as it is.
    assert.equal(services.handoffs[0].data_parameters.order_id, evil);
    assert.equal(services.file("12345").metadata.data_parameters.order_id, evil);
  });

  test("what agents must not see is not in the CRM, whatever its name", async (t) => {
    const services = await startServices(t);
    await run(services, {
      session: {
        ...webChat,
        custom_data: {
          unsigned: {
            order_id: { value: "visible", type: "string" },
            hushed: { value: "unseen", type: "string", invisible_to_agent: true },
          },
          signed: { claimed: { value: "unseen2", invisible_to_agent: true } },
        },
      },
      chat: {
        data_parameters: [
          { type: "dynamic", field: "shown", source: "unsigned", source_field: "order_id" },
          { type: "dynamic", field: "plain", source: "unsigned", source_field: "hushed" },
          { type: "dynamic", field: "claim", source: "signed", source_field: "claimed" },
        ],
      },
    });
    const [{ text }] = services.comments();
    assert.match(text, /shown: visible/);
    assert.doesNotMatch(text, /unseen|plain|claim/);
    assert.equal(services.file("12345").metadata.data_parameters.claim, "unseen2");
  });
});

describe("how it is delivered", () => {
  test("functions: called with the record, once it was accepted", async (t) => {
    const services = await startServices(t);
    const written = [];
    const sink = (name) => (record, context) => {
      assert.equal(services.handoffs.length, 1, "records wait for acceptance");
      assert.ok(context.signal instanceof AbortSignal);
      written.push([name, record.record, Object.keys(record).sort().join()]);
    };
    const result = await run(services, { records: { metadata: sink("metadata"), crm: sink("crm") } });
    assert.deepEqual(ends(result), ["crm delivered", "metadata delivered"]);
    assert.deepEqual(written, [
      ["metadata", "metadata", "fragment,handoff_id,record,schema,written_at"],
      ["crm", "crm", "handoff_id,record,schema,text,written_at"],
    ]);
  });

  test("one that works while the other fails is reported as such, and the hand-off stands", async (t) => {
    const services = await startServices(t, { fault: (path) => (path.startsWith("/crm") ? 403 : undefined) });
    const result = await run(services);
    assert.equal(result.outcome, "transferred");
    assert.deepEqual(ends(result), ["crm given_up refused", "metadata delivered"]);
    const mixed = await run(services, {
      session: { ...webChat, id: "2" },
      records: {
        metadata: services.sinks.metadata,
        crm: () => {
          throw new Error("hidden-text");
        },
      },
    });
    assert.deepEqual(ends(mixed), ["crm given_up sink_failed", "metadata delivered"]);
    assert.ok(codes(mixed).includes("record_failed"));
    assert.doesNotMatch(JSON.stringify(mixed.events), /hidden-text/);
  });

  test("tried again with the same bytes, and written once", async (t) => {
    const answers = [503, 409, 429];
    const services = await startServices(t, { fault: (_path, n) => answers[n - 1] });
    const result = await run(services);
    assert.deepEqual(ends(result), ["crm delivered", "metadata delivered"]);
    for (const path of ["/crm/records", "/files/records"]) {
      const sent = services.posted.filter((one) => one.path === path);
      assert.equal(sent.length, 4);
      assert.equal(new Set(sent.map(({ body }) => body)).size, 1);
      assert.equal(new Set(sent.map(({ key }) => key)).size, 1);
    }
    assert.equal(services.comments().length, 1);
  });

  test("a function that fails at first is called again with the same record", async (t) => {
    const services = await startServices(t);
    const calls = [];
    const crm = async (record) => {
      calls.push(JSON.stringify(record));
      if (calls.length < 3) throw new Error("not yet");
    };
    const result = await run(services, { records: { metadata: services.sinks.metadata, crm } });
    assert.deepEqual(ends(result), ["crm delivered", "metadata delivered"]);
    assert.equal(calls.length, 3);
    assert.equal(new Set(calls).size, 1);
  });

  test("422 is final, 401 asks authorize() once more", async (t) => {
    const conflict = await startServices(t, { fault: () => 422 });
    assert.deepEqual(ends(await run(conflict)), [
      "crm given_up idempotency_conflict",
      "metadata given_up idempotency_conflict",
    ]);
    assert.equal(conflict.posted.length, 2);
    const services = await startServices(t, { fault: (_path, n) => (n === 1 ? 401 : undefined) });
    const asked = [];
    const result = await run(services, {
      authorize: ({ delivery, attempt, again, handoff_id }) => {
        asked.push(`${delivery} ${attempt} ${again} ${handoff_id.length}`);
        return { Authorization: "Bearer t" };
      },
    });
    assert.deepEqual(ends(result), ["crm delivered", "metadata delivered"]);
    assert.deepEqual(asked.sort(), [
      "crm 1 false 36",
      "crm 2 true 36",
      "handoff 1 false 36",
      "metadata 1 false 36",
      "metadata 2 true 36",
    ]);
    const refused = await startServices(t, { fault: () => 401 });
    assert.deepEqual(ends(await run(refused)), ["crm given_up unauthorized", "metadata given_up unauthorized"]);
  });

  test("a sink that is missing, or not on the list", async (t) => {
    const services = await startServices(t);
    const elsewhere = await run(services, {
      records: { crm: "https://elsewhere.example/records", metadata: "http://user:word@127.0.0.1/records" },
    });
    assert.equal(elsewhere.outcome, "transferred");
    assert.deepEqual(ends(elsewhere), ["crm given_up endpoint_not_allowed", "metadata given_up endpoint_not_allowed"]);
    const missing = await run(services, { records: undefined, session: { ...webChat, id: "2" } });
    assert.deepEqual(ends(missing), ["crm given_up sink_missing", "metadata given_up sink_missing"]);
    assert.equal(services.posted.length, 0);
  });

  test("a sink that is none is a mistake", async (t) => {
    const services = await startServices(t);
    for (const crm of [7, {}, "not a url", "/relative", true]) {
      const invalid = { name: "ConfigurationError", code: "record_sink_invalid" };
      await assert.rejects(run(services, { records: { crm } }), invalid);
      const settings = settingsFor(services.origin);
      await assert.rejects(createPostSessionTransfer({ settings, records: { crm } }), invalid);
    }
    assert.equal(services.posted.length, 0);
  });
});

describe("redact", () => {
  test("has the last word about content, and none about what tells one record from another", async (t) => {
    const services = await startServices(t);
    const seen = [];
    const redact = (content, about) => {
      seen.push(about.kind === "record" ? `record ${about.record} ${Object.keys(content)}` : "log");
      if (about.kind === "log") return content.type === "begin" ? { ...content, facts: {} } : content;
      if (about.record === "crm")
        return { text: "nothing to see", handoff_id: "forged", record: "metadata", schema: 9 };
      return { fragment: { data_parameters: {} } };
    };
    const result = await run(services, { redact });
    assert.deepEqual(seen.filter((one) => one !== "log").sort(), ["record crm text", "record metadata fragment"]);
    assert.equal(services.comments()[0].text, "nothing to see");
    assert.equal(services.comments()[0].handoff_id, services.handoffs[0].handoff_id);
    assert.deepEqual(services.file("12345").metadata.data_parameters, {});
    assert.deepEqual(result.log.find(({ type }) => type === "begin").facts, {});
    assert.equal(services.handoffs[0].data_parameters.order_id, "A-1");
  });

  test("one that throws keeps the record back, and says so without its text", async (t) => {
    const services = await startServices(t);
    const redact = (content, { kind }) => {
      if (kind === "log") return content;
      throw new TypeError("hidden-text");
    };
    const result = await run(services, { redact });
    assert.equal(result.outcome, "transferred");
    assert.deepEqual(ends(result), ["crm given_up sink_failed", "metadata given_up sink_failed"]);
    assert.equal(services.posted.length, 0);
    assert.ok(codes(result).includes("redact_failed"));
    assert.doesNotMatch(JSON.stringify(result.events), /hidden-text/);
  });

  test("what is no record any more stays where it is", async (t) => {
    const services = await startServices(t);
    for (const [index, nothing] of [undefined, null, "text", 7, [1]].entries()) {
      const redact = (content, { kind }) => (kind === "log" ? content : nothing);
      const result = await run(services, { redact, session: { ...webChat, id: `${index}` } });
      assert.deepEqual(ends(result), ["crm given_up sink_failed", "metadata given_up sink_failed"]);
    }
    assert.equal(services.posted.length, 0);
  });
});

describe("in a page", () => {
  const settings = () => worldSettings("webhook", { optIn: false, chat: { data_records: BOTH } });
  const sinksTo = (services) => ({ records: services.sinks, endpoints: [services.origin, "https://bots.example.com"] });

  /** A world whose hand-offs are taken by its own receiver, and whose records go to the services, when `open` says so. */
  async function page(t, { isOpen = () => true } = {}) {
    const services = await startServices(t);
    const world = new World();
    const options = {
      settings: settings(),
      ...sinksTo(services),
      fetch: async (url, init) => {
        if (url.endsWith("/handoff")) return world.receiver.take(init);
        if (!isOpen()) throw new TypeError("Failed to fetch");
        return fetch(url, init);
      },
    };
    const first = await world.open(options);
    return { services, world, options, first };
  }

  /** Lets time go on until it holds: the services answer in real time. */
  async function settled(world, holds, what) {
    const end = Date.now() + 10_000;
    while (!holds()) {
      if (Date.now() > end) assert.fail(`waited in vain for ${what}`);
      await world.run(5);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  const written = ({ said }) =>
    said.filter(({ event, data }) => event === "record" && data.state === "delivered").map(({ data }) => data.sink);

  test("after a reload what was not written is written, once", async (t) => {
    let isOpen = false;
    const { services, world, options, first } = await page(t, { isOpen: () => isOpen });
    await first.end();
    await world.run(2000);
    assert.deepEqual(first.outcomes, ["transferred/accepted"]);
    assert.deepEqual(written(first), []);
    assert.ok(first.session.size > 0, "kept until the records are written");
    isOpen = true;
    const second = await first.reload(options);
    await settled(world, () => written(second).length === 2, "two records");
    assert.equal(services.comments().length, 1);
    assert.equal(services.files().length, 1);
    assert.equal(world.receiver.requests.length, 1, "handed off once");
    assert.equal(second.questions, 0);
    assert.equal(second.session.size, 0, "nothing is kept any more");
    const third = await second.reload(options);
    await world.run(5000);
    assert.deepEqual(written(third), []);
    assert.equal(services.posted.length, 2);
  });

  test("written, but the page went before it heard of it: written once all the same", async (t) => {
    const { services, world, options, first } = await page(t);
    const { fetch: reach } = options;
    const deaf = await first.reload({
      ...options,
      fetch: async (url, init) => {
        const response = await reach(url, init);
        return url.endsWith("/handoff") ? response : new Promise(() => {});
      },
    });
    await deaf.end();
    await settled(world, () => services.comments().length === 1 && services.files().length === 1, "both written");
    assert.deepEqual(written(deaf), []);
    world.time += 2000;
    const second = await deaf.reload(options);
    await settled(world, () => written(second).length === 2, "two answers");
    assert.equal(services.comments().length, 1);
    assert.equal(services.posted.length, 4);
    assert.equal(new Set(services.posted.map(({ key }) => key)).size, 2);
  });

  test("two tabs: one writes", async (t) => {
    const { services, world, options, first } = await page(t);
    const other = await world.open(options);
    first.transfer.sessionEnded({ ...FACTS_OF_BOTH }).catch(() => {});
    await other.end({ ...FACTS_OF_BOTH });
    await settled(world, () => services.comments().length === 1 && services.files().length === 1, "both written");
    await world.run(60_000);
    assert.equal(services.posted.length, 2);
    assert.equal(world.receiver.accepted.size, 1);
  });

  test("a new session while records are on their way: both are written", async (t) => {
    let isOpen = false;
    const { services, world, first } = await page(t, { isOpen: () => isOpen });
    await first.end();
    await world.run(1000);
    await first.end({ ...FACTS_OF_BOTH, id: "2" });
    await world.run(500);
    isOpen = true;
    await settled(world, () => written(first).length === 4, "four records");
    assert.equal(services.comments().length, 2);
    assert.equal(new Set(services.posted.map(({ key }) => key)).size, 4);
    assert.deepEqual(first.left, { ...first.left, timers: 0 });
  });

  test("dispose() ends them: nothing is left, and nothing more is sent", async (t) => {
    const { services, world, first } = await page(t, { isOpen: () => false });
    await first.end();
    await world.run(1000);
    first.transfer.dispose();
    await world.run(0);
    assert.deepEqual(first.left, { timers: 0, listeners: 0, locks: 0 });
    await world.run(60_000);
    assert.equal(services.posted.length, 0);
  });
});

const FACTS_OF_BOTH = {
  ...{
    id: "12345",
    channel: "chat",
    tenant: "acme",
    chat_type: "web",
    ended_by: "agent",
    status: "finished",
    lang: "en",
  },
  sdk: { platform: "web", version: "3.44.2", name: "headless", can: ["update_post_session"] },
  queue: { id: 502, name: "Billing", path: "7/502" },
};

test("the services tell a record that is written twice", async (t) => {
  // What "once" above rests on.
  const services = await startServices(t);
  await run(services);
  await run(services, { session: { ...webChat, tenant: "another" } });
  await until(() => services.comments().length === 2, "the second");
});
