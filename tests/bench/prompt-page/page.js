import { createPostSessionTransfer } from "/package/index.js";
import { PlainPrompt } from "/plain.js";
import { MiniClient } from "/support/client.mjs";

const mount = document.getElementById("here");

const settings = {
  version: 1,
  virtual_agents: [
    { id: "survey", name: "Survey bot", channels: ["chat"], endpoint: { kind: "webhook", url: `${location.origin}/` } },
  ],
  chat: { enabled: true, chat_types: ["web"], virtual_agent: "survey", opt_in: true },
};

const client = new MiniClient();
client.updatePostSession = async () => {};
let shown = () => {};
const transfer = await createPostSessionTransfer({
  client,
  settings,
  mount,
  endpoints: [location.origin],
  storage: null,
});
transfer.on("prompt", (prompt) => prompt?.kind === "opt_in" && shown());
const ready = new Promise((resolve) => setTimeout(resolve, 0));

/** Resolves when the next frame has been drawn. */
const drawn = () =>
  new Promise((resolve) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve();
      port2.postMessage(null);
    }),
  );

let chats = 0;

async function ours() {
  chats += 1;
  await client.createChat(502, { id: 100_000 + chats });
  client.agentLeaves();
  client.chat.state.status = "finished";
  await drawn();
  const began = performance.now();
  const inPage = new Promise((resolve) => {
    shown = () => resolve(performance.now() - began);
  });
  client.emit("chat.ended");
  const asked = await inPage;
  await drawn();
  const seen = performance.now() - began;
  if (!transfer.act("no").accepted) throw new Error("the answer was not taken");
  return { asked, seen };
}

async function byHand(plain) {
  await drawn();
  const began = performance.now();
  const ended = new Promise((resolve) => addEventListener("ended", resolve, { once: true }));
  dispatchEvent(new Event("ended"));
  await ended;
  plain.show({ name: "Survey bot" }, () => {});
  const asked = performance.now() - began;
  await drawn();
  const seen = performance.now() - began;
  plain.hide();
  return { asked, seen };
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
const summary = (times) => {
  const sorted = [...times].sort((a, b) => a - b);
  return { p50: at(sorted, 0.5), p95: at(sorted, 0.95) };
};
const summaries = (list) => ({
  asked: summary(list.map(({ asked }) => asked)),
  seen: summary(list.map(({ seen }) => seen)),
});

/** Both in turns, so that they meet the same machine. */
globalThis.measure = async (rounds) => {
  await ready;
  let longTasks = 0;
  new PerformanceObserver((list) => {
    longTasks += list.getEntries().length;
  }).observe({ type: "longtask" });
  const plain = new PlainPrompt(mount, `.card { display: grid } .button { min-block-size: 44px }`);
  const runs = { ours: [], byHand: [] };
  for (let round = 0; round < rounds; round += 1) {
    runs.ours.push(await ours());
    runs.byHand.push(await byHand(plain));
  }
  return { rounds, ours: summaries(runs.ours), byHand: summaries(runs.byHand), first: runs.ours[0], longTasks };
};
document.documentElement.dataset.ready = "";
