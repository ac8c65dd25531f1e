/** Builds the session facts from what the SDK holds. Everything there is hostile, and may have any type. */
import { plain, plainObject } from "../plain.js";
import { withClaims } from "../signed.js";
import type { Diagnostic, Json, PartialSessionFacts, SessionFacts, TransferOptions } from "../types.js";
import type { Ear, Heard, Thing } from "./listen.js";
import { mobileBridge } from "./mobile.js";

type Facts = { readonly [key: string]: Json };

const text = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);
const identifier = (value: unknown): string | number | null => (typeof value === "number" ? value : text(value));
/** The first that is there: the wire has snake_case, the mobile SDK's documentation camelCase. */
const either = (from: Facts, ...names: readonly string[]): Json =>
  names.map((name) => from[name]).find((value) => value !== undefined && value !== null) ?? null;

/** What V3's clients offer, whatever their version. */
const V3_METHODS = ["on", "off", "createChat", "finishChat"];
const ASSUMED_VERSION = "3.0.0";

function read(from: Thing | undefined, name: string): unknown {
  try {
    return from?.[name];
  } catch {
    return undefined;
  }
}

const offers = (client: Thing | undefined, method: string): boolean => typeof read(client, method) === "function";

function sdkFacts(ear: Ear): Facts {
  const client = ear.client();
  return {
    platform: "web",
    name: ear.widget === undefined ? "headless" : "widget",
    // The widget has a VERSION; the headless client exposes none.
    version: text(plain(read(ear.widget ?? client, "VERSION"))),
    can: offers(client, "updatePostSession") ? ["update_post_session"] : [],
  };
}

/** The queue in force is the last menu chosen. */
function queueFacts(menus: unknown): Facts | null {
  const path = (Array.isArray(menus) ? menus : []).map(plainObject).filter((menu) => identifier(menu.id) !== null);
  const last = path.at(-1);
  return last === undefined
    ? null
    : { id: identifier(last.id), name: text(last.name), path: path.map((menu) => String(menu.id)).join("/") };
}

function chatFacts(state: Facts): Facts {
  const agents = [...(Array.isArray(state.all_agents) ? state.all_agents : []), state.agent].map(plainObject);
  const agent = agents.findLast(({ id }) => identifier(id) !== null) ?? {};
  const endUser = plainObject(state.end_user);
  return {
    id: identifier(state.id),
    channel: "chat",
    // V3's public chat object has no type, and its chats are web chats.
    chat_type: "web",
    status: text(state.status),
    lang: text(state.lang),
    queue: queueFacts(state.menus),
    // The agent who has left is no longer in `agent`.
    agent: identifier(agent.id) === null ? null : { id: identifier(agent.id), name: text(agent.name) },
    end_user: { id: identifier(endUser.id), identifier: text(endUser.identifier) },
    created_at: text(state.created_at),
    post_session: {
      required: either(state, "post_session_required", "postSessionRequired"),
      opt_in_required: either(state, "post_session_opt_in_required", "postSessionOptInRequired"),
      status: either(state, "post_session_transfer_status", "postSessionTransferStatus"),
    },
  };
}

/** Objects on both sides are laid over each other, one level deep; anything else replaces. */
function layOver(facts: Facts, over: Facts): Facts {
  const isObject = (value: Json | undefined): value is Facts =>
    value !== null && typeof value === "object" && !Array.isArray(value);
  const merged = Object.entries(over).map(([key, value]) => {
    const under = facts[key];
    return [key, isObject(under) && isObject(value) ? { ...under, ...value } : value] as const;
  });
  return { ...facts, ...Object.fromEntries(merged) };
}

/**
 * The facts as the core takes them: with the claims of a token in its place, and where the page shows that it runs inside a mobile app, that is
 * believed before what is said of it.
 */
export function inThisPage(
  given: SessionFacts,
  client: Thing | undefined,
  diagnostic: (diagnostic: Diagnostic) => void = () => {},
): SessionFacts {
  const facts = withClaims(given, Date.now(), diagnostic);
  const bridge = mobileBridge(client);
  return bridge === undefined ? facts : { ...facts, sdk: { ...plainObject(facts.sdk), platform: bridge } };
}

/**
 * The facts about a chat that has just ended.
 * @param end the signal it ended by
 * @param signals those of this chat, up to and with `end`
 */
export function sessionFacts(
  ear: Ear,
  end: Heard,
  signals: readonly Heard[],
  host: TransferOptions["session"],
  diagnostic: (diagnostic: Diagnostic) => void,
): SessionFacts {
  const facts = {
    ...chatFacts(plainObject(end.state)),
    sdk: sdkFacts(ear),
    // The core derives from them who ended the session.
    signals: signals.map(({ signal, at, human }) => ({ signal, at, ...(human === undefined ? {} : { human }) })),
    ended_at: new Date(end.at).toISOString(),
  };
  return completed(facts, ear, host, diagnostic);
}

/** The facts about a session that a page before this one has kept, with what the SDK and the host know of it now. */
export function restoredFacts(
  ear: Ear,
  kept: SessionFacts,
  host: TransferOptions["session"],
  diagnostic: (diagnostic: Diagnostic) => void,
): SessionFacts {
  const facts = kept as unknown as Facts;
  const state = plainObject(plainObject(read(ear.client(), "chat")).state);
  const known = String(state.id) === String(facts.id) ? chatFacts(state) : {};
  const { post_session = facts.post_session ?? null, ...rest } = known;
  const sdk = ear.recognised ? sdkFacts(ear) : (facts.sdk ?? null);
  return completed({ ...rest, ...facts, post_session, sdk }, ear, host, diagnostic);
}

/** What the host says is laid over; what the page shows, and a version that is told nowhere, are added. */
function completed(
  known: Facts,
  ear: Ear,
  host: TransferOptions["session"],
  diagnostic: (diagnostic: Diagnostic) => void,
): SessionFacts {
  let facts = known;
  try {
    const given: PartialSessionFacts | null | undefined =
      typeof host === "function" ? host(facts as unknown as SessionFacts) : host;
    facts = layOver(facts, plainObject(given));
  } catch (error) {
    diagnostic({
      code: "session_option_failed",
      message: `The session option threw: ${error instanceof Error ? error.name : typeof error}.`,
    });
  }
  facts = inThisPage(facts as unknown as SessionFacts, ear.client(), diagnostic) as unknown as Facts;
  const sdk = plainObject(facts.sdk);
  if (text(sdk.version) === null && V3_METHODS.every((method) => offers(ear.client(), method))) {
    facts = { ...facts, sdk: { ...sdk, version: ASSUMED_VERSION } };
    diagnostic({
      code: "sdk_version_assumed",
      message: `The SDK does not tell its version. It offers what web SDK V3 offers, so ${ASSUMED_VERSION} is assumed; pass session: { sdk: { version } } to say it.`,
    });
  }
  return facts as unknown as SessionFacts;
}
