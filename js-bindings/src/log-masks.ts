/**
 * What the log keeps of settings, facts and events. Only what the core decides by stays; of all else there are masks that have its shape, so that a
 * replay takes the same way: what is there is there, what is missing is missing.
 */
import { wellFormed } from "./plain.js";
import type { Json } from "./types.js";

const MASK = "***";
/** No name, id or address that the core knows of is longer; one that is cut is unknown all the same. */
const TEXT = 256;
/** Longer texts of the settings are masked: with them goes what could make a body that is sent too large. */
const SETTINGS_TEXT = 32;
/** Of values and bodies that are larger as JSON not even the shape is kept. */
const SHAPE = 4096;
/** Outside these milliseconds a date is no value. */
const DATE_MS = 8.64e15;

type Fields = { readonly [field: string]: Json };

/** What stays: a scalar; the items of a list; fields of an object; or what a function makes of it. Fields that are not named are masked. */
type Kept = true | readonly [Kept] | { readonly [field: string]: Kept } | ((value: Json) => Json);

const isObject = (value: Json | undefined): value is Fields =>
  value !== null && typeof value === "object" && !Array.isArray(value);

const isScalar = (value: Json): value is string | number | boolean | null =>
  value === null || typeof value !== "object";

// Also safe for a field that is called `__proto__`.
const mapped = (object: Fields, map: (value: Json, field: string) => Json): Fields =>
  Object.fromEntries(Object.entries(object).map(([field, value]) => [field, map(value, field)]));

function masked(value: Json): Json {
  if (value === null) return null;
  if (Array.isArray(value)) return value.map(masked);
  switch (typeof value) {
    case "string":
      return value === "" ? "" : MASK;
    case "number":
      return Math.abs(value) > DATE_MS ? Number.MAX_SAFE_INTEGER : 0;
    case "boolean":
      return false;
    default:
      return mapped(value as Fields, masked);
  }
}

function kept(value: Json, what: Kept | undefined): Json {
  if (typeof what === "function") return what(value);
  if (what === true && isScalar(value)) return typeof value === "string" ? cut(value) : value;
  if (Array.isArray(what) && Array.isArray(value)) return value.map((item: Json) => kept(item, what[0]));
  if (typeof what === "object" && !Array.isArray(what) && isObject(value))
    return mapped(value, (member, field) =>
      kept(member, Object.hasOwn(what, field) ? fieldOf(what, field) : undefined),
    );
  return masked(value);
}

// Cut between the halves of a character, it would be no text any more.
const cut = (text: string): string => (text.length > TEXT ? wellFormed(text.slice(0, TEXT)) : text);

const fieldOf = (what: object, field: string) => (what as { readonly [field: string]: Kept })[field];

/** Custom data: of an item that is `{ value, type, … }`, `date` is the one type that changes what becomes of the value. */
const items = (value: Json): Json =>
  isObject(value) ? mapped(value, (item) => kept(item, { type: isDate })) : masked(value);

const isDate = (type: Json): Json => (type === "date" ? type : masked(type));

const SESSION = {
  id: true,
  channel: true,
  sdk: { platform: true, version: true, name: true, can: [true] },
  chat_type: true,
  call_type: true,
  ended_by: true,
  signals: [{ signal: true, at: true, human: true }],
  status: true,
  lang: true,
  queue: { id: true },
  post_session: { required: true, opt_in_required: true, status: true },
  custom_data: { unsigned: items, signed: items },
  session_variables: items,
  sip_headers: items,
} as const satisfies Kept;

/** What the core reads without deciding by it: masked where a sensitive parameter has it. */
const PASSED_ON = ["id", "lang"] as const;

const SAVED = {
  phase: true,
  answer: true,
  handoff_id: true,
  decided_at: true,
  answered_at: true,
  accepted_at: true,
  text_version: true,
  locale: true,
  statuses_set: true,
  reason: true,
  recording: [true],
} as const satisfies Kept;

/** But for the path, which may hold a token. */
const SINK = { function: true, origin: true, protocol: true, hostname: true, userinfo: true } as const satisfies Kept;

const FACTS = {
  mode: true,
  prompt: true,
  conversation: true,
  allowed_origins: [true],
  sinks: { metadata: SINK, crm: SINK },
  time_zone: true,
  saved: SAVED,
  saved_age_ms: true,
} as const satisfies Kept;

/** An answer of what is no object says nothing. Where it is too large, what the core looks at is whether there is a conversation. */
function answer(body: Json): Json {
  if (!isObject(body)) return isScalar(body) ? masked(body) : [];
  const conversation = body.conversation;
  const { id = null, url = null } = isObject(conversation) ? conversation : {};
  const told = (value: Json) => (typeof value === "string" ? masked(value) : null);
  return shapeOf(body) ?? { conversation: isObject(conversation) ? { id: told(id), url: told(url) } : null };
}

function shapeOf(value: Json): Json | undefined {
  const shape = masked(value);
  return JSON.stringify(shape).length > SHAPE ? undefined : shape;
}

const EVENT = {
  type: true,
  digest: true,
  action: true,
  values: (values: Json) => shapeOf(values) ?? {},
  throttled: true,
  field: true,
  cause: true,
  timer: true,
  delivery: true,
  unsent: true,
  attempt: true,
  status: true,
  retry_after_ms: true,
  body: answer,
  signal: true,
  human: true,
  post_session_status: true,
  opt_in: true,
  by: true,
  connected: true,
} as const satisfies Kept;

/** A copy as JSON has it: what the core was given. */
export const asJson = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json;

/** Texts of a language are no part of it: they decide nothing, and are long. */
export function maskedEvent(event: object): Fields {
  const { words: _, ...decisive } = asJson(event) as Fields;
  return kept(decisive, EVENT) as Fields;
}

/** What `begin` was told, but for the time. */
export function maskedFacts(told: object, settings: Json): Fields {
  const hidden = sensitiveFields(settings);
  const session: Kept = {
    ...SESSION,
    ...Object.fromEntries(PASSED_ON.filter((field) => hidden.has(field)).map((field) => [field, masked])),
  };
  const { at: _, ...facts } = asJson(told) as Fields;
  const fields = kept(facts, { ...FACTS, session }) as Fields;
  return isObject(fields.saved) ? { ...fields, saved_masked: true } : fields;
}

// ── Settings ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

function parametersOf(settings: Json): readonly Fields[] {
  if (!isObject(settings)) return [];
  const { chat = null, call = null, queues = null } = settings;
  const blocks = [chat, call, ...(Array.isArray(queues) ? (queues as readonly Json[]) : [])].filter(isObject);
  return blocks.flatMap(({ data_parameters: list = null }) => (Array.isArray(list) ? list : [])).filter(isObject);
}

/** Fields of the session that a sensitive parameter passes on. */
export function sensitiveFields(settings: Json): ReadonlySet<Json | undefined> {
  const read = parametersOf(settings).filter(
    ({ sensitive, source }) => sensitive === true && source === "ujet_metadata",
  );
  return new Set(read.map(({ source_field: field }) => field));
}

/** What follows the path of an endpoint's URL, whatever it is, may be a key, and decides nothing. */
function withoutQuery(agent: Json): Json {
  if (!isObject(agent) || !isObject(agent.endpoint)) return agent;
  const endpoint = mapped(agent.endpoint, (value, field) =>
    field === "url" && typeof value === "string" ? value.replace(/([?#]).+/s, `$1${MASK}`) : value,
  );
  return { ...agent, endpoint };
}

/** Values and defaults of sensitive parameters are masked, and long texts with them. */
export function maskedSettings(settings: Json): Json {
  if (!isObject(settings)) return settings;
  const hides = (value: Json, sensitive: Json | undefined) =>
    sensitive === true || (typeof value === "string" && JSON.stringify(value).length > SETTINGS_TEXT);
  const parameter = (member: Json): Json =>
    isObject(member)
      ? mapped(member, (value, field) =>
          (field === "value" || field === "default") && hides(value, member.sensitive) ? masked(value) : value,
        )
      : member;
  const block = (member: Json): Json =>
    isObject(member) && Array.isArray(member.data_parameters)
      ? { ...member, data_parameters: member.data_parameters.map(parameter) }
      : member;
  return mapped(settings, (member, field) => {
    if (field === "queues" && Array.isArray(member)) return member.map(block);
    if (field === "virtual_agents" && Array.isArray(member)) return member.map(withoutQuery);
    return field === "chat" || field === "call" ? block(member) : member;
  });
}
