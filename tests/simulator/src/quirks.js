import { clientEvents } from "./events.js";

/**
 * Behaviour that differs between SDK versions, or that no public page settles. One line a switch; every default is what a current SDK does
 * as far as is documented.
 *
 * @typedef {object} Quirks
 * @property {number} latencyMs Every event arrives later by this much.
 * @property {number | readonly string[]} duplicates How many extra times every event arrives; or the events that arrive twice.
 * @property {null | { seed: number, window: number } | readonly string[]} reorder Events that are under way together change places: by a seeded shuffle, none by more than the window; or the named ones overtake all others. `ready` and `authenticated` stay first.
 * @property {boolean} eventsBeforeReady Whether the first chat events come before `ready`, `authenticated` and `chat.connected`.
 * @property {boolean} echo Whether one's own messages come back as `chat.message`.
 * @property {boolean} chatEndedNotice Whether a `noti` message `chatEnded` comes when the human part is over.
 * @property {"before" | "after" | "both" | "never"} chatEnded Where `chat.ended` comes relative to the virtual agent's part after the session.
 * @property {"notice" | "update" | "late"} flagsWith When the post-session flags are on the chat: at the `chatEnded` notice already, with the `chat.updated` after it, or in a `chat.updated` after `chat.ended`.
 * @property {"snake" | "camel"} flagSpelling Spelling of the post-session fields in `chat.state`.
 * @property {"type" | "$userType" | "user_type" | "is_customer" | "text"} memberIdentity Where an identity says who it is; `is_customer`: with `display_name` and no more; `text`: it is a bare text.
 * @property {0 | 1 | 2} updatePostSessionArguments How many arguments `updatePostSession` takes; 0: the method is not there.
 * @property {"resolves" | "rejects" | "hangs" | "rejects-once"} updatePostSession How the platform answers it.
 * @property {"comes" | "never"} postSessionVirtualAgent Whether the virtual agent joins once the post-session status is `in_progress`.
 * @property {boolean} keepsStatusDuringVirtualAgent Whether the chat's status stays `finished` while that virtual agent talks.
 * @property {"ujet" | "message"} actionPayload Where a message carries a virtual agent's action: under `ujet`, or as its own `type` and `action`.
 * @property {boolean} clientAfterMount Whether the widget has its `client` only once it is mounted.
 * @property {boolean} hidesOnEnd Whether the widget hides itself when "End" is pressed.
 * @property {boolean} asksPostSession Whether the widget itself asks for the opt-in and starts the virtual agent.
 */

/**
 * @template T
 * @typedef {{ default: T, accepts: (value: unknown) => boolean, possible: string }} Rule
 */

/** @type {{ [Name in keyof Quirks]: Rule<Quirks[Name]> }} */
const rules = {
  latencyMs: { default: 0, accepts: (value) => isCount(value), possible: "0 or more milliseconds" },
  duplicates: {
    default: 0,
    accepts: (value) => (isCount(value) && Number.isInteger(value)) || areEvents(value),
    possible: `0, 1, 2 … or a list of events (${clientEvents.join(", ")})`,
  },
  reorder: {
    default: null,
    accepts: (value) => value === null || areEvents(value) || isShuffle(value),
    possible: `null, { seed, window } or a list of events (${clientEvents.join(", ")})`,
  },
  eventsBeforeReady: oneOf(false, true),
  echo: oneOf(true, false),
  chatEndedNotice: oneOf(true, false),
  chatEnded: oneOf("before", "after", "both", "never"),
  flagsWith: oneOf("update", "notice", "late"),
  flagSpelling: oneOf("snake", "camel"),
  memberIdentity: oneOf("type", "$userType", "user_type", "is_customer", "text"),
  updatePostSessionArguments: oneOf(2, 1, 0),
  updatePostSession: oneOf("resolves", "rejects", "hangs", "rejects-once"),
  postSessionVirtualAgent: oneOf("comes", "never"),
  keepsStatusDuringVirtualAgent: oneOf(false, true),
  actionPayload: oneOf("ujet", "message"),
  clientAfterMount: oneOf(false, true),
  hidesOnEnd: oneOf(false, true),
  asksPostSession: oneOf(false, true),
};

export const defaultQuirks = /** @type {Readonly<Quirks>} */ (
  Object.freeze(Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name, rule.default])))
);

/**
 * @param {Partial<Quirks>} chosen
 * @returns {Readonly<Quirks>}
 */
export function resolveQuirks(chosen) {
  const given = Object.entries(chosen).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    if (!Object.hasOwn(rules, name)) {
      throw new TypeError(`There is no quirk "${name}". Possible: ${Object.keys(rules).join(", ")}.`);
    }
    const rule = rules[/** @type {keyof Quirks} */ (name)];
    if (!rule.accepts(value)) {
      throw new TypeError(`Quirk "${name}" cannot be ${JSON.stringify(value)}. Possible: ${rule.possible}.`);
    }
  }
  return Object.freeze({ ...defaultQuirks, ...Object.fromEntries(given) });
}

/**
 * @template {string | number | boolean} T
 * @param {T} first The default.
 * @param {T[]} others
 * @returns {Rule<any>}
 */
function oneOf(first, ...others) {
  const values = [first, ...others];
  return {
    default: first,
    accepts: (value) => values.includes(/** @type {T} */ (value)),
    possible: values.map((value) => JSON.stringify(value)).join(", "),
  };
}

/** @param {unknown} value @returns {value is number} */
function isCount(value) {
  return Number.isFinite(value) && Number(value) >= 0;
}

/** @param {unknown} value */
function areEvents(value) {
  return Array.isArray(value) && value.every((name) => clientEvents.includes(name));
}

/** @param {unknown} value */
function isShuffle(value) {
  const { seed, window } = /** @type {{ seed?: unknown, window?: unknown }} */ (value ?? {});
  return Number.isInteger(seed) && Number.isInteger(window) && Number(window) >= 1;
}
