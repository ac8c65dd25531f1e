// What a good engineer would write without a policy engine, for the same decision with the same trace: settings are prepared once, a decision
// then looks things up. It is not the reference of the tests (tests/reference), which is written to be read; tests/bench/bench.test.mjs holds
// it against that one, so that the benchmark compares with something that is right.
//
// What it does not do: validate settings, refuse text that only nearly is JSON (duplicate keys, lone surrogates, NUL), or limit its input.

const MOBILE = new Set([
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
]);

const CHAT_TYPES = new Map([
  ["web", "web"],
  ["messaging inbound (web chat)", "web"],
  ["messaging (web)", "web"],
  ["mobile", "mobile"],
  ["messaging inbound (app chat)", "mobile"],
  ["messaging inbound (mobile chat)", "mobile"],
  ["messaging (mobile)", "mobile"],
  ["sms", "sms"],
  ["messaging (sms)", "sms"],
  ["messaging inbound (sms)", "sms"],
  ["whatsapp", "whatsapp"],
  ["messaging (whatsapp)", "whatsapp"],
]);

const VERSION = /^(\d+)\.(\d+)\.(\d+)(?:[-+]|$)/;

function parseVersion(text) {
  const match = VERSION.exec(text);
  return match === null ? null : [Number(match[1]), Number(match[2]), Number(match[3])];
}

function isOlder(version, minimum) {
  if (version[0] !== minimum[0]) return version[0] < minimum[0];
  if (version[1] !== minimum[1]) return version[1] < minimum[1];
  return version[2] < minimum[2];
}

const text = (value) => (typeof value === "string" ? value : null);
const object = (value) => (typeof value === "object" && value !== null && !Array.isArray(value) ? value : {});

function normalPlatform(value) {
  if (typeof value !== "string") return null;
  if (value === "web") return value;
  return value.trim().toLowerCase().replace(/[\s-]/g, "_") || null;
}

function normalChatType(value) {
  if (typeof value !== "string") return null;
  return CHAT_TYPES.get(value) ?? CHAT_TYPES.get(value.toLowerCase()) ?? value;
}

function queueIdOf(session) {
  const id = object(session.queue).id;
  if (typeof id === "string") return id === "" ? null : id;
  return Number.isSafeInteger(id) ? String(id) : null;
}

const NO_RECORDS = { in_metadata: false, in_crm_record: false };

/** Prepares one block: everything a decision needs to know of it. */
function prepareBlock(block, agents, { level, on, pointer, types, typesPointer, typePointers }) {
  const agent = on ? agents.get(block.virtual_agent) : undefined;
  return {
    level,
    on,
    pointer,
    types: new Map(types.map((type, index) => [type, typePointers ? `${typesPointer}/${index}` : typesPointer])),
    typesPointer,
    agent,
    optIn: on && block.opt_in === true,
    records: on
      ? {
          in_metadata: block.data_records?.in_metadata === true,
          in_crm_record: block.data_records?.in_crm_record === true,
        }
      : NO_RECORDS,
  };
}

function prepareGlobal(settings, channel, agents) {
  const block = settings[channel];
  const list = `${channel}_types`;
  return prepareBlock(block, agents, {
    level: "global",
    on: block?.enabled === true,
    pointer: block ? `/${channel}/enabled` : `/${channel}`,
    types: [...new Set(block?.[list] ?? [])],
    typesPointer: block ? `/${channel}/${list}` : `/${channel}`,
    typePointers: true,
  });
}

function prepare(settings) {
  const agents = new Map(
    settings.virtual_agents.map(({ id, endpoint }, index) => [
      id,
      {
        id,
        isCcaip: endpoint.kind === "ccaip",
        origin: endpoint.url === undefined ? null : new URL(endpoint.url).origin,
        pointer: `/virtual_agents/${index}/endpoint`,
      },
    ]),
  );
  const queues = new Map();
  for (const [index, queue] of (settings.queues ?? []).entries()) {
    const inherits = queue.chat_routing === undefined;
    const pointer = inherits ? `/queues/${index}` : `/queues/${index}/chat_routing`;
    const on = queue.chat_routing === true;
    const types = on ? ["web"] : [];
    const block = inherits
      ? null
      : prepareBlock(queue, agents, { level: "queue", on, pointer, types, typesPointer: pointer, typePointers: false });
    queues.set(String(queue.id), { pointer, block });
  }
  return {
    minimum: parseVersion(settings.rules?.min_sdk_version ?? "3.0.0"),
    enders: new Set(settings.rules?.ended_by ?? ["agent", "end_user"]),
    chat: prepareGlobal(settings, "chat", agents),
    call: prepareGlobal(settings, "call", agents),
    queues,
  };
}

function refuse(outcome, reason, level, trace) {
  return { outcome, reason, level, virtual_agent: null, opt_in: false, data_records: NO_RECORDS, trace };
}

const UNCONFIGURED_MINIMUM = [3, 0, 0];

function decide(prepared, session, allowedOrigins) {
  const trace = [];
  const isChat = session.channel === "chat";
  const isCall = session.channel === "call";
  const sdk = object(session.sdk);
  const platform = normalPlatform(sdk.platform);

  if (!isCall || platform !== null) {
    const isMobile = MOBILE.has(platform);
    trace.push({ check: "sdk_mobile", passed: !isMobile, value: platform, pointer: null });
    if (isMobile) return refuse("reject", "mobile_sdk_unsupported", null, trace);
    const isWeb = platform === "web";
    trace.push({ check: "sdk_known", passed: isWeb, value: platform, pointer: null });
    if (!isWeb) return refuse("reject", "sdk_unknown", null, trace);
    const given = text(sdk.version);
    const version = given === null ? null : parseVersion(given);
    const isNewEnough = version !== null && !isOlder(version, prepared?.minimum ?? UNCONFIGURED_MINIMUM);
    trace.push({
      check: "sdk_version",
      passed: isNewEnough,
      value: given,
      pointer: prepared ? "/rules/min_sdk_version" : null,
    });
    if (!isNewEnough) return refuse("reject", "sdk_version_unsupported", null, trace);
  }
  trace.push({ check: "channel", passed: isChat || isCall, value: text(session.channel), pointer: null });
  if (!isChat && !isCall) return refuse("skip", "channel_unsupported", null, trace);

  let required = false;
  let optInRequired;
  if (isChat) {
    const flags = object(session.post_session);
    const status = text(flags.status);
    if (status) {
      trace.push({ check: "platform_status", passed: status === "ready", value: status, pointer: null });
      if (status !== "ready") return refuse("skip", "already_started", "platform", trace);
    }
    if (typeof flags.required === "boolean") {
      required = flags.required;
      trace.push({ check: "platform_required", passed: required, value: required, pointer: null });
      if (!required) return refuse("skip", "platform_not_required", "platform", trace);
    }
    optInRequired = flags.opt_in_required;
  }
  if (!prepared) {
    if (!required) return refuse("skip", "not_configured", "platform", trace);
    return handOff(null, required, optInRequired, sdk, allowedOrigins, trace);
  }

  const endedBy = text(session.ended_by);
  const mayEnd = prepared.enders.has(endedBy);
  trace.push({ check: "ended_by", passed: mayEnd, value: endedBy, pointer: "/rules/ended_by" });
  if (!mayEnd && !required) return refuse("skip", "ended_by_not_eligible", null, trace);

  let block = isChat ? prepared.chat : prepared.call;
  if (isChat) {
    const id = queueIdOf(session);
    const queue = id === null ? undefined : prepared.queues.get(id);
    if (queue?.block) block = queue.block;
    const isOpen = block.level === "global" || block.on;
    trace.push({ check: "queue", passed: isOpen, value: id, pointer: queue ? queue.pointer : null });
    if (!isOpen && !required) return refuse("skip", "queue_disabled", "queue", trace);
  }
  trace.push({ check: "block", passed: block.on, value: block.on, pointer: block.pointer });
  if (!block.on && !required) return refuse("skip", isChat ? "chat_disabled" : "call_disabled", block.level, trace);

  const type = isChat ? normalChatType(session.chat_type) : text(session.call_type);
  const typePointer = block.types.get(type);
  const isSelected = typePointer !== undefined;
  trace.push({ check: "type_selected", passed: isSelected, value: type, pointer: block.typesPointer });
  if (!isSelected && !required)
    return refuse("skip", isChat ? "chat_type_not_selected" : "call_type_not_selected", block.level, trace);
  if (isChat) {
    const isSupported = !isSelected || type === "web";
    trace.push({
      check: "type_supported",
      passed: isSupported,
      value: type,
      pointer: isSelected ? typePointer : block.typesPointer,
    });
    if (!isSupported && !required) return refuse("skip", "chat_type_unsupported", block.level, trace);
  }
  return handOff(block.on ? block : null, required, optInRequired, sdk, allowedOrigins, trace);
}

function handOff(block, required, optInRequired, sdk, allowedOrigins, trace) {
  const agent = block?.agent;
  const level = block?.level ?? "platform";
  const isConflict = required && agent !== undefined && !agent.isCcaip;
  let decision;
  if (required || agent.isCcaip) {
    if (Array.isArray(sdk.can)) {
      const can = sdk.can.includes("update_post_session");
      trace.push({ check: "sdk_can_hand_off", passed: can, value: can, pointer: agent?.pointer ?? null });
      if (!can) decision = refuse("reject", "sdk_cannot_hand_off", null, trace);
    }
  } else if (allowedOrigins) {
    const isAllowed = allowedOrigins.includes(agent.origin);
    trace.push({ check: "endpoint_allowed", passed: isAllowed, value: agent.origin, pointer: `${agent.pointer}/url` });
    if (!isAllowed) decision = refuse("skip", "endpoint_not_allowed", level, trace);
  }
  if (decision === undefined) {
    const optIn = block?.optIn === true || (required ? optInRequired !== false : optInRequired === true);
    decision = {
      outcome: optIn ? "ask" : "transfer",
      reason: optIn ? "opt_in_required" : "eligible",
      level,
      virtual_agent: agent?.id ?? null,
      opt_in: optIn,
      data_records: block?.records ?? NO_RECORDS,
      trace,
    };
  }
  if (isConflict) decision.conflicts = ["endpoint_conflict"];
  return decision;
}

/** `{evaluate(session, facts) → decision, evaluateText(text) → text}` for settings that are prepared once. */
export function prepareHandwritten(settings) {
  const prepared = settings ? prepare(settings) : null;
  const evaluate = (session, facts) => decide(prepared, session, facts?.allowed_origins);
  return { evaluate, evaluateText: (sessionText) => JSON.stringify(evaluate(JSON.parse(sessionText))) };
}
