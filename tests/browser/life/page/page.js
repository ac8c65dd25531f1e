// First: what it counts is counted from here on.

import { Simulator } from "/simulator/index.js";
import { chats, people } from "./chats.js";
import { storageFaults, withoutLocks } from "./faults.js";
import { leftovers, quietFetch, quietListen, quietTimeout } from "./watch.js";

/* Everything is chosen in the address:
 *   chat      the chat's id
 *   room      where the endpoint keeps what this test sends
 *   ask       0: no opt-in
 *   kind      webhook (default) or ccaip
 *   agent     the virtual agent's id
 *   param     a field of ujet_metadata that becomes a data parameter
 *   silent    the SDK has no chat, as after a reload (which is noticed by itself)
 *   after     what the SDK has after a reload: nothing, or new, resumed, bot, again
 *   storage   null, or one of faults.js
 *   locks     0: no Web Locks
 *   speed     timers that many times as fast; the clock itself stays
 *   hurry     lengths of timers, in milliseconds, that take 300 ms instead
 *   offset    milliseconds that the clock is ahead
 *   away      milliseconds that pass in the back/forward cache
 *   wait      1: the transfer begins with life.start()
 */
const query = new URLSearchParams(location.search);
const chat = Number(query.get("chat"));
const [navigation] = performance.getEntriesByType("navigation");
const later = query.has("silent") || navigation.type !== "navigate";
const after = later ? (query.get("after") ?? "gone") : "begins";

let offset = Number(query.get("offset") ?? 0);
const speed = Number(query.get("speed") ?? 1);
const hurry = (query.get("hurry") ?? "").split(",").map(Number);
/** One attempt's time keeps its length, and the budget of all has one that suffices: a busy machine is no silent endpoint. */
const least = { 8000: 8000, 30000: 2000 };
const clock = {
  now: () => Date.now() + offset,
  setTimeout: (run, ms) => setTimeout(run, hurry.includes(ms) ? 300 : Math.max(ms / speed, least[ms] ?? 0)),
  clearTimeout: (timer) => clearTimeout(timer),
};

quietListen(window, "pageshow", (event) => {
  if (!event.persisted) return;
  offset += Number(query.get("away") ?? 0);
  life.restored += 1;
});

if (query.get("locks") === "0") withoutLocks();
storageFaults[query.get("storage")]?.();

// Loaded before the chat goes on: what ended before it listens is nothing it could know.
const { createPostSessionTransfer } = await import("/package/index.js");
const { endpointUrl } = await (await quietFetch("/config.json")).json();
const names = ["decision", "prompt", "consent", "handoff", "hold", "release", "outcome", "diagnostic"];

const simulator = new Simulator({
  firstChatId: after === "new" ? chat + 500_000 : chat,
  ...people,
  menus: [{ id: 502, name: "Billing" }],
  postSessionVirtualAgent: { greeting: "Hello", replies: () => "Thank you" },
  // The record is the platform's: the same in every tab.
  now: () => Date.UTC(2026, 0, 1, 10),
  schedule: (run, ms) => quietTimeout(run, ms),
});
const sdk = { companyId: "acme", authenticate: async () => ({ token: "MARK-TOKEN" }) };
const client = simulator.createClient(sdk);

function settings() {
  const webhook = query.get("kind") !== "ccaip";
  const room = query.get("room") ?? chat;
  const param = query.get("param");
  const field = { type: "dynamic", field: "extra", source: "ujet_metadata", source_field: param, default: "none" };
  return {
    version: 1,
    virtual_agents: [
      {
        id: query.get("agent") ?? "survey",
        name: "Survey bot",
        channels: ["chat"],
        endpoint: webhook ? { kind: "webhook", url: `${endpointUrl}/room/${room}` } : { kind: "ccaip" },
      },
    ],
    chat: {
      enabled: true,
      chat_types: ["web"],
      virtual_agent: query.get("agent") ?? "survey",
      opt_in: query.get("ask") !== "0",
      data_parameters_enabled: true,
      data_parameters: [
        { type: "fixed", field: "survey_kind", value: "MARK-FIXED" },
        { type: "dynamic", field: "order_id", source: "unsigned", source_field: "order_id", default: "none" },
        ...(param === null ? [] : [field]),
      ],
    },
  };
}

const life = {
  client,
  simulator,
  transfer: null,
  /** Everything that the host was told in this document: `{ name, data }`. */
  events: [],
  /** How often the page came back from the back/forward cache. */
  restored: 0,
  ready: false,
  leftovers,
  set offset(ms) {
    offset = ms;
  },

  async start() {
    const transfer = await createPostSessionTransfer({
      client,
      settings: settings(),
      mount: document.querySelector("#prompt"),
      endpoints: [endpointUrl],
      session: {
        tenant: "acme",
        sdk: { version: "3.44.2" },
        custom_data: { unsigned: { order_id: { label: "Order", value: "MARK-CUSTOM", type: "string" } } },
        session_variables: { intent: "MARK-VARIABLE" },
      },
      authorize: async () => ({ authorization: "Bearer MARK-TOKEN" }),
      ...(query.get("storage") === "null" && { storage: null }),
      ...(["offset", "speed", "hurry", "away"].some((name) => query.has(name)) && { clock }),
    });
    for (const name of names) transfer.on(name, (data) => life.events.push({ name, data, at: Date.now() }));
    life.transfer = transfer;
    return transfer;
  },

  /** How the chat comes to its end: by its agent, here, or by the person in another tab. */
  end(how = "agent") {
    if (how === "agent") simulator.agent.end();
    if (how === "here") client.finishChat();
    if (how === "elsewhere") simulator.createClient(sdk).finishChat();
  },

  /** At one moment in several tabs. */
  endAt(time) {
    quietTimeout(() => simulator.agent.end(), time - Date.now());
  },

  async another() {
    await client.destroyChat();
    await chats.new(simulator, client);
  },

  /** What the person sees: the kind of the card, or null. */
  seen() {
    const card = document.querySelector("[data-post-session-transfer]")?.shadowRoot.querySelector("[part~=card]");
    return card?.getAttribute("part").split("card-")[1] ?? null;
  },

  snapshot() {
    const of = (wanted) => life.events.filter(({ name }) => name === wanted).map(({ data }) => data);
    const short = (outcome) => outcome && `${outcome.outcome} / ${outcome.reason}`;
    return {
      phase: life.transfer?.state ?? null,
      outcome: short(life.transfer?.outcome) ?? null,
      outcomes: of("outcome").map(short),
      asked: of("prompt").filter((prompt) => prompt?.kind === "opt_in").length,
      prompt: of("prompt").at(-1)?.kind ?? null,
      prompts: of("prompt").map((prompt) => prompt?.kind ?? null),
      held: of("hold").length,
      released: of("release").length,
      handoffs: of("handoff").map(({ state, reason }) => (reason ? `${state} ${reason}` : state)),
      diagnostics: of("diagnostic").map(({ code }) => code),
      updates: simulator.postSessionUpdates.map(({ status }) => status),
      seen: life.seen(),
    };
  },
};
window.life = life;

quietListen(document.querySelector("#end"), "click", () => life.end());
quietListen(document.querySelector("#finish"), "click", () => life.end("here"));
quietListen(document.querySelector("#new"), "click", () => life.another());

const started = query.get("wait") === "1" ? undefined : life.start();
await chats[after](simulator, client, sdk);
await started;
life.ready = true;
