// Calls, in a back end: decided, handed off and put on record by the same module, without a prompt.
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPolicy, SettingsError } from "post-session-transfer";
import { fastClock } from "./support/fast-clock.mjs";
import { host, startServices } from "./support/services.mjs";

const CALL = {
  id: 98765,
  channel: "call",
  call_type: "voice_inbound",
  ended_by: "end_user",
  tenant: "acme",
  lang: "en",
  sip_headers: { "X-Customer-Id": "C-77", "x.dotted": "yes", "X-Ivr": "" },
};

const header = (field, source_field, more = {}) => ({
  ...{ type: "dynamic", field, source: "sip_headers", source_field },
  ...more,
});

const settingsOf = (origin, call = {}, endpoint = {}) => ({
  version: 1,
  virtual_agents: [
    {
      ...{ id: "voice", name: "Voice survey", channels: ["call"] },
      endpoint: { kind: "webhook", url: `${origin}/handoff`, ...endpoint },
    },
  ],
  call: {
    ...{ enabled: true, call_types: ["voice_inbound", "voice_inbound_ivr"], virtual_agent: "voice" },
    data_parameters_enabled: true,
    data_parameters: [
      header("customer", "X-Customer-Id"),
      header("dotted", "x.dotted"),
      header("ivr", "X-Ivr", { default: "none" }),
      header("missing", "x-customer-id", { default: "other case" }),
      { type: "dynamic", field: "kind", source: "ujet_metadata", source_field: "call_type" },
    ],
    data_records: { in_metadata: true, in_crm_record: true },
    ...call,
  },
});

async function run(services, { call, endpoint, session = CALL, ...options } = {}) {
  const policy = await loadPolicy(settingsOf(services.origin, call, endpoint));
  try {
    return await policy.run(session, {
      ...{ endpoints: [services.origin], records: services.sinks, clock: fastClock(100), random: () => 0 },
      ...options,
    });
  } finally {
    policy.dispose();
  }
}
const ended = ({ outcome, reason }) => `${outcome}/${reason}`;

test("a call is handed off with its headers, nobody is asked, and it is on record", async (t) => {
  const services = await startServices(t);
  let asked = 0;
  const result = await run(services, { act: () => ++asked });
  assert.equal(ended(result), "transferred/accepted");
  assert.equal(asked, 0);
  assert.equal(result.decision.opt_in, false);
  const questions = result.events.filter(({ event, data }) => event === "prompt" && data?.actions?.length > 0);
  assert.deepEqual(questions, []);
  const [handoff] = services.handoffs;
  assert.deepEqual(handoff.data_parameters, {
    ...{ customer: "C-77", dotted: "yes", ivr: "", missing: "other case", kind: "voice_inbound" },
  });
  assert.deepEqual(handoff.opt_in, { required: false, selected: null, text_version: null, locale: null, at: null });
  assert.equal(handoff.session.id, "98765");
  assert.deepEqual(result.records.map(({ sink, state }) => `${sink} ${state}`).sort(), [
    ...["crm delivered", "metadata delivered"],
  ]);
  assert.match(services.comments()[0].text, /^Data parameters passed to Voice survey\n/);
  assert.equal(services.file("98765").metadata.post_session_transfer.handoff_id, handoff.handoff_id);
});

test("types of call: only those that are selected", async (t) => {
  const services = await startServices(t);
  for (const call_type of ["voice_inbound", "voice_inbound_ivr"])
    assert.equal(
      ended(await run(services, { session: { ...CALL, id: call_type, call_type } })),
      "transferred/accepted",
    );
  for (const call_type of ["voice_outbound", "Voice_Inbound", "", null, 7])
    assert.equal(ended(await run(services, { session: { ...CALL, call_type } })), "skipped/call_type_not_selected");
  assert.equal(ended(await run(services, { call: { enabled: false } })), "skipped/call_disabled");
  assert.equal(services.handoffs.length, 2);
});

test("a call of a mobile SDK is refused by name, and sends nothing", async (t) => {
  const services = await startServices(t);
  for (const platform of ["ios", "Android", "react_native", "flutter"]) {
    const result = await run(services, { session: { ...CALL, sdk: { platform, version: "3.44.2" } } });
    assert.equal(ended(result), "rejected/mobile_sdk_unsupported");
    assert.equal(result.decision.trace.find(({ passed }) => !passed).check, "sdk_mobile");
  }
  assert.equal(services.handoffs.length + services.posted.length, 0);
});

test("a call of the web SDK may be handed off", async (t) => {
  const services = await startServices(t);
  const session = { ...CALL, sdk: { platform: "web", version: "3.44.2" } };
  assert.equal(ended(await run(services, { session })), "transferred/accepted");
});

test("the host gives what the call does not carry; what is required and missing stops it", async (t) => {
  const services = await startServices(t);
  const call = { data_parameters: [host("tier", { required: true })] };
  const given = await run(services, { call, provide: async ({ source_field }) => `${source_field}-gold` });
  assert.equal(ended(given), "transferred/accepted");
  assert.deepEqual(services.handoffs[0].data_parameters, { tier: "tier-gold" });
  assert.equal(ended(await run(services, { call })), "failed/parameter_missing");
  const required = { data_parameters: [header("customer", "X-None", { required: true })] };
  assert.equal(ended(await run(services, { call: required })), "failed/parameter_missing");
  assert.equal(services.handoffs.length, 1);
});

test("what cannot be for calls is refused with the settings", async (t) => {
  const services = await startServices(t);
  const refused = (call, code) =>
    assert.rejects(run(services, { call }), (error) => {
      assert.ok(error instanceof SettingsError);
      assert.ok(
        error.errors.some((one) => one.code === code),
        JSON.stringify(error.errors),
      );
      return true;
    });
  await refused({ opt_in: true }, "opt_in_not_for_calls");
  await refused({ queues: [] }, "queue_not_for_calls");
});

test("through the platform there is no SDK to call on a phone: it says so", async (t) => {
  const services = await startServices(t);
  const result = await run(services, {
    call: { data_parameters: [], data_records: {} },
    endpoint: { kind: "ccaip", url: undefined },
  });
  assert.equal(ended(result), "failed/refused");
  const said = result.events.filter(({ event }) => event === "diagnostic").map(({ data }) => data.code);
  assert.deepEqual(said, ["sdk_missing"]);
  assert.equal(services.handoffs.length + services.posted.length, 0);
});
