// The platform's own flags: alone, beside settings, and when they come while something is already going on.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { asked, open, Scene, settingsWith, under } from "./support.mjs";

const flagsWith = ["notice", "update", "late"];
const flagSpelling = ["snake", "camel"];

/** When flags come, and how they are written. */
const arrivals = flagsWith.flatMap((when) =>
  flagSpelling.flatMap((spelling) =>
    [0, 150].map((latencyMs) => [
      `${when}, ${spelling}, ${latencyMs} ms`,
      { flagsWith: when, flagSpelling: spelling, latencyMs },
    ]),
  ),
);

const shuffles = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => [
  `shuffle ${seed}`,
  { flagsWith: seed % 2 ? "update" : "late", reorder: { seed, window: 9 } },
]);

/** What the documentation says of flags without settings. */
function expected(required, optInRequired, status) {
  if (status !== null && status !== "ready") return "skipped/already_started";
  if (required === false) return "skipped/platform_not_required";
  if (required === null) return "skipped/not_configured";
  return optInRequired === false ? "handed off" : "asked";
}

describe("without settings", () => {
  for (const required of [true, false, null])
    for (const optInRequired of [true, false, null])
      for (const status of [null, "ready", "in_progress", "finished", "whatever"]) {
        const outcome = expected(required, optInRequired, status);
        test(`required ${required}, opt-in ${optInRequired}, status ${status}: ${outcome}`, async () => {
          await under([...arrivals, ...(status === null ? shuffles : [])], async (quirks) => {
            const scene = await open({
              quirks,
              postSession: { required, optInRequired },
              transfer: { settings: undefined },
            });
            await scene.chat();
            if (status !== null) await scene.client.updatePostSession(status);
            await scene.run(1000);
            assert.deepEqual(scene.said, []);
            const before = scene.sim.postSessionCalls;
            scene.sim.agent.end();
            await scene.run(2000);
            const calls = scene.updates.slice(before);
            if (outcome === "asked") {
              assert.equal(scene.state, "asking");
              assert.equal(scene.questions, 1);
              assert.deepEqual(calls, []);
              assert.deepEqual(scene.last("decision").level, "platform");
              await scene.act("yes");
              await scene.run(1000);
              assert.deepEqual(scene.updates.slice(before), ["ready true", "in_progress true"]);
              assert.equal(scene.state, "in_conversation");
            } else if (outcome === "handed off") {
              assert.equal(scene.questions, 0);
              assert.deepEqual(calls, ["ready", "in_progress"]);
            } else {
              assert.equal(scene.questions, 0);
              assert.deepEqual(scene.outcomes, [outcome]);
              assert.deepEqual(calls, []);
              assert.equal(scene.count("hold"), 0);
            }
            await scene.close();
          });
        });
      }

  test("no flags at all: not configured, after half a second and not before", async () => {
    const scene = await open({ transfer: { settings: undefined } });
    await scene.chat();
    scene.sim.agent.end();
    await scene.run(499);
    assert.deepEqual(scene.said, []);
    await scene.run(1);
    assert.deepEqual(scene.outcomes, ["skipped/not_configured"]);
    await scene.close();
  });

  test("flags that come later than half a second change nothing any more", async () => {
    const scene = await open({
      transfer: { settings: undefined },
      postSession: { required: null, optInRequired: null },
    });
    await scene.chat();
    scene.sim.agent.end();
    await scene.run(2000);
    await scene.client.updatePostSession("in_progress");
    await scene.run(2000);
    assert.deepEqual(scene.outcomes, ["skipped/not_configured"]);
    assert.equal(scene.questions, 0);
    await scene.close();
  });

  test("an SDK that cannot hand off is refused before anybody is asked, whenever the flags come", async () => {
    await under(arrivals, async (quirks) => {
      const scene = await open({
        quirks: { ...quirks, updatePostSessionArguments: 0 },
        postSession: { required: true, optInRequired: true },
        transfer: { settings: undefined },
      });
      await scene.chat();
      scene.sim.agent.end();
      await scene.run(2000);
      assert.deepEqual(scene.outcomes, ["rejected/sdk_cannot_hand_off"]);
      assert.equal(scene.questions, 0);
      await scene.close();
    });
  });

  test("required in the middle of a chat begins nothing, and is heeded at its end", async () => {
    for (const flag of ["post_session_required", "postSessionRequired"]) {
      const scene = await open({ transfer: { settings: undefined } });
      await scene.chat();
      await scene.record({ [flag]: true });
      scene.sim.agent.typing();
      scene.sim.virtualAgent.join();
      scene.sim.virtualAgent.leave();
      await scene.run(5000);
      assert.deepEqual(scene.said, []);
      await scene.press();
      assert.equal(scene.state, "asking");
      await scene.close();
    }
  });
});

test("required from the beginning, and an agent who hands over to another: nothing is asked in between", async () => {
  for (const flag of ["post_session_required", "postSessionRequired"]) {
    const scene = await open({ transfer: { settings: undefined } });
    await scene.chat();
    await scene.record({ [flag]: true });
    scene.sim.agent.leave();
    await scene.record({ status: "queued" });
    await scene.run(1000);
    // The record changes while nobody is there: it waits for the next one.
    scene.sim.checkIn.require();
    scene.sim.checkIn.timeOut();
    await scene.client.rejoinChat();
    await scene.run(10_000);
    assert.deepEqual(scene.said, []);
    scene.sim.agent.join();
    await scene.run(1000);
    assert.equal(scene.state, "idle");
    scene.sim.agent.end();
    await scene.run(1000);
    assert.equal(scene.state, "asking");
    assert.equal(scene.questions, 1);
    await scene.close();
  }
});

describe("flags beside settings", () => {
  test("required, and an agent of another kind: the conflict is said, and the hand-off is the platform's alone", async () => {
    await under([...arrivals, ...shuffles], async (quirks) => {
      const scene = await open({
        quirks,
        postSession: { required: true, optInRequired: true },
        transfer: { settings: settingsWith("webhook") },
      });
      await scene.chat();
      scene.sim.agent.end();
      await scene.run(2000);
      assert.equal(scene.state, "asking");
      assert.equal(scene.questions, 1);
      assert.ok(scene.asks);
      assert.deepEqual(scene.last("decision").conflicts, ["endpoint_conflict"]);
      assert.equal(scene.diagnostics.filter((code) => code === "endpoint_conflict").length, 1);
      await scene.act("yes");
      await scene.run(1000);
      assert.deepEqual(scene.updates, ["ready true", "in_progress true"]);
      assert.deepEqual(scene.requests, []);
      assert.equal(scene.state, "in_conversation");
      await scene.close();
    });
  });

  test("required, an agent of another kind, and nobody is asked: never two bots", async () => {
    await under(arrivals, async (quirks) => {
      const scene = await open({
        quirks: { ...quirks, asksPostSession: true },
        widget: true,
        postSession: { required: true, optInRequired: false },
        transfer: { settings: settingsWith("webhook", { chat: { opt_in: false } }) },
      });
      await scene.chat();
      scene.sim.agent.end();
      await scene.run(5000);
      const platform = scene.sim.state.all_virtual_agents.length;
      assert.equal(
        platform + scene.requests.length,
        1,
        `${platform} of the platform, ${scene.requests.length} of ours`,
      );
      await scene.close();
    });
  });

  test("not required: the question is withdrawn, and the survey is released", async () => {
    for (const kind of ["ccaip", "webhook"])
      await under([...arrivals, ...shuffles], async (quirks) => {
        const scene = await open({
          quirks,
          postSession: { required: false, optInRequired: null },
          transfer: { settings: settingsWith(kind) },
        });
        await scene.chat();
        scene.sim.agent.end();
        await scene.run(2000);
        assert.deepEqual(scene.outcomes, ["skipped/platform_not_required"]);
        assert.equal(scene.last("prompt") ?? null, null);
        assert.equal(scene.count("release"), scene.count("hold"));
        assert.ok(scene.questions <= 1);
        if (quirks.flagsWith === "notice" && !quirks.reorder) assert.equal(scene.questions, 0);
        assert.deepEqual(scene.updates, []);
        assert.deepEqual(scene.requests, []);
        assert.equal((await scene.act("yes")).accepted, false);
        await scene.close();
      });
  });

  test("required false long after, while it is still asked: withdrawn, and a Yes after it is too late", async () => {
    const scene = await asked({ transfer: { settings: settingsWith("webhook") } });
    await scene.run(60_000);
    await scene.record({ post_session_required: false });
    assert.deepEqual(scene.outcomes, ["skipped/platform_not_required"]);
    assert.deepEqual(
      scene.said.slice(-5).map(({ event, data }) => (event === "prompt" ? data : event)),
      ["decision", "diagnostic", null, "outcome", "release"],
    );
    assert.equal((await scene.act("yes")).accepted, false);
    assert.deepEqual(scene.requests, []);
    await scene.close();
  });

  test("opt-in required by the platform alone: asked, although the settings ask nobody", async () => {
    await under(arrivals, async (quirks) => {
      const scene = await open({
        quirks,
        postSession: { required: null, optInRequired: true },
        transfer: { settings: settingsWith("ccaip", { chat: { opt_in: false } }) },
      });
      await scene.chat();
      scene.sim.agent.end();
      await scene.run(2000);
      if (quirks.flagsWith === "notice") {
        assert.equal(scene.state, "asking");
        assert.deepEqual(scene.updates, []);
      } else assert.ok(["asking", "in_conversation"].includes(scene.state));
      assert.ok(scene.questions <= 1);
      await scene.close();
    });
  });

  test("required and a mobile SDK: refused all the same", async () => {
    await under([...arrivals, ...shuffles], async (quirks) => {
      const scene = await open({
        quirks,
        postSession: { required: true, optInRequired: false },
        transfer: { settings: undefined, session: { sdk: { platform: "iOS", version: "3.44.2" } } },
      });
      await scene.chat();
      scene.sim.agent.end();
      await scene.run(2000);
      assert.deepEqual(scene.outcomes, ["rejected/mobile_sdk_unsupported"]);
      assert.equal(scene.sim.postSessionCalls, 0);
      await scene.close();
    });
  });

  test("the platform starts a virtual agent while our question is open: withdrawn as already started", async () => {
    await under(arrivals, async (quirks) => {
      const scene = await asked({ quirks, postSession: { required: true, optInRequired: true } });
      // Somebody else: another tab, or the platform itself.
      const other = scene.sim.createClient({ companyId: "acme", authenticate: async () => ({ token: "t" }) });
      await other.updatePostSession("in_progress", true);
      await scene.run(1000);
      assert.deepEqual(scene.outcomes, ["skipped/already_started"]);
      assert.equal(scene.last("prompt"), null);
      assert.equal(scene.sim.postSessionCalls, 1);
      assert.equal((await scene.act("yes")).accepted, false);
      await scene.run(60_000);
      assert.equal(scene.sim.postSessionCalls, 1);
      await scene.close();
    });
  });

  test("ready alone starts nothing: the question stays", async () => {
    const scene = await asked({ postSession: { required: true, optInRequired: true } });
    const other = scene.sim.createClient({ companyId: "acme", authenticate: async () => ({ token: "t" }) });
    await other.updatePostSession("ready");
    await scene.run(1000);
    assert.equal(scene.state, "asking");
    assert.ok(scene.asks);
    assert.equal(scene.questions, 1);
    await scene.close();
  });

  test("flags that come during the hand-off change nothing of it", async () => {
    const scene = new Scene({});
    await scene.open({ settings: settingsWith("webhook") });
    scene.respond = () => new Promise(() => {});
    await scene.chat();
    scene.sim.agent.end();
    await scene.run(1000);
    await scene.act("yes");
    assert.equal(scene.state, "handing_off");
    await scene.record({ post_session_required: false });
    assert.equal(scene.state, "handing_off");
    assert.equal(scene.requests.length, 1);
    assert.deepEqual(scene.updates, []);
    assert.deepEqual(scene.outcomes, []);
    await scene.close();
  });

  test("flags of odd types count as missing", async () => {
    for (const odd of ["true", 1, {}, [true], "false", 0]) {
      const scene = await asked({ transfer: { settings: settingsWith("webhook") } });
      await scene.record({
        post_session_required: odd,
        post_session_opt_in_required: odd,
        post_session_transfer_status: typeof odd === "string" ? 7 : odd,
      });
      assert.equal(scene.state, "asking", String(odd));
      assert.equal(scene.questions, 1);
      await scene.close();
    }
  });
});
