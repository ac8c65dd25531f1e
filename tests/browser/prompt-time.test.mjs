// From the end of a chat to the prompt on screen, beside the same prompt in plain JavaScript, in one run.
import assert from "node:assert/strict";
import { test } from "node:test";
import { promptTime } from "../bench/prompt-time.mjs";

const MOST_TIMES_PLAIN = 1.5;

test("the prompt is on screen within one and a half times what plain JavaScript takes", async (t) => {
  const { ours, byHand } = await promptTime(40);
  t.diagnostic(`drawn after ${ours.seen.p50.toFixed(1)} ms, by hand ${byHand.seen.p50.toFixed(1)} ms`);
  assert.ok(ours.seen.p50 <= byHand.seen.p50 * MOST_TIMES_PLAIN, JSON.stringify({ ours, byHand }));
  // The measure bites: what is compared is not nothing.
  assert.ok(byHand.asked.p50 < byHand.seen.p50 && ours.asked.p50 < ours.seen.p50);
});
