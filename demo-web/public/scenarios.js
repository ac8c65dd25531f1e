/**
 * What QA can pick. Each scenario makes the settings text, the SDK's description, and the endpoint's behaviour.
 *
 * @typedef {object} Scenario
 * @property {string} id Also the value of `?scenario=`.
 * @property {string} group
 * @property {string} label
 * @property {string} about
 * @property {(endpointUrl: string) => string} settings
 * @property {Record<string, unknown>} [sdk]
 * @property {"none" | "500" | "off"} [fault]
 * @property {{ required: boolean | null, optInRequired: boolean | null } | null} [postSession] What the platform puts on the chat when it ends.
 * @property {boolean} [widgetAsks] The stock widget asks, and the module follows.
 */

const webSdk = { platform: "web", version: "3.44.2", name: "headless" };

/** @param {string} endpointUrl */
function document(endpointUrl) {
  return {
    version: 1,
    virtual_agents: [
      {
        id: "survey",
        name: "Survey bot",
        channels: ["chat"],
        endpoint: { kind: "webhook", url: `${endpointUrl}/handoff` },
      },
    ],
    chat: {
      enabled: true,
      chat_types: ["web"],
      virtual_agent: "survey",
      opt_in: true,
      data_parameters_enabled: true,
      data_parameters: [
        { type: "fixed", field: "survey_kind", value: "csat" },
        { type: "dynamic", field: "queueId", source: "ujet_metadata", source_field: "queue.id" },
        { type: "dynamic", field: "queueLanguage", source: "ujet_metadata", source_field: "lang" },
        { type: "dynamic", field: "order_id", source: "unsigned", source_field: "order_id", default: "none" },
      ],
      data_records: { in_metadata: true, in_crm_record: false },
    },
    rules: { ended_by: ["agent", "end_user"] },
  };
}

/** @param {(settings: any) => void} change */
function changed(change) {
  return (/** @type {string} */ endpointUrl) => {
    const settings = document(endpointUrl);
    change(settings);
    return JSON.stringify(settings, null, 2);
  };
}

const asked = [
  {
    type: "dynamic",
    field: "callback",
    source: "form",
    source_field: "callback",
    label: "Phone number",
    hint: "For a call if the chat breaks off.",
    input: "tel",
    required: true,
    sensitive: true,
  },
  {
    type: "dynamic",
    field: "topic",
    source: "form",
    source_field: "topic",
    label: "What is it about?",
    input: "choice",
    choices: ["My order", "A return", "A repair"],
  },
];
const fromThePage = ["basket_items", "basket_value"].map((name) => ({
  type: "dynamic",
  field: name,
  source: "host",
  source_field: name,
}));

const asItIs = changed(() => {});

/** @param {any} settings */
function throughPlatform(settings) {
  settings.virtual_agents[0].endpoint = { kind: "ccaip" };
}

/** @type {Scenario[]} */
export const scenarios = [
  {
    id: "opt-in",
    group: "The person",
    label: "Opt-in on",
    about: "The module asks first. “Yes” hands the chat over, “No” sends nothing at all.",
    settings: asItIs,
  },
  {
    id: "no-opt-in",
    group: "The person",
    label: "Opt-in off",
    about: "Nobody is asked: the hand-off starts as soon as the chat has ended.",
    settings: changed((settings) => {
      settings.chat.opt_in = false;
    }),
  },
  {
    id: "fields",
    group: "The person",
    label: "Opt-in with fields to fill in",
    about:
      "Data parameters whose source is the form are asked in the prompt; one is sensitive. Two more come from the page (provide). Try a wrong phone number.",
    settings: changed((settings) => {
      settings.chat.data_parameters.push(...asked, ...fromThePage);
    }),
  },
  {
    id: "fields-only",
    group: "The person",
    label: "No opt-in, but fields",
    about: "Nobody has to agree, but the virtual agent needs a phone number first.",
    settings: changed((settings) => {
      settings.chat.opt_in = false;
      settings.chat.data_parameters.push(asked[0]);
    }),
  },
  {
    id: "timed",
    group: "The person",
    label: "A minute to answer",
    about:
      "The person is told, is warned 20 seconds before the end, and can ask for more time. Silence is never a Yes.",
    settings: changed((settings) => {
      settings.rules.prompt_timeout_s = 60;
    }),
  },
  {
    id: "records",
    group: "The session",
    label: "Metadata and CRM records",
    about: "Both kinds of record are written once the hand-off is accepted; a “No” is put on record without any data.",
    settings: changed((settings) => {
      settings.chat.data_records = { in_metadata: true, in_crm_record: true };
    }),
  },
  {
    id: "through-platform",
    group: "The platform",
    label: "Handed off through the platform",
    about:
      "The virtual agent is the platform’s own: the module tells it with updatePostSession, and follows the conversation in the same chat. Say “bye” to end it.",
    settings: changed(throughPlatform),
  },
  {
    id: "server-driven",
    group: "The platform",
    label: "No settings: its flags decide",
    about: "The platform says on the chat that a transfer is required, and that the person is to be asked.",
    settings: () => "",
    postSession: { required: true, optInRequired: true },
  },
  {
    id: "widget-asks",
    group: "The platform",
    label: "The stock widget asks",
    about:
      'With prompt: "platform" the module asks nothing and only follows. The question that you see here is the simulated widget’s.',
    settings: changed(throughPlatform),
    postSession: { required: true, optInRequired: true },
    widgetAsks: true,
  },
  {
    id: "queue-off",
    group: "The session",
    label: "Queue without transfers",
    about:
      "This chat’s queue has its chat routing off. The decision is “skip”, and the shop’s own rating takes its place.",
    settings: changed((settings) => {
      settings.queues = [{ id: 502, name: "Orders", chat_routing: false }];
    }),
  },
  {
    id: "ios",
    group: "The session",
    label: "iOS SDK",
    about: "The host says that it is the iOS SDK. Mobile SDKs are refused by name: no prompt, no request.",
    settings: asItIs,
    sdk: { platform: "ios", version: "2.14.0", name: "ios" },
  },
  {
    id: "endpoint-500",
    group: "The endpoint",
    label: "Answers 500",
    about:
      "After “Yes” the hand-off stalls. Switch the endpoint back below, then try again: still one hand-off, under one key.",
    settings: asItIs,
    fault: "500",
  },
  {
    id: "endpoint-unreachable",
    group: "The endpoint",
    label: "Unreachable",
    about: "Every connection is cut. The hand-off stalls, and the person can try again or leave it.",
    settings: asItIs,
    fault: "off",
  },
  {
    id: "settings-not-json",
    group: "Bad settings",
    label: "Not JSON",
    about: "The text stops in the middle.",
    settings: (endpointUrl) => asItIs(endpointUrl).slice(0, 200),
  },
  {
    id: "settings-unknown-field",
    group: "Bad settings",
    label: "Unknown field",
    about: "A spelling mistake: “optin” for “opt_in”.",
    settings: changed((settings) => {
      settings.chat.optin = settings.chat.opt_in;
      delete settings.chat.opt_in;
    }),
  },
  {
    id: "settings-unknown-agent",
    group: "Bad settings",
    label: "Unknown virtual agent",
    about: "The chat block names a virtual agent that is not in the list.",
    settings: changed((settings) => {
      settings.chat.virtual_agent = "surveys";
    }),
  },
  {
    id: "settings-too-large",
    group: "Bad settings",
    label: "Too large",
    about: "More than 4 MiB of text.",
    settings: (endpointUrl) => `${asItIs(endpointUrl)}${" ".repeat(4 * 1024 * 1024)}`,
  },
];

for (const scenario of scenarios) {
  scenario.sdk ??= webSdk;
  scenario.fault ??= "none";
  scenario.postSession ??= null;
  scenario.widgetAsks ??= false;
}

/** @param {string | null} id */
export function scenarioOf(id) {
  return scenarios.find((scenario) => scenario.id === id) ?? scenarios[0];
}
