// Every combination of the boolean and enum inputs of a decision, in groups of one settings document each, so that a document is loaded once.
//
// The full product of all inputs is beyond 10^12. It is cut into regions. Inside a region everything that can act together is crossed in full;
// what is left out of a region cannot act there, for one of these reasons:
//
//   stops     rows 1-4, `already_started` and `platform_not_required` end the decision: nothing later is read. They are crossed with each other
//             in full, and with a few sessions each of which would end in a different way further on.
//   copies    records, agent ids and pointers are copied into the answer; their values meet every outcome, but not every other value.
//   off       a block that is off, or not in force, supplies nothing but its list of types (and that only under `required: true`).
//   unread    calls have neither queues, opt-in nor flags, chats no call type; that they are not read is what the random region tests.
//
// The reasons are arguments. The random region at the end draws from the full product, against a mistake in one of them.

const PLATFORMS = {
  missing: [undefined, null, "", " ", 7],
  web: ["web", " WEB\t", "Web"],
  mobile:
    "ios iphone ipad ipados android react_native flutter cordova capacitor ionic xamarin maui unity kotlin swift".split(
      " ",
    ),
  mobileSpelled: ["iOS", " iPadOS ", "React Native", "react-native"],
  other: ["desktop", "react  native", "webview", "i_os"],
};
const VERSIONS = [
  undefined,
  null,
  3.44,
  "",
  "3.44",
  "3.44.2.1",
  "v3.44.2",
  "3.44.x",
  "-3.44.2",
  " 3.44.2", // missing and malformed
  "2.99.99",
  "3.0.0",
  "3.0.1",
  "3.43.99",
  "3.44.1",
  "3.44.2",
  "3.44.3",
  "3.100.0",
  "4.0.0",
  "4.26.0",
  "10.0.0", // around the minima below
  "3.44.2-beta.1",
  "3.44.1+build",
  "3.44.2-",
  "99999999999999999999.0.0",
];
const MINIMA = [undefined, "3.0.0", "3.44.2", "4.0.0"];
const CHANNELS = ["chat", "call", "email", undefined, null, 3, "Chat"];
const ENDERS = ["agent", "end_user", "timeout", "dismissed", "unknown", "supervisor", undefined, null, 1];
const ENDER_RULES = [undefined, ...subsets(["agent", "end_user", "timeout"]).filter((list) => list.length > 0)];
const CHAT_TYPES = [
  "web",
  "mobile",
  "sms",
  "whatsapp",
  "telegram",
  undefined,
  null,
  1,
  "WEB",
  "Messaging Inbound (Web Chat)",
  "Messaging (Web)",
  "Messaging Inbound (App Chat)",
  "Messaging Inbound (Mobile Chat)",
  "Messaging (Mobile)",
  "Messaging (SMS)",
  "Messaging Inbound (SMS)",
  "Messaging (WhatsApp)",
  "messaging inbound (sms)",
];
const FEW_CHAT_TYPES = ["web", "Messaging (SMS)", undefined];
const CALL_TYPES = (
  "voice_inbound voice_inbound_ivr voice_inbound_mobile voice_inbound_api voice_callback_web voice_scheduled_mobile " +
  "voice_scheduled_web voice_scheduled_api voice_outbound voice_outbound_api voice_campaign"
).split(" ");
const REQUIRED = [undefined, null, true, false, "true"];
const OPT_IN_REQUIRED = [undefined, null, true, false, 1];
const STATUSES = [undefined, null, "ready", "in_progress", "completed", "declined", "READY", 5];
const CAN = [
  undefined,
  null,
  [],
  ["update_post_session"],
  ["other", "update_post_session"],
  ["other"],
  "update_post_session",
];
const ALLOWED = [
  undefined,
  [],
  ["https://hook.example.com"],
  ["https://cx.example.com:8443", "https://hook.example.com"],
];
const BLOCKS = ["absent", "off", "on"];
const AGENTS = ["ccaip", "webhook", "dialogflow_cx"];
const OPT_INS = [undefined, false, true];
const RECORDS = [
  undefined,
  {},
  { in_metadata: true },
  { in_crm_record: true },
  { in_metadata: true, in_crm_record: true },
];

// The queue of a session: none, one that the settings do not name, one that inherits, one that is on, one that is off; as numbers and as text.
const QUEUES = [undefined, { id: 900 }, { id: 1 }, { id: "2" }, { id: 3 }];
const QUEUE_SHAPES = [
  undefined,
  null,
  {},
  { id: null },
  { id: true },
  { id: 2.5 },
  { id: "02" },
  { id: 1 },
  { id: "1" },
  { id: 2 },
  { id: "2" },
  { id: 3 },
  { id: "3" },
  { id: "north" },
];

const VIRTUAL_AGENTS = [
  {
    id: "calls-only",
    name: "Calls",
    channels: ["call"],
    endpoint: { kind: "webhook", url: "https://calls.example.com/x" },
  },
  {
    id: "webhook",
    name: "Webhook",
    channels: ["chat", "call"],
    endpoint: { kind: "webhook", url: "https://hook.example.com/handoff?a=b" },
  },
  { id: "ccaip", name: "CCAI Platform", channels: ["chat", "call"], endpoint: { kind: "ccaip" } },
  {
    id: "dialogflow_cx",
    name: "Dialogflow CX",
    channels: ["chat", "call"],
    endpoint: {
      kind: "dialogflow_cx",
      url: "https://cx.example.com:8443/",
      agent: "projects/p/locations/l/agents/a",
      event: "POST_SESSION",
    },
  },
];

function subsets(list) {
  const found = [[]];
  for (const item of list) found.push(...found.map((subset) => [...subset, item]));
  return found;
}

/** `{a: [1, 2], b: [3]}` → `{a: 1, b: 3}`, `{a: 2, b: 3}`. */
export function* product(choices) {
  const names = Object.keys(choices);
  function* from(index, chosen) {
    if (index === names.length) {
      yield { ...chosen };
      return;
    }
    for (const value of choices[names[index]]) {
      chosen[names[index]] = value;
      yield* from(index + 1, chosen);
    }
  }
  yield* from(0, {});
}

const defined = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));

function block(
  channel,
  state,
  { types = channel === "chat" ? ["web"] : ["voice_inbound"], agent = "webhook", optIn, records } = {},
) {
  if (state === "absent") return undefined;
  return defined({
    enabled: state === "on",
    [`${channel}_types`]: types,
    virtual_agent: agent,
    opt_in: optIn,
    data_records: records,
  });
}

function settingsOf({ chat, call, queueAgent = "webhook", queueOptIn, queueRecords, enders, minimum }) {
  return defined({
    version: 1,
    virtual_agents: VIRTUAL_AGENTS,
    chat,
    call,
    queues: [
      { id: 1, name: "inherits" },
      defined({
        id: 2,
        name: "on",
        chat_routing: true,
        virtual_agent: queueAgent,
        opt_in: queueOptIn,
        data_records: queueRecords,
      }),
      { id: 3, name: "off", chat_routing: false },
      { id: "north", name: "off by a word", chat_routing: false },
    ],
    rules:
      enders === undefined && minimum === undefined
        ? undefined
        : defined({ ended_by: enders, min_sdk_version: minimum }),
  });
}

function sessionOf(facts) {
  const {
    channel = "chat",
    platform = "web",
    version = "3.44.2",
    can,
    queue,
    type,
    ender,
    required,
    optInRequired,
    status,
  } = facts;
  const has = (name) => Object.hasOwn(facts, name);
  const flags = defined({ required, opt_in_required: optInRequired, status });
  return defined({
    id: "s-1",
    // A default stands for "not varied here"; a value that is varied and undefined means missing.
    channel: has("channel") ? facts.channel : channel,
    sdk: defined({
      platform: has("platform") ? facts.platform : platform,
      version: has("version") ? facts.version : version,
      can,
    }),
    chat_type: has("type") ? type : "web",
    call_type: has("callType") ? facts.callType : undefined,
    ended_by: has("ender") ? ender : "agent",
    queue,
    post_session: Object.keys(flags).length > 0 ? flags : undefined,
  });
}

const factsOf = ({ allowed }) => (allowed === undefined ? undefined : { allowed_origins: allowed });
const combination = (choice) => ({ session: sessionOf(choice), facts: factsOf(choice) });

function* sessions(choices) {
  for (const choice of product(choices)) yield combination(choice);
}

// Sessions that end in different ways once rows 1-4 have passed.
const ENDINGS = [
  {},
  { ender: "timeout" },
  { queue: { id: 3 } },
  { type: "sms" },
  { required: true },
  { required: false },
  { status: "in_progress" },
  { callType: "voice_inbound" },
];

function* gates() {
  const platforms = Object.values(PLATFORMS).flat();
  const documents = [
    undefined,
    ...MINIMA.map((minimum) => settingsOf({ chat: block("chat", "on"), call: block("call", "on"), minimum })),
  ];
  for (const settings of documents) {
    yield {
      region: "gates",
      settings,
      *combinations() {
        for (const choice of product({ platform: platforms, version: VERSIONS, channel: CHANNELS, ending: ENDINGS })) {
          yield combination({ ...choice, ...choice.ending });
        }
      },
    };
  }
}

function* chatSelection() {
  const lists = subsets(["whatsapp", "web", "sms", "mobile"]).filter((list) => list.length > 0);
  for (const { state, types } of product({ state: BLOCKS, types: [...lists, ["web", "sms"]] })) {
    if (state === "absent" && types !== lists[0]) continue; // A block that is not there has no list.
    yield {
      region: "chat selection",
      settings: settingsOf({ chat: block("chat", state, { types, agent: "ccaip" }) }),
      combinations: () =>
        sessions({
          type: CHAT_TYPES,
          queue: QUEUES,
          ender: ["agent", "timeout"],
          required: [undefined, true],
          optInRequired: [undefined, false],
        }),
    };
  }
}

function* enders() {
  for (const { state, rule } of product({ state: BLOCKS, rule: ENDER_RULES })) {
    yield {
      region: "enders and queues",
      settings: settingsOf({ chat: block("chat", state), call: block("call", state), enders: rule }),
      combinations: () =>
        sessions({
          channel: ["chat", "call"],
          ender: ENDERS,
          queue: QUEUE_SHAPES,
          required: [undefined, true, false],
          type: FEW_CHAT_TYPES,
          callType: ["voice_inbound", "voice_campaign"],
        }),
    };
  }
}

function* handOff() {
  for (const { state, agent, optIn, queueAgent, queueOptIn } of product({
    state: BLOCKS,
    agent: AGENTS,
    optIn: OPT_INS,
    queueAgent: AGENTS,
    queueOptIn: OPT_INS,
  })) {
    if (state === "absent" && (agent !== AGENTS[0] || optIn !== OPT_INS[0])) continue;
    yield {
      region: "hand-off",
      settings: settingsOf({
        chat: block("chat", state, { agent, optIn, types: ["sms", "web"] }),
        queueAgent,
        queueOptIn,
      }),
      combinations: () =>
        sessions({
          queue: QUEUES,
          required: [undefined, true],
          optInRequired: [undefined, true, false],
          can: CAN,
          allowed: ALLOWED,
          type: ["web", "sms"],
        }),
    };
  }
}

function* records() {
  for (const { state, record, queueRecords, agent } of product({
    state: BLOCKS,
    record: RECORDS,
    queueRecords: RECORDS,
    agent: AGENTS,
  })) {
    yield {
      region: "records",
      settings: settingsOf({
        chat: block("chat", state, { records: record, agent }),
        call: block("call", state, { records: record, agent }),
        queueAgent: agent,
        queueRecords,
      }),
      combinations: () =>
        sessions({
          channel: ["chat", "call"],
          callType: ["voice_inbound"],
          queue: QUEUES,
          required: [undefined, true, false],
          optInRequired: [true, false],
          can: [undefined, []],
          allowed: [undefined, []],
        }),
    };
  }
}

function* flags() {
  const documents = [undefined];
  for (const { state, agent, optIn } of product({ state: BLOCKS, agent: ["ccaip", "webhook"], optIn: OPT_INS })) {
    documents.push(
      settingsOf({
        chat: block("chat", state, { agent, optIn }),
        call: block("call", state, { agent }),
        queueAgent: agent,
        queueOptIn: optIn,
      }),
    );
  }
  for (const settings of documents) {
    yield {
      region: "platform flags",
      settings,
      combinations: () =>
        sessions({
          channel: ["chat", "call"],
          callType: ["voice_inbound"],
          status: STATUSES,
          required: REQUIRED,
          optInRequired: OPT_IN_REQUIRED,
          queue: [undefined, { id: 2 }, { id: 3 }],
          ender: ["agent", "dismissed"],
          can: [undefined, []],
        }),
    };
  }
}

function* calls() {
  const lists = [CALL_TYPES, [...CALL_TYPES].reverse(), ...CALL_TYPES.map((type) => [type])];
  for (const { state, types, agent } of product({ state: BLOCKS, types: lists, agent: AGENTS })) {
    if (state === "absent" && (types !== lists[0] || agent !== AGENTS[0])) continue;
    yield {
      region: "calls",
      settings: settingsOf({ chat: block("chat", "on"), call: block("call", state, { types, agent }) }),
      combinations: () =>
        sessions({
          channel: ["call"],
          callType: [...CALL_TYPES, "voice_satellite", "VOICE_INBOUND", "web", undefined, null, 1],
          platform: [undefined, " ", "web", "ios", "desktop"],
          ender: ["agent", "timeout"],
          can: [undefined, [], ["update_post_session"]],
          allowed: [undefined, [], ["https://hook.example.com"]],
        }),
    };
  }
}

function* withoutSettings() {
  yield {
    region: "without settings",
    settings: undefined,
    combinations: () =>
      sessions({
        channel: ["chat", "call", "email", undefined],
        status: STATUSES,
        required: REQUIRED,
        optInRequired: OPT_IN_REQUIRED,
        can: CAN,
        ender: ["agent", "dismissed", undefined],
        queue: [undefined, { id: 3 }],
        type: ["web", "sms"],
      }),
  };
}

/** A small generator of numbers (mulberry32): the same seed draws the same combinations on every machine. */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function* drawn(documents, sessionsEach) {
  const next = random(20260101);
  const one = (list) => list[Math.floor(next() * list.length)];
  const mostly = (usual, list) => (next() < 0.7 ? usual : one(list)); // Otherwise hardly a session would come past row 4.
  const chatLists = subsets(["web", "mobile", "sms", "whatsapp"]).filter((list) => list.length > 0);
  for (let n = 0; n < documents; n += 1) {
    const settings = settingsOf({
      chat: block("chat", one(BLOCKS), {
        types: one(chatLists),
        agent: one(AGENTS),
        optIn: one(OPT_INS),
        records: one(RECORDS),
      }),
      call: block("call", one(BLOCKS), {
        types: [one(CALL_TYPES), "voice_inbound_ivr"],
        agent: one([...AGENTS, "calls-only"]),
        records: one(RECORDS),
      }),
      queueAgent: one(AGENTS),
      queueOptIn: one(OPT_INS),
      queueRecords: one(RECORDS),
      enders: mostly(undefined, ENDER_RULES),
      minimum: mostly(undefined, MINIMA),
    });
    const platforms = Object.values(PLATFORMS).flat();
    const chosen = Array.from({ length: sessionsEach }, () =>
      combination({
        platform: mostly("web", platforms),
        version: mostly("3.44.2", VERSIONS),
        channel: mostly("chat", CHANNELS),
        ender: mostly("agent", ENDERS),
        queue: one(QUEUE_SHAPES),
        type: mostly("web", CHAT_TYPES),
        callType: one([...CALL_TYPES, undefined]),
        required: one(REQUIRED),
        optInRequired: one(OPT_IN_REQUIRED),
        status: mostly(undefined, STATUSES),
        can: one(CAN),
        allowed: one(ALLOWED),
      }),
    );
    yield { region: "random", settings: n % 20 === 0 ? undefined : settings, combinations: () => chosen };
  }
}

/** Groups of `{region, settings, combinations()}`; `combinations()` iterates over `{session, facts}`, the same ones each time. */
export function* groups() {
  yield* gates();
  yield* chatSelection();
  yield* enders();
  yield* handOff();
  yield* records();
  yield* flags();
  yield* calls();
  yield* withoutSettings();
  yield* drawn(300, 500);
}

/** All combinations in one row: `{region, settings, session, facts}`. */
export function* combinations() {
  for (const { region, settings, combinations: inside } of groups()) {
    for (const { session, facts } of inside()) yield { region, settings, session, facts };
  }
}
