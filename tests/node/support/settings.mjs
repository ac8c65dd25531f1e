/** Settings with one webhook agent at `origin`. */
export function settingsFor(origin, chat = {}) {
  return {
    version: 1,
    virtual_agents: [
      {
        id: "orders",
        name: "Order status",
        channels: ["chat"],
        endpoint: { kind: "webhook", url: `${origin}/handoff` },
      },
    ],
    chat: {
      enabled: true,
      chat_types: ["web"],
      virtual_agent: "orders",
      opt_in: true,
      data_parameters_enabled: true,
      data_parameters: [
        { type: "fixed", field: "survey_kind", value: "csat" },
        { type: "dynamic", field: "queueId", source: "ujet_metadata", source_field: "queue.id" },
        { type: "dynamic", field: "order_id", source: "unsigned", source_field: "order_id", default: "none" },
      ],
      ...chat,
    },
  };
}

/** A web chat that a human agent has ended. */
export const webChat = {
  id: "12345",
  channel: "chat",
  tenant: "acme",
  sdk: { platform: "web", version: "3.44.2", name: "headless" },
  chat_type: "web",
  ended_by: "agent",
  status: "finished",
  lang: "en",
  queue: { id: 502, name: "Billing", path: "7/502" },
  custom_data: { unsigned: { order_id: { label: "Order", value: "A-1", type: "string" } } },
};
