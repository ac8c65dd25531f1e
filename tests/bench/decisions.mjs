// The time of one decision, settings loaded once: the product next to hand-written JavaScript and json-logic-engine, in turns.

import assert from "node:assert/strict";
import { evaluate as reference } from "../reference/evaluate.mjs";
import { prepareHandwritten } from "./handwritten.mjs";
import { sessions, settings } from "./inputs.mjs";
import { prepareJsonLogic } from "./json-logic.mjs";

const PASSES_A_TURN = 20;

/** `{name: {inputs, decide, decisionOf}}`; `policy` is a loaded one, or null where the package is not built. */
export function contestants(policy) {
  const texts = sessions.map((session) => JSON.stringify(session));
  const handwritten = prepareHandwritten(settings);
  const jsonLogic = prepareJsonLogic(settings);
  const objects = (decide, withTrace = true) => ({
    inputs: sessions,
    decide,
    withTrace,
    decisionOf: (answer) => answer,
  });
  const text = (decide, withTrace = true) => ({ inputs: texts, decide, withTrace, decisionOf: JSON.parse });
  const product = policy && {
    "product, objects": objects((session) => policy.evaluate(session)),
    "product, text": text(
      // Without an entry for text, an answer goes through an object: that is what a host pays today.
      policy.evaluateText
        ? (session) => policy.evaluateText(session)
        : (session) => JSON.stringify(policy.evaluate(session)),
    ),
  };
  return {
    ...product,
    "handwritten, objects": objects((session) => handwritten.evaluate(session)),
    "handwritten, text": text((session) => handwritten.evaluateText(session)),
    "json-logic, objects": objects((session) => jsonLogic.evaluate(session), false),
    "json-logic, text": text((session) => jsonLogic.evaluateText(session), false),
  };
}

/** Throws unless every contestant answers every session as the reference does; the trace counts where a contestant has one. */
export function assertSameAnswers(all) {
  for (const [name, { inputs, decide, withTrace, decisionOf }] of Object.entries(all)) {
    for (const [index, input] of inputs.entries()) {
      const { trace, ...rest } = reference(settings, sessions[index]);
      assert.deepEqual(
        { ...decisionOf(decide(input)) },
        withTrace ? { ...rest, trace } : rest,
        `${name} answers session ${index} alike`,
      );
    }
  }
}

/** Every answer is kept here for a moment, so that no compiler may leave the work out. */
let kept = null;

/** Microseconds a decision, averaged over one pass of all sessions: a single decision is too short for the clock. */
function timePass({ inputs, decide }) {
  const started = performance.now();
  for (const input of inputs) kept = decide(input);
  return ((performance.now() - started) * 1000) / inputs.length;
}

const percentile = (sorted, p) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))];

/** `{name: {p50, p99}}` in microseconds. Each round begins with another contestant, so that noise hits all alike. */
export function measureDecisions(all, { warmUp, rounds }) {
  const names = Object.keys(all);
  for (const name of names) for (let n = 0; n < warmUp; n += 1) timePass(all[name]);

  const samples = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(round + turn) % names.length];
      timePass(all[name]); // Not counted: it pays for what the contestant before left in the caches.
      for (let n = 0; n < PASSES_A_TURN; n += 1) samples[name].push(timePass(all[name]));
    }
  }
  assert.notEqual(kept, null);
  return Object.fromEntries(
    names.map((name) => {
      const sorted = samples[name].sort((a, b) => a - b);
      return [name, { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) }];
    }),
  );
}

/** Each contestant's p50 over that of hand-written JavaScript with the same kind of input, in the same run. */
export function ratios(times) {
  return Object.fromEntries(
    Object.entries(times)
      .filter(([name]) => !name.startsWith("handwritten"))
      .map(([name, { p50 }]) => [name, p50 / times[`handwritten, ${name.split(", ")[1]}`].p50]),
  );
}
