// Small valid documents. Between them they have every field, every kind of endpoint, every type, source and input of a parameter.

const agent = (endpoint, rest = {}) => ({ id: "bot", name: "Bot", channels: ["chat", "call"], endpoint, ...rest });
const webhook = { kind: "webhook", url: "https://bots.example.com/handoff" };
const document = (rest, agents = [agent(webhook)]) => ({ version: 1, virtual_agents: agents, ...rest });
const parameters = (...list) => document({ chat: { data_parameters: list } });

export const settingsDocuments = [
  document({}),
  document({}, [agent({ kind: "ccaip", statuses: ["ready", "in_progress"], declined_status: "ready" })]),
  document({}, [
    agent({
      kind: "dialogflow_cx",
      url: "https://cx.example.com",
      agent: "projects/p/locations/l/agents/a",
      event: "POST_SESSION",
      language_code: "en",
      idempotent: false,
    }),
  ]),
  document({}, [
    agent({
      kind: "dialogflow_cx",
      url: "https://cx.example.com",
      environment: "projects/p/locations/l/agents/a/environments/e",
      event: "POST_SESSION",
    }),
  ]),
  document({ call: { enabled: true, call_types: ["voice_inbound_api"], virtual_agent: "bot" } }, [
    agent(webhook, { channels: ["call"] }),
  ]),
  document({
    chat: {
      enabled: true,
      chat_types: ["web", "sms"],
      virtual_agent: "bot",
      opt_in: true,
      data_parameters_enabled: true,
      data_parameters: [{ field: "a", type: "fixed", value: "b" }],
      data_records: { in_metadata: true, in_crm_record: false },
    },
  }),
  document({ chat: { enabled: false, chat_types: [], virtual_agent: "none" }, call: { enabled: false } }),
  document({
    call: {
      enabled: true,
      call_types: ["voice_inbound"],
      virtual_agent: "bot",
      data_parameters_enabled: true,
      data_parameters: [{ field: "a", type: "dynamic", source: "sip_headers", source_field: "X-A" }],
      data_records: { in_metadata: true },
    },
  }),
  document({
    queues: [
      {
        id: 502,
        name: "Billing",
        chat_routing: true,
        virtual_agent: "bot",
        opt_in: true,
        data_parameters_enabled: true,
        data_parameters: [{ field: "a", type: "fixed", value: 1 }],
        data_records: { in_crm_record: true },
      },
      { id: "north", chat_routing: false },
      { id: 7 },
    ],
  }),
  document({ rules: { ended_by: ["agent", "timeout"], prompt_timeout_s: 120, min_sdk_version: "3.44.2" } }),
  parameters({ field: "a", type: "fixed", value: "b", sensitive: true }),
  parameters({
    field: "a",
    type: "dynamic",
    source: "unsigned",
    source_field: "b",
    default: "none",
    required: false,
    sensitive: true,
  }),
  parameters(
    { field: "a", type: "dynamic", source: "host", source_field: "b", default: 2, required: true },
    { field: "b", type: "dynamic", source: "ujet_metadata", source_field: "queue.id" },
  ),
  parameters({
    field: "a",
    type: "dynamic",
    source: "form",
    source_field: "b",
    default: false,
    required: true,
    label: "L",
    hint: "H",
    input: "tel",
  }),
  parameters({
    field: "a",
    type: "dynamic",
    source: "form",
    source_field: "b",
    label: "L",
    input: "choice",
    choices: ["One", "Two"],
  }),
];

/** Fields that a person may look for where there are none. */
export const misplacedSettings = [
  ["queue", 1],
  ["queue_id", 1],
  ["call_type", "voice_inbound"],
  ["call_routing", true],
];

export const sessionDocuments = [
  { id: "12345" },
  { id: 98765, channel: "call", call_type: "voice_inbound", ended_by: "end_user", sip_headers: { "X-A": "b" } },
  {
    id: "s-1",
    channel: "chat",
    tenant: "acme",
    sdk: { platform: "web", version: "3.44.2", name: "headless", can: ["update_post_session"] },
    chat_type: "web",
    call_type: null,
    ended_by: "agent",
    signals: [{ signal: "chat.memberLeft", at: 1, human: true }, { signal: "chat.ended" }],
    status: "finished",
    lang: "en",
    queue: { id: 502, name: "Billing", path: "7/502" },
    agent: { id: 9, name: "Kim" },
    end_user: { id: 4, identifier: "c0ffee" },
    created_at: "2026-01-01T10:00:00.000Z",
    ended_at: "2026-01-01T10:09:00.000Z",
    custom_data: {
      unsigned: { order_id: { label: "Order", value: "A-1", type: "string", invisible_to_agent: true } },
      signed: { tier: "gold" },
    },
    session_variables: { intent: "refund" },
    post_session: { required: null, opt_in_required: null, status: null },
  },
];
