import { loadPolicy } from "post-session-transfer";
import { fastClock } from "../support/fast-clock.mjs";
import { webChat } from "../support/settings.mjs";

export const AGENT = "projects/acme-prod/locations/us-central1/agents/7f6b2c1e-0000-4000-8000-000000000001";
export const ENVIRONMENT = `${AGENT}/environments/8a5d3f20-0000-4000-8000-000000000002`;
export const TOKEN = "test-access-token";

/** Settings with one Dialogflow agent at `url`. */
export function dialogflowSettings(url, { endpoint = {}, chat = {} } = {}) {
  const kind = { kind: "dialogflow_cx", url, agent: AGENT, event: "POST_SESSION", ...endpoint };
  if (endpoint.environment !== undefined) delete kind.agent;
  return {
    version: 1,
    virtual_agents: [{ id: "cx", name: "Returns", channels: ["chat"], endpoint: kind }],
    chat: { enabled: true, chat_types: ["web"], virtual_agent: "cx", opt_in: false, ...chat },
  };
}

/** The block's part that passes `parameters`: an object of fixed values. */
export const fixed = (parameters) => ({
  data_parameters_enabled: true,
  data_parameters: Object.entries(parameters).map(([field, value]) => ({ type: "fixed", field, value })),
});

let sessions = 0;

/** Runs one session, a new one each time if none is given, against `origin`, and disposes of everything. */
export async function runOnce(settings, origin, { session, ...options } = {}) {
  sessions += 1;
  const policy = await loadPolicy(settings);
  try {
    return await policy.run(session ?? { ...webChat, id: `chat-${sessions}` }, {
      endpoints: [origin],
      clock: fastClock(),
      authorize: () => ({ Authorization: `Bearer ${TOKEN}` }),
      ...options,
    });
  } finally {
    policy.dispose();
  }
}

/** What the last `handoff` event carries in `messages`. */
export const messagesOf = ({ events }) => events.findLast(({ event }) => event === "handoff").data.messages;
