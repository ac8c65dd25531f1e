// The same decision in json-logic-engine, rules compiled once with `build()`.
//
// What it does not do, in its favour:
// - no trace: it answers outcome, reason, level, agent, opt-in, records and conflicts, and nobody is told why;
// - it covers what tests/bench/inputs.mjs contains. Endpoints and capabilities are known to be fine there, so those two checks are left out;
// - JSON Logic has no lower-casing, no version compare and no look-up by key in a table: those are operators written in JavaScript, and the
//   settings (queues by id, block in force) are prepared by JavaScript before its rules are built;
// - it validates nothing, and reads the session as it comes.

import { LogicEngine } from "json-logic-engine";

const MOBILE = [
  "ios",
  "iphone",
  "ipad",
  "ipados",
  "android",
  "react_native",
  "flutter",
  "cordova",
  "capacitor",
  "ionic",
  "xamarin",
  "maui",
  "unity",
  "kotlin",
  "swift",
];
const CHAT_TYPES = {
  web: "web",
  "messaging inbound (web chat)": "web",
  "messaging (web)": "web",
  mobile: "mobile",
  "messaging inbound (app chat)": "mobile",
  "messaging inbound (mobile chat)": "mobile",
  "messaging (mobile)": "mobile",
  sms: "sms",
  "messaging (sms)": "sms",
  "messaging inbound (sms)": "sms",
  whatsapp: "whatsapp",
  "messaging (whatsapp)": "whatsapp",
};

const answer = (outcome, reason, level) => ({
  preserve: {
    outcome,
    reason,
    level,
    virtual_agent: null,
    opt_in: false,
    data_records: { in_metadata: false, in_crm_record: false },
  },
});

export function prepareJsonLogic(settings) {
  const engine = new LogicEngine();
  const pure = (method) => ({ method, deterministic: true });
  engine.addMethod(
    "platform_name",
    pure(([value]) => (typeof value === "string" ? value.trim().toLowerCase().replace(/[\s-]/g, "_") : null)),
  );
  engine.addMethod(
    "chat_type_name",
    pure(([value]) => (typeof value === "string" ? (CHAT_TYPES[value.toLowerCase()] ?? value) : null)),
  );
  engine.addMethod(
    "at_least",
    pure(([version, minimum]) => {
      const match = /^(\d+)\.(\d+)\.(\d+)(?:[-+]|$)/.exec(version);
      if (match === null) return false;
      for (let i = 0; i < 3; i += 1) if (Number(match[i + 1]) !== minimum[i]) return Number(match[i + 1]) > minimum[i];
      return true;
    }),
  );

  const recordsOf = (block) => ({
    in_metadata: block.data_records?.in_metadata === true,
    in_crm_record: block.data_records?.in_crm_record === true,
  });
  const agents = new Map(settings.virtual_agents.map((agent) => [agent.id, agent]));
  const blockOf = (block, level, on, types) => ({
    level,
    on,
    types,
    agent: block.virtual_agent ?? null,
    ccaip: agents.get(block.virtual_agent)?.endpoint.kind === "ccaip",
    opt_in: block.opt_in === true,
    records: recordsOf(block),
  });
  const chat = blockOf(settings.chat, "global", settings.chat.enabled === true, settings.chat.chat_types);
  const call = blockOf(settings.call, "global", settings.call.enabled === true, settings.call.call_types);
  const queues = new Map();
  for (const queue of settings.queues) {
    if (queue.chat_routing === undefined) continue;
    queues.set(String(queue.id), blockOf(queue, "queue", queue.chat_routing, queue.chat_routing ? ["web"] : []));
  }
  engine.addMethod(
    "chat_block",
    pure(([id]) => queues.get(String(id)) ?? chat),
  );

  const v = (name) => ({ var: name });
  const s = (name) => v(`session.${name}`);
  const required = { "===": [s("post_session.required"), true] };
  const unlessRequired = (failed) => ({ and: [{ "!": required }, failed] });
  const rules = (channel) => {
    const isChat = channel === "chat";
    const type = isChat ? { chat_type_name: [s("chat_type")] } : s("call_type");
    const platform = { platform_name: [s("sdk.platform")] };
    const sdk = [
      [{ in: [platform, MOBILE] }, answer("reject", "mobile_sdk_unsupported", null)],
      [{ "!==": [platform, "web"] }, answer("reject", "sdk_unknown", null)],
      [
        { "!": { at_least: [s("sdk.version"), { preserve: [3, 0, 0] }] } },
        answer("reject", "sdk_version_unsupported", null),
      ],
    ];
    const flags = [
      [
        { and: [s("post_session.status"), { "!==": [s("post_session.status"), "ready"] }] },
        answer("skip", "already_started", "platform"),
      ],
      [{ "===": [s("post_session.required"), false] }, answer("skip", "platform_not_required", "platform")],
    ];
    const stop = (failed) => (isChat ? unlessRequired(failed) : failed);
    const levelled = (reason) => ({
      eachKey: {
        outcome: "skip",
        reason,
        level: v("block.level"),
        virtual_agent: null,
        opt_in: false,
        data_records: { preserve: recordsOf({}) },
      },
    });
    const optIn = isChat
      ? {
          or: [
            v("block.opt_in"),
            {
              if: [
                required,
                { "!==": [s("post_session.opt_in_required"), false] },
                { "===": [s("post_session.opt_in_required"), true] },
              ],
            },
          ],
        }
      : false;
    const granted = (outcome, reason, asked, conflict) => ({
      eachKey: {
        outcome,
        reason,
        level: v("block.level"),
        virtual_agent: v("block.agent"),
        opt_in: asked,
        data_records: v("block.records"),
        ...(conflict ? { conflicts: { preserve: ["endpoint_conflict"] } } : {}),
      },
    });
    const grant = (conflict) => ({
      if: [optIn, granted("ask", "opt_in_required", true, conflict), granted("transfer", "eligible", false, conflict)],
    });
    const chain = [
      ...(isChat ? [...sdk, ...flags] : []),
      [stop({ "!": { in: [s("ended_by"), ["agent", "end_user"]] } }), answer("skip", "ended_by_not_eligible", null)],
      ...(isChat
        ? [
            [
              stop({ and: [{ "===": [v("block.level"), "queue"] }, { "!": v("block.on") }] }),
              answer("skip", "queue_disabled", "queue"),
            ],
          ]
        : []),
      [stop({ "!": v("block.on") }), levelled(`${channel}_disabled`)],
      [stop({ "!": { in: [type, v("block.types")] } }), levelled(`${channel}_type_not_selected`)],
      ...(isChat ? [[stop({ "!==": [type, "web"] }), levelled("chat_type_unsupported")]] : []),
    ];
    const end = isChat
      ? { if: [{ and: [required, { "!": v("block.ccaip") }] }, grant(true), grant(false)] }
      : grant(false);
    return engine.build({ if: [...chain.flat(), end] });
  };

  const blockInForce = engine.build({ chat_block: [{ var: "queue.id" }] });
  const chatRules = rules("chat");
  const callRules = rules("call");
  const evaluate = (session) => {
    if (session.channel === "chat") return chatRules({ session, block: blockInForce(session) });
    return callRules({ session, block: call });
  };
  return { evaluate, evaluateText: (sessionText) => JSON.stringify(evaluate(JSON.parse(sessionText))) };
}
