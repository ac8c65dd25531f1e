// The decision a second time: written from docs/decision.md alone, for the tests, in plain JavaScript.
// It shares nothing with the product and is slow on purpose: every line should be checkable against a sentence of the contract.

import { chatTypeOf, endedBy, idText, isObject, own, platformOf, text } from "./session.mjs";

const MOBILE_PLATFORMS = new Set(
  "ios iphone ipad ipados android react_native flutter cordova capacitor ionic xamarin maui unity kotlin swift".split(
    " ",
  ),
);
const DEFAULT_MIN_SDK_VERSION = "3.0.0";
const DEFAULT_ENDED_BY = ["agent", "end_user"];

/** N.N.N with an optional -… or +… after it, as three numbers; null where it is no version. */
function parseVersion(version) {
  const match = /^([0-9]+)\.([0-9]+)\.([0-9]+)(?:[-+].*)?$/s.exec(version ?? "");
  return match === null ? null : match.slice(1, 4).map(BigInt);
}

function isAtLeast(version, minimum) {
  const have = parseVersion(version);
  if (have === null) return false;
  const want = parseVersion(minimum);
  for (let i = 0; i < 3; i += 1) {
    if (have[i] !== want[i]) return have[i] > want[i];
  }
  return true;
}

const records = (block) => ({
  in_metadata: block?.data_records?.in_metadata ?? false,
  in_crm_record: block?.data_records?.in_crm_record ?? false,
});

/**
 * The block in force, as one shape for chats, queues and calls:
 * `settings` (null when off), its level, the pointer that says whether it is on, its list of types and where that stands.
 */
function blockInForce(settings, channel, queue) {
  if (channel === "chat" && queue !== null && queue.routing !== undefined) {
    const pointer = `/queues/${queue.index}/chat_routing`;
    return {
      level: "queue",
      settings: queue.routing ? queue.settings : null,
      pointer,
      types: queue.routing ? ["web"] : [],
      typesPointer: pointer,
      typePointer: () => pointer,
    };
  }
  const block = settings[channel];
  const list = `${channel}_types`;
  const typesPointer = block ? `/${channel}/${list}` : `/${channel}`;
  return {
    level: "global",
    settings: block?.enabled === true ? block : null,
    pointer: block ? `/${channel}/enabled` : `/${channel}`,
    types: block?.[list] ?? [],
    typesPointer,
    typePointer: (index) => (index < 0 ? typesPointer : `${typesPointer}/${index}`),
  };
}

function findQueue(settings, id) {
  if (id === null) return null;
  const index = (settings.queues ?? []).findIndex((queue) => idText(queue.id) === id);
  if (index < 0) return null;
  const queue = settings.queues[index];
  return { index, settings: queue, routing: queue.chat_routing };
}

/**
 * @param settings a valid settings document, or undefined/null for "no settings"
 * @param session session facts with a valid id
 * @param facts what the host knows: `allowed_origins`, a list, or null for "unknown"
 */
export function evaluate(settings, session, facts = {}) {
  const configured = settings !== undefined && settings !== null;
  const trace = [];

  function check(name, passed, value, pointer) {
    trace.push({ check: name, passed, value, pointer: configured ? pointer : null });
    return passed;
  }
  const stop = (outcome, reason, level) => ({
    outcome,
    reason,
    level,
    virtual_agent: null,
    opt_in: false,
    data_records: records(null),
    trace,
  });

  // Rows 1-4: who is asking. Neither settings nor platform flags come before them.
  const sdk = own(session, "sdk");
  const platform = platformOf(session);
  const channel = text(own(session, "channel"));

  // On a plain phone call no SDK takes part; everything else has to say where it comes from.
  if (channel !== "call" || platform !== null) {
    if (!check("sdk_mobile", !MOBILE_PLATFORMS.has(platform), platform, null))
      return stop("reject", "mobile_sdk_unsupported", null);
    if (!check("sdk_known", platform === "web", platform, null)) return stop("reject", "sdk_unknown", null);
    const version = text(own(sdk, "version"));
    const minimum = settings?.rules?.min_sdk_version ?? DEFAULT_MIN_SDK_VERSION;
    if (!check("sdk_version", isAtLeast(version, minimum), version, "/rules/min_sdk_version")) {
      return stop("reject", "sdk_version_unsupported", null);
    }
  }
  if (!check("channel", channel === "chat" || channel === "call", channel, null))
    return stop("skip", "channel_unsupported", null);

  // The platform's own flags: chats only.
  const flags = channel === "chat" ? own(session, "post_session") : undefined;
  const status = text(own(flags, "status"));
  if (status !== null && status !== "" && !check("platform_status", status === "ready", status, null)) {
    return stop("skip", "already_started", "platform");
  }
  const required = own(flags, "required");
  if (typeof required === "boolean" && !check("platform_required", required, required, null)) {
    return stop("skip", "platform_not_required", "platform");
  }
  const platformDecides = required === true;
  const optInRequired = own(flags, "opt_in_required");

  if (!configured && !platformDecides) return stop("skip", "not_configured", "platform");

  // Rows 5-9. Where the platform requires a transfer they go into the trace, and stop nothing.
  let block = null;
  if (configured) {
    const { by, because } = endedBy(session);
    const mayEnd = settings.rules?.ended_by ?? DEFAULT_ENDED_BY;
    const eligible = check("ended_by", mayEnd.includes(by), by, "/rules/ended_by");
    if (because.length > 0) trace.at(-1).because = because;
    if (!eligible && !platformDecides) {
      return stop("skip", "ended_by_not_eligible", null);
    }

    let queue = null;
    if (channel === "chat") {
      const queueId = idText(own(own(session, "queue"), "id"));
      queue = findQueue(settings, queueId);
      let pointer = null;
      if (queue !== null)
        pointer = queue.routing === undefined ? `/queues/${queue.index}` : `/queues/${queue.index}/chat_routing`;
      if (!check("queue", queue?.routing !== false, queueId, pointer) && !platformDecides)
        return stop("skip", "queue_disabled", "queue");
    }

    block = blockInForce(settings, channel, queue);
    if (!check("block", block.settings !== null, block.settings !== null, block.pointer) && !platformDecides) {
      return stop("skip", `${channel}_disabled`, block.level);
    }

    const type = channel === "chat" ? chatTypeOf(session) : text(own(session, "call_type"));
    const index = block.types.indexOf(type);
    if (!check("type_selected", index >= 0, type, block.typesPointer) && !platformDecides) {
      return stop("skip", `${channel}_type_not_selected`, block.level);
    }
    if (channel === "chat") {
      const supported = index < 0 || type === "web";
      if (!check("type_supported", supported, type, block.typePointer(index)) && !platformDecides) {
        return stop("skip", "chat_type_unsupported", block.level);
      }
    }
  }

  // Everything passed, or the platform requires it. The block in force supplies the rest if it is on.
  const inForce = block?.settings ?? null;
  const level = inForce === null ? "platform" : block.level;
  const agentIndex =
    inForce === null ? -1 : settings.virtual_agents.findIndex((agent) => agent.id === inForce.virtual_agent);
  const endpoint = agentIndex < 0 ? null : settings.virtual_agents[agentIndex].endpoint;
  const byCcaip = platformDecides || endpoint.kind === "ccaip";
  const conflict = platformDecides && endpoint !== null && endpoint.kind !== "ccaip";
  const answer = (decision) => (conflict ? { ...decision, conflicts: ["endpoint_conflict"] } : decision);

  // What can never work is not asked for, where that is known.
  const can = own(sdk, "can");
  const allowedOrigins = facts?.allowed_origins ?? null;
  if (byCcaip && Array.isArray(can)) {
    const able = can.includes("update_post_session");
    const pointer = endpoint === null ? null : `/virtual_agents/${agentIndex}/endpoint`;
    if (!check("sdk_can_hand_off", able, able, pointer)) return answer(stop("reject", "sdk_cannot_hand_off", null));
  }
  if (!byCcaip && allowedOrigins !== null) {
    const { origin } = new URL(endpoint.url);
    if (
      !check("endpoint_allowed", allowedOrigins.includes(origin), origin, `/virtual_agents/${agentIndex}/endpoint/url`)
    ) {
      return answer(stop("skip", "endpoint_not_allowed", level));
    }
  }

  // Opt-in is asked when either side says so. Where the platform requires the transfer, a missing flag is not a "no".
  const blockAsks = channel === "chat" && inForce?.opt_in === true;
  const platformAsks = platformDecides ? optInRequired !== false : optInRequired === true;
  const optIn = blockAsks || platformAsks;

  return answer({
    outcome: optIn ? "ask" : "transfer",
    reason: optIn ? "opt_in_required" : "eligible",
    level,
    virtual_agent: inForce?.virtual_agent ?? null,
    opt_in: optIn,
    data_records: records(inForce),
    trace,
  });
}

/** The settings whose parameters are passed: those of the block in force if it is on, otherwise null. For parameters.mjs. */
export function blockOf(settings, session) {
  if (!isObject(settings)) return null;
  const channel = text(own(session, "channel"));
  if (channel !== "chat" && channel !== "call") return null;
  const queue = channel === "chat" ? findQueue(settings, idText(own(own(session, "queue"), "id"))) : null;
  return blockInForce(settings, channel, queue).settings;
}
