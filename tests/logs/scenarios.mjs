// Ways that a session can go, each played by the simulated SDK on a clock of its own, or without a page. What must not be in a log is marked `hidden`,
// or has a fraction that no time in it can have by chance.
import { loadPolicy } from "post-session-transfer";
import { asked, ORIGIN, open, Scene, settingsWith, talking } from "../node/sdk/support.mjs";

const PARAMETERS = [
  { type: "fixed", field: "kind", value: "csat" },
  { type: "fixed", field: "key", value: "hidden-fixed", sensitive: true },
  { type: "dynamic", field: "order", source: "unsigned", source_field: "order", required: true, default: "none" },
  {
    ...{ type: "dynamic", field: "tier", source: "signed", source_field: "tier" },
    ...{ default: "hidden-default", sensitive: true },
  },
  { type: "dynamic", field: "queue", source: "ujet_metadata", source_field: "queue.name" },
];

/** Facts with something to hide in every place that has any. */
export const FACTS = {
  sdk: { version: "3.44.2" },
  tenant: "hidden-tenant",
  agent: { id: 9, name: "hidden-agent" },
  end_user: { id: "hidden-user", identifier: "hidden-identifier" },
  custom_data: {
    unsigned: {
      order: { label: "hidden-label", value: "hidden-order", type: "string" },
      born: { value: 1_767_225_600_000, type: "date" },
      list: [{ deep: ["hidden-deep"] }],
      nothing: null,
    },
    signed: { tier: "hidden-tier", account: 0.4111 },
  },
  session_variables: { intent: "hidden-intent" },
  extra: { note: "hidden-note" },
};

const webhook = (chat = {}, more = {}) =>
  settingsWith("webhook", { chat: { data_parameters_enabled: true, data_parameters: PARAMETERS, ...chat }, ...more });

/** A question, about a chat with all those facts. */
const question = (settings = webhook(), setting = {}) =>
  asked({ ...setting, transfer: { settings, session: FACTS, ...setting.transfer } });

const unanswered = (signal) =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

const answered = (status, body = "{}", headers = {}) => new Response(body, { status, headers });

const CONVERSATION = JSON.stringify({
  conversation: { id: "hidden-conversation", url: `${ORIGIN}/hidden-link` },
  messages: [{ text: "hidden-message", more: [{ of: "hidden-more" }] }],
});

/** Plays a scene to its end, and returns its log. */
async function played(opening, play = async () => {}) {
  const scene = await opening;
  await play(scene);
  await scene.run(1000);
  const log = scene.transfer.log();
  await scene.close();
  return log;
}

const SESSION = {
  ...{ ...FACTS, id: "12345", channel: "chat", chat_type: "web", ended_by: "agent", lang: "en" },
  sdk: { platform: "web", version: "3.44.2", can: ["update_post_session"] },
};

async function ran(settings, session, options = {}) {
  const policy = await loadPolicy(settings);
  let time = Date.UTC(2026, 0, 1, 10);
  const clock = {
    now: () => time++,
    setTimeout: (callback, ms) => setTimeout(callback, ms >= 1000 ? ms : 0),
    clearTimeout: (timer) => clearTimeout(timer),
  };
  const { log } = await policy.run(session, {
    endpoints: [ORIGIN],
    clock,
    random: () => 0,
    fetch: async () => answered(200),
    ...options,
  });
  policy.dispose();
  return log;
}

const dialogflow = () => ({
  ...settingsWith("webhook"),
  virtual_agents: [
    {
      ...{ id: "survey", name: "Survey", channels: ["chat"] },
      endpoint: {
        ...{ kind: "dialogflow_cx", url: ORIGIN, event: "POST_SESSION" },
        agent: "projects/acme/locations/us-central1/agents/survey",
      },
    },
  ],
});

const FORM = [
  { ...field("callback", "tel", { required: true, sensitive: true }), label: "Callback number" },
  { ...field("rating", "number"), label: "Rating" },
];

function field(name, input, more = {}) {
  return { type: "dynamic", field: name, source: "form", source_field: name, input, ...more };
}

const HOST = [
  { type: "dynamic", field: "tier", source: "host", source_field: "tier", required: true, sensitive: true },
  { type: "dynamic", field: "score", source: "host", source_field: "score", default: 1 },
];

const RECORDED = { data_records: { in_metadata: true, in_crm_record: true } };

/** `name → () => Promise<log>` */
export const scenarios = {
  "yes-conversation-ended": () =>
    played(question(), async (scene) => {
      scene.respond = () => answered(200, CONVERSATION);
      scene.transfer.act("yes", { callback: "hidden-number" });
      await scene.run(1000);
      scene.transfer.conversationEnded("virtual_agent");
    }),

  "yes-accepted": () => played(question(), (scene) => scene.act("yes")),

  "no-declined": () => played(question(), (scene) => scene.act("no")),

  "no-answer": () => played(question(webhook({}, { rules: { prompt_timeout_s: 20 } })), (scene) => scene.run(30_000)),

  "retries-until-accepted": () =>
    played(question(), async (scene) => {
      const answers = [503, 429, "network", 200];
      scene.respond = (n) => {
        if (answers[n - 1] === "network") throw new TypeError("Failed to fetch");
        return answered(answers[n - 1], "hidden-body", { "retry-after": "1" });
      };
      await scene.act("yes");
      await scene.run(30_000);
    }),

  "stalled-tried-again-given-up": () =>
    played(question(), async (scene) => {
      scene.respond = () => answered(500);
      await scene.act("yes");
      await scene.run(60_000);
      await scene.act("try_again");
      await scene.run(60_000);
      await scene.act("not_now");
    }),

  "offline-and-back": () => {
    const page = new EventTarget();
    globalThis.addEventListener = page.addEventListener.bind(page);
    return played(question(), async (scene) => {
      delete globalThis.addEventListener;
      page.dispatchEvent(new Event("offline"));
      await scene.act("yes");
      page.dispatchEvent(new Event("online"));
    });
  },

  "gone-on-with-after-a-reload": async () => {
    const storage = new MemoryStorage();
    const before = await silent(webhook({ opt_in: false }), { storage, fetch: () => new Promise(() => {}) });
    before.transfer.dispose();
    const after = new Scene();
    await after.open({ settings: webhook({ opt_in: false }), session: FACTS, storage });
    return played(after, (scene) => scene.run(2000));
  },

  "refused-by-endpoint": () =>
    played(question(), async (scene) => {
      scene.respond = () => answered(403, '"hidden-reason"');
      await scene.act("yes");
    }),

  "nobody-asked-endpoint-silent": () =>
    played(silent(webhook({ opt_in: false }), { fetch: (_url, { signal }) => unanswered(signal) }), (scene) =>
      scene.run(60_000),
    ),

  "through-the-platform": () =>
    played(talking({ transfer: { session: FACTS } }), async (scene) => {
      scene.sim.virtualAgent.join();
      await scene.run(1000);
      scene.sim.virtualAgent.say("hidden-said");
      scene.sim.virtualAgent.end();
    }),

  "through-the-platform-nobody-came": () => played(talking(), (scene) => scene.run(130_000)),

  "asked-by-the-widget": () =>
    played(
      open({
        widget: true,
        quirks: { asksPostSession: true },
        postSession: { required: true, optInRequired: true },
        transfer: { prompt: "platform", session: FACTS },
      }),
      async (scene) => {
        await scene.chat();
        scene.sim.agent.end();
        await scene.run(2000);
        await scene.widget.answerPostSession(true);
        await scene.run(2000);
      },
    ),

  "turned-around-by-late-flags": () =>
    played(
      open({
        quirks: { flagsWith: "late" },
        postSession: { required: true, optInRequired: true },
        transfer: { settings: undefined, session: FACTS },
      }),
      async (scene) => {
        await scene.chat();
        scene.sim.agent.end();
        await scene.run(2000);
        await scene.act("yes");
      },
    ),

  "two-sessions-in-one-page": () =>
    played(question(), async (scene) => {
      await scene.chat();
      scene.sim.agent.end();
      await scene.run(1000);
      await scene.act("yes");
    }),

  cancelled: () => played(question(), async (scene) => void scene.transfer.cancel()),

  observed: () => played(silent(webhook(), { mode: "observe" })),

  "skipped-by-settings": () => played(silent(webhook({ enabled: false }))),

  "rejected-mobile": () => played(silent(webhook(), { session: { ...FACTS, sdk: { platform: "ios" } } })),

  "endpoint-not-allowed": () => played(silent(webhook(), { endpoints: [] })),

  "body-too-large": () => ran(webhook(), { ...SESSION, queue: { name: "hidden".repeat(6000) } }, { act: () => "yes" }),

  "value-missing": () =>
    ran(
      webhook({ data_parameters: [{ ...PARAMETERS[2], default: undefined }] }),
      { ...SESSION, custom_data: null },
      {
        act: () => "yes",
      },
    ),

  "date-that-is-none": () =>
    ran(
      webhook({
        data_parameters: [{ type: "dynamic", field: "born", source: "unsigned", source_field: "born", required: true }],
      }),
      { ...SESSION, custom_data: { unsigned: { born: { value: 8_640_000_000_000_001, type: "date" } } } },
      { act: () => "yes" },
    ),

  "dialogflow-without-a-page": () =>
    ran(dialogflow(), SESSION, {
      act: () => "yes",
      fetch: async () => answered(200, '{"queryResult":{"responseMessages":[{"text":{"text":["hidden-reply"]}}]}}'),
    }),

  "form-refused-then-accepted": () =>
    played(question(webhook({ data_parameters: FORM })), async (scene) => {
      scene.transfer.act("yes", { callback: "hidden-no-number", rating: "hidden-five" });
      scene.transfer.act("yes", { callback: "+1 555 0100", rating: "0.4111" });
    }),

  "form-without-a-question": () =>
    played(silent(webhook({ opt_in: false, data_parameters: FORM })), async (scene) => {
      scene.transfer.act("continue", {});
      scene.transfer.act("continue", { callback: "+1 555 0100" });
    }),

  "host-parameters": () =>
    played(
      question(webhook({ data_parameters: HOST }), {
        transfer: { provide: ({ field }) => (field === "tier" ? "hidden-tier" : new Promise(() => {})) },
      }),
      async (scene) => {
        await scene.act("yes");
        await scene.run(11_000);
      },
    ),

  "host-parameter-missing": () =>
    played(question(webhook({ data_parameters: HOST })), async (scene) => {
      await scene.act("yes");
    }),

  "records-one-sink-failing": () =>
    played(
      question(webhook(RECORDED), {
        transfer: { records: { metadata: () => {}, crm: `${ORIGIN}/hidden-path` } },
      }),
      async (scene) => {
        scene.respond = (n) => answered(n === 1 ? 200 : 500);
        await scene.act("yes");
        await scene.run(60_000);
      },
    ),

  "consent-of-a-no": () =>
    played(question(webhook(RECORDED), { transfer: { records: { metadata: () => {} } } }), (scene) => scene.act("no")),

  "records-restored": async () => {
    const storage = new MemoryStorage();
    const recorded = webhook({ opt_in: false, ...RECORDED });
    const records = { metadata: () => {}, crm: () => new Promise(() => {}) };
    const before = await silent(recorded, { storage, records });
    before.transfer.dispose();
    const after = new Scene();
    await after.open({ settings: recorded, session: FACTS, storage, records: { crm: () => {} } });
    return played(after, (scene) => scene.run(2000));
  },

  "time-extended": () =>
    played(question(webhook({}, { rules: { prompt_timeout_s: 30 } })), async (scene) => {
      await scene.run(15_000);
      await scene.act("more_time");
      await scene.run(20_000);
      await scene.act("yes");
    }),

  "silence-without-a-page": () => ran(webhook(), SESSION),
};

/** A chat that its agent ends, without a question that is waited for. */
async function silent(settings = webhook({ opt_in: false }), options = {}) {
  const scene = new Scene();
  await scene.open({ settings, session: FACTS, ...options });
  await scene.chat();
  scene.sim.agent.end();
  await scene.run(2000);
  return scene;
}

class MemoryStorage {
  #items = new Map();

  get length() {
    return this.#items.size;
  }

  key = (index) => [...this.#items.keys()][index] ?? null;
  getItem = (name) => this.#items.get(name) ?? null;
  setItem = (name, value) => void this.#items.set(name, String(value));
  removeItem = (name) => void this.#items.delete(name);
}
