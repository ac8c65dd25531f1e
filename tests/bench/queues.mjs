// The time of one decision among few and among many queues: looking one up should cost the same.

import { measureDecisions } from "./decisions.mjs";
import { sessions, settingsWith } from "./inputs.mjs";

const COUNTS = [10, 1_000, 10_000];

/** Sessions in queues from all over a document with that many. */
function sessionTexts(count) {
  const chats = sessions.filter(({ channel }) => channel === "chat");
  return Array.from({ length: 60 }, (_, n) => {
    const id = Math.floor((n * count) / 60) + 1;
    return JSON.stringify({ ...chats[n % chats.length], queue: { id, name: "Billing", path: `7/${id}` } });
  });
}

/** `{queues: {p50, p99}}` in microseconds, all in one run, and what a decision among so many costs next to one among ten. */
export async function measureQueues(loadPolicy, effort) {
  const policies = await Promise.all(COUNTS.map((count) => loadPolicy(settingsWith(count))));
  const all = Object.fromEntries(
    COUNTS.map((count, n) => [
      String(count),
      { inputs: sessionTexts(count), decide: (session) => policies[n].evaluateText(session) },
    ]),
  );
  const times = measureDecisions(all, effort);
  for (const policy of policies) policy.dispose();
  const few = times[String(COUNTS[0])].p50;
  return { times, ratios: Object.fromEntries(Object.entries(times).map(([count, { p50 }]) => [count, p50 / few])) };
}

export function queueLines({ times, ratios }) {
  return [
    "One decision among so many queues, text in and out, microseconds",
    ...Object.entries(times).map(
      ([count, { p50, p99 }]) =>
        `  ${Number(count).toLocaleString("en").padStart(8)} queues${p50.toFixed(2).padStart(38)}${p99.toFixed(2).padStart(9)}${ratios[count].toFixed(2).padStart(12)}`,
    ),
  ];
}
