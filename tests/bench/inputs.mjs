// What the benchmark decides: one settings document, and sessions as an adapter builds them, with all that a decision does not read.

const agents = [
  { id: "survey", name: "Survey bot", channels: ["chat", "call"], endpoint: { kind: "ccaip" } },
  {
    id: "orders",
    name: "Order status",
    channels: ["chat", "call"],
    endpoint: { kind: "webhook", url: "https://bots.example.com/handoff" },
  },
];

/** Settings with this many queues: a third inherits, a third is on, a third is off. */
export function settingsWith(queues) {
  return {
    version: 1,
    virtual_agents: agents,
    chat: {
      enabled: true,
      chat_types: ["web", "sms"],
      virtual_agent: "orders",
      opt_in: true,
      data_records: { in_metadata: true, in_crm_record: true },
    },
    call: { enabled: true, call_types: ["voice_inbound", "voice_callback_web"], virtual_agent: "orders" },
    queues: Array.from({ length: queues }, (_, n) => {
      if (n % 3 === 0) return { id: n, name: `Queue ${n}` };
      if (n % 3 === 1) {
        return { id: n, chat_routing: true, virtual_agent: "survey", data_records: { in_metadata: true } };
      }
      return { id: String(n), chat_routing: false };
    }),
  };
}

export const settings = settingsWith(10);

function chat(facts) {
  return {
    id: "12345",
    channel: "chat",
    tenant: "acme",
    sdk: { platform: "web", version: "3.44.2", name: "headless", can: ["update_post_session"] },
    chat_type: "web",
    call_type: null,
    ended_by: "agent",
    status: "finished",
    lang: "en",
    queue: { id: 0, name: "Billing", path: "7/0" },
    agent: { id: 9, name: "Kim" },
    end_user: { identifier: "c0ffee" },
    created_at: "2026-01-01T10:00:00.000Z",
    ended_at: "2026-01-01T10:09:00.000Z",
    custom_data: { unsigned: { order_id: { label: "Order", value: "A-1", type: "string" } }, signed: {} },
    session_variables: {},
    post_session: { required: null, opt_in_required: null, status: null },
    ...facts,
  };
}

/** One of each way a decision ends; most of them run all checks, as most sessions in the field do. */
export const sessions = [
  chat({}),
  chat({ ended_by: "end_user" }),
  chat({ queue: { id: "1", name: "Sales", path: "7/1" } }),
  chat({ queue: { id: 4, name: "Support", path: "7/4" }, chat_type: "Messaging Inbound (Web Chat)" }),
  chat({ queue: { id: 2, name: "Abuse", path: "7/2" } }),
  chat({ queue: { id: 999, name: "New", path: "7/999" } }),
  chat({ queue: null, post_session: { required: null, opt_in_required: true, status: "ready" } }),
  chat({ queue: { id: 7 }, post_session: { required: true, opt_in_required: false, status: null } }),
  chat({ post_session: { required: true, opt_in_required: false, status: null } }),
  chat({ post_session: { required: false, opt_in_required: null, status: null } }),
  chat({ ended_by: "timeout" }),
  chat({ chat_type: "Messaging (SMS)" }),
  chat({ chat_type: "whatsapp" }),
  chat({ sdk: { platform: "iOS", version: "2.14.0", name: "ujet" } }),
  chat({ channel: "call", sdk: null, chat_type: null, call_type: "voice_inbound", queue: null }),
  chat({ channel: "call", sdk: null, chat_type: null, call_type: "voice_outbound", queue: null }),
];
