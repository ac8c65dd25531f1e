import { clientEvents, Simulator, widgetEvents } from "../src/index.js";

export const options = {
  companyId: "acme",
  host: "https://acme.example.com",
  authenticate: async () => ({ token: "t" }),
};

/** A simulator, a client of it, and what the client hears, as short texts. */
export function setUp(settings = {}) {
  const simulator = new Simulator(settings);
  const client = simulator.createClient(options);
  return { simulator, client, seen: listen(client) };
}

/** The same with the widget. */
export function setUpWidget(settings = {}) {
  const simulator = new Simulator(settings);
  const widget = simulator.createWidget(options);
  const seen = listen(widget);
  widget.mount("#ccaas");
  return { simulator, widget, seen };
}

/** One listener for each event. */
export function listen(emitter) {
  const seen = [];
  for (const event of [...clientEvents, ...widgetEvents]) emitter.on(event, (value) => seen.push(brief(event, value)));
  return seen;
}

/** A chat that an agent has taken. */
export async function chatting(settings = {}) {
  const all = setUp(settings);
  await all.client.createChat(502);
  all.simulator.agent.join();
  await all.simulator.idle();
  all.seen.length = 0;
  return all;
}

/** A chat after the human part, at the point where a virtual agent may come. */
export async function ended(settings = {}) {
  const all = await chatting({ postSession: { required: true, optInRequired: true }, ...settings });
  all.simulator.agent.end();
  await all.simulator.idle();
  return all;
}

/** A chat whose post-session virtual agent has just greeted. */
export async function withVirtualAgent(settings = {}) {
  const all = await ended(settings);
  await all.client.updatePostSession("ready", true);
  await all.client.updatePostSession("in_progress", true);
  await all.simulator.idle();
  all.seen.length = 0;
  return all;
}

function brief(event, value) {
  if (event === "chat.updated") return `${event} ${value.state.status}`;
  if (event === "chat.message") return `${event} ${value.content ?? value.event ?? value.type}`;
  if (event.startsWith("chat.member")) return `${event} ${value.type}`;
  if (event === "visible" || event === "chat.unread") return `${event} ${value}`;
  return event;
}
