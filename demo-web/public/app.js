import { Simulator } from "/simulator/index.js";
import { AgentScript } from "./agent-script.js";
import { BotConversation } from "./bot.js";
import { ChatView } from "./chat-view.js";
import { showCsat } from "./csat.js";
import { fastClock } from "./fast-clock.js";
import { lookOptions, promptLook } from "./prompt-look.js";
import { scenarioOf } from "./scenarios.js";
import { showWidgetQuestion } from "./widget-question.js";
import { Workbench } from "./workbench.js";

const query = new URLSearchParams(location.search);
const fast = query.get("clock") === "fast";
/** What the page knows, for parameters whose source is the host. */
const basket = { basket_items: 3, basket_value: 184.5 };
const agentName = "Kim";
const queue = 502;
const eventNames = ["decision", "prompt", "consent", "handoff", "record", "hold", "release", "outcome", "diagnostic"];

/** @param {string} text */
const saysGoodbye = (text) => /\bbye\b/i.test(text);

const conversationKey = "demo-conversation";
const view = new ChatView();
const bench = new Workbench();

/** One scenario at work: a simulated SDK client, the module beside it, and the chats that take place. */
class Run {
  #simulator;
  /** The simulated stock widget, where it asks. @type {any} */
  #widget = null;
  #client;
  #script;
  #endpointOrigin;
  #recordsUrl;
  /** @type {any} The running transfer; null until it is loaded, and where it was refused. */
  #transfer = null;
  #stopped = false;
  #held = false;
  /** No module, or it has said what became of this session. */
  #settled = false;
  /** The virtual agent's part, where it is a conversation with its endpoint. @type {BotConversation | null} */
  #bot = null;
  /** It goes on in the chat itself. */
  #inChat = false;
  #botName = "";
  /** Names of the virtual agents by their ids. @type {Map<string, string>} */
  #agentNames = new Map();

  /** @param {{ endpointUrl: string, recordsUrl: string }} urls @param {import("./scenarios.js").Scenario} scenario */
  constructor({ endpointUrl, recordsUrl }, scenario) {
    this.#endpointOrigin = new URL(endpointUrl).origin;
    this.#recordsUrl = recordsUrl;
    this.#simulator = new Simulator({
      firstChatId: Number(query.get("chat")) || 10_000 + (crypto.getRandomValues(new Uint32Array(1))[0] % 900_000),
      agent: { id: 9, name: agentName },
      menus: [{ id: queue, name: "Orders" }],
      postSession: scenario.postSession ?? null,
      postSessionVirtualAgent: {
        greeting: "Hi, I am the platform’s virtual agent. Did Kim solve your problem?",
        replies: (text) =>
          saysGoodbye(text) ? "Thank you. Goodbye!" : "Thank you. Anything else? Say “bye” to leave.",
      },
      quirks: { asksPostSession: scenario.widgetAsks === true },
    });
    const options = { companyId: "halden-pine", authenticate: async () => ({ token: "simulated" }) };
    if (scenario.widgetAsks) this.#widget = this.#simulator.createWidget(options);
    this.#client = this.#widget?.client ?? this.#simulator.createClient(options);
    this.#script = new AgentScript(this.#simulator, fast ? 0 : 900);
    this.#listen();
  }

  /**
   * @param {any} module The package.
   * @param {import("./scenarios.js").Scenario} scenario
   * @param {string} settings
   * @param {boolean} [goesOn] The module has something to go on with.
   */
  async start(module, scenario, settings, goesOn = false) {
    // Beside the chat, not before it: a module that is refused or late must not cost anyone their chat.
    const transfer = this.#startTransfer(module, scenario, settings);
    if (goesOn) this.#noChat();
    else await this.chat();
    await transfer;
  }

  /** The page was loaded anew after the chat had ended: the SDK has none, and the module goes on with what it has kept. */
  #noChat() {
    view.reset();
    view.notice("The page was loaded anew; the chat is over");
    view.setPhase("ended");
  }

  async #startTransfer(module, scenario, settings) {
    try {
      const transfer = await module.createPostSessionTransfer({
        client: this.#widget ?? this.#client,
        prompt: scenario.widgetAsks ? "platform" : "module",
        // The chat shows what the bot says.
        conversation: "host",
        ...(settings !== "" && { settings }),
        mount: view.promptMount,
        ...lookOptions(query),
        provide: ({ source_field }) => basket[source_field],
        endpoints: [this.#endpointOrigin, this.#recordsUrl],
        session: {
          sdk: scenario.sdk,
          tenant: "halden-pine",
          custom_data: { unsigned: { order_id: { label: "Order", value: "HP-20417", type: "string" } } },
        },
        records: {
          metadata: `${this.#recordsUrl}/files/records`,
          crm: `${this.#recordsUrl}/crm/records`,
        },
        ...(fast && { clock: fastClock, random: () => 0.5 }),
      });
      if (this.#stopped) return transfer.dispose();
      this.#transfer = transfer;
      const agents = settings === "" ? [] : JSON.parse(settings).virtual_agents;
      this.#agentNames = new Map(agents.map(({ id, name }) => [id, name]));
      for (const name of eventNames) transfer.on(name, (data) => this.#happened(name, data));
      for (const warning of transfer.warnings) bench.event("warning", warning);
      document.documentElement.dataset.transfer = "ready";
    } catch (error) {
      if (this.#stopped) return;
      bench.refused(error);
      this.#settled = true;
      this.#rate();
      document.documentElement.dataset.transfer = "refused";
    }
  }

  /** A new chat. The transfer stays: it serves all chats of the page. */
  async chat() {
    this.#held = false;
    this.#settled = this.#settled && this.#transfer === null;
    this.#bot?.stop();
    this.#bot = null;
    this.#inChat = false;
    view.reset();
    await this.#client.createChat(queue, { lang: "en", custom_data: { unsigned: { order_id: "HP-20417" } } });
    this.#script.start();
  }

  async newChat() {
    this.#script.stop();
    await this.#client.destroyChat();
    await this.chat();
  }

  /** @param {string} text */
  async send(text) {
    if (!this.#bot) {
      await this.#client.sendTextMessage(text);
      if (!this.#inChat) this.#script.answer();
      else if (saysGoodbye(text)) this.#simulator.virtualAgent.end();
      return;
    }
    const bot = this.#bot;
    view.message("customer", "", text, new Date());
    view.typing(this.#botName);
    try {
      const { messages, ended } = await bot.send(text);
      if (bot !== this.#bot) return;
      view.typing(null);
      this.#botSays(messages);
      if (ended) this.#botEnds("virtual_agent");
    } catch {
      if (bot !== this.#bot) return;
      view.typing(null);
      view.restore(text);
      view.notice("Your message was not sent. Please send it again.");
    }
    refresh();
  }

  /** "End chat" was pressed. */
  async endChat() {
    if (this.#bot) this.#botEnds("end_user");
    else await this.#client.finishChat();
  }

  agentEnds() {
    if (view.phase === "live") this.#simulator.agent.end();
  }

  timeOut() {
    if (view.phase === "live") this.#simulator.timeout();
  }

  stop() {
    this.#stopped = true;
    this.#script.stop();
    this.#bot?.stop();
    this.#transfer?.dispose();
    this.#client.destroy();
    delete document.documentElement.dataset.transfer;
  }

  #listen() {
    const client = this.#client;
    client.on("chat.memberJoined", (member) => {
      if (member.type === "virtual_agent") this.#virtualAgentJoins(member.name);
      if (member.type !== "agent") return;
      view.setPhase("live");
      bench.live(true);
      view.notice(`${member.name} has joined`);
    });
    client.on("chat.memberLeft", (member) => {
      if (member.type !== "end_user") view.notice(`${member.name} has left`);
    });
    client.on("chat.typingStarted", (member) => member.type === "agent" && view.typing(member.name));
    client.on("chat.typingEnded", (member) => member.type === "agent" && view.typing(null));
    client.on("chat.message", (message) => {
      if (message.type !== "text") return;
      if (message.$userType === "end_user") view.message("customer", "", message.content, message.$timestamp);
      if (message.$userType === "virtual_agent") this.#botSays([message.content]);
      if (message.$userType === "agent") view.message("agent", agentName, message.content, message.$timestamp);
    });
    client.on("chat.timeout", () => view.notice("Nobody wrote for a while"));
    client.on("chat.ended", () => {
      this.#script.stop();
      view.typing(null);
      if (view.phase === "live") view.setPhase("ended");
      bench.live(false);
      this.#rate();
    });
    // The widget may hear of it after us.
    client.on("chat.updated", () => setTimeout(() => this.#widgetQuestion(), 0));
  }

  /** @param {string} name @param {any} data */
  #happened(name, data) {
    if (this.#stopped) return;
    bench.event(name, data);
    if (name === "decision") bench.decision(data);
    if (name === "hold") this.#held = true;
    if (name === "release") this.#held = false;
    if (name === "handoff") this.#handedOff(data);
    if (name === "outcome") {
      bench.outcome(data);
      sessionStorage.removeItem(conversationKey);
      this.#settled = data.outcome !== "completed" && data.outcome !== "transferred";
      if (view.phase === "ended" || this.#inChat) view.setPhase("closed");
      this.#inChat = false;
    }
    if (name === "release" || name === "outcome") this.#rate();
    if (
      name === "record" ||
      name === "handoff" ||
      name === "outcome" ||
      (name === "prompt" && data?.kind === "stalled")
    )
      refresh();
  }

  /** @param {any} data */
  #handedOff(data) {
    const { messages } = data;
    // After a reload the module goes on; where its own conversation goes on is the shop's business.
    const url = data.conversation?.url ?? (data.state === "delivered" ? sessionStorage.getItem(conversationKey) : null);
    if (!url || this.#bot) return;
    sessionStorage.setItem(conversationKey, url);
    this.#bot = new BotConversation(url, this.#endpointOrigin);
    this.#botName = this.#agentNames.get(data.virtual_agent) ?? "Virtual agent";
    view.setPhase("bot", this.#botName);
    this.#botSays((messages ?? []).map((message) => String(message.text)));
    view.takeFocus();
  }

  /** The platform's virtual agent has come into the chat. @param {string} name */
  #virtualAgentJoins(name) {
    this.#inChat = true;
    this.#botName = name;
    view.setPhase("bot", name);
    view.notice(`${name} has joined`);
    view.takeFocus();
  }

  /** The simulated widget's own question. */
  #widgetQuestion() {
    const question = this.#widget?.question ?? null;
    showWidgetQuestion(view.widgetMount, question !== null, (yes) => this.#widget.answerPostSession(yes));
  }

  /** @param {string[]} texts */
  #botSays(texts) {
    for (const text of texts) view.message("bot", this.#botName, text, new Date());
  }

  /** @param {"virtual_agent" | "end_user"} by */
  #botEnds(by) {
    view.notice(by === "end_user" ? "You left the conversation" : `${this.#botName} has left`);
    view.setPhase("closed");
    this.#bot?.stop();
    this.#bot = null;
    this.#transfer.conversationEnded(by);
    refresh();
  }

  /** The shop's own rating: only where the transfer leaves the session to it. */
  #rate() {
    const over = view.phase === "ended" || view.phase === "closed";
    if (over && this.#settled && !this.#held) showCsat(view.csatMount, agentName);
  }
}

async function refresh() {
  try {
    const [endpoint, records] = await Promise.all(["/qa/endpoint", "/qa/records"].map((path) => fetch(path)));
    bench.received(await endpoint.json());
    bench.recorded(await records.json());
  } catch {
    bench.alert("The demo’s server does not answer. Is it still running?");
  }
}

/** @param {string} kind @param {"" | "crm/" | "files/"} [service] None: the endpoint. */
async function setFault(kind, service = "") {
  await fetch(`/qa/${service}fault`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ kind }),
  });
  await refresh();
}

/** @type {{ endpointUrl: string, recordsUrl: string }} */
const urls = await (await fetch("/config.json")).json();
/** @type {any} */
let module;
try {
  module = await import("/package/index.js");
} catch {
  bench.alert("The package is not built: run `npm run build`, then load this page again.");
}

let scenario = scenarioOf(query.get("scenario"));
/** @type {Run | null} */
let run = null;

/** @param {string} settings @param {boolean} [goesOn] */
async function restart(settings, goesOn = false) {
  run?.stop();
  bench.inForce(settings);
  bench.clear();
  bench.live(false);
  if (!module) return;
  run = new Run(urls, scenario);
  await run.start(module, scenario, settings, goesOn);
}

/** @param {string | null} id @param {boolean} [goesOn] */
async function choose(id, goesOn = false) {
  scenario = scenarioOf(id);
  const settings = scenario.settings(urls.endpointUrl);
  bench.scenario(scenario, settings);
  query.set("scenario", scenario.id);
  history.replaceState(null, "", `?${query}`);
  await setFault(scenario.fault ?? "none");
  await restart(settings, goesOn);
}

view.onSend = (text) => run?.send(text);
view.onEnd = () => run?.endChat();
view.onNewChat = () => {
  bench.clear();
  run?.newChat();
};
bench.onScenario = (id) => choose(id);
bench.onApply = restart;
bench.onFault = setFault;
bench.onRecordsFault = (service, kind) => setFault(kind, `${service}/`);
bench.onButtons({
  "agent-ends": () => run?.agentEnds(),
  "chat-times-out": () => run?.timeOut(),
  restart: () => choose(scenario.id),
  refresh,
});
promptLook(query, () => choose(scenario.id));
bench.build(fast ? "fast clock" : "");
await choose(query.get("scenario"), sessionStorage.getItem("post-session-transfer") !== null);
