import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultQuirks, Simulator } from "../src/index.js";
import { chatting, ended, options, setUp, setUpWidget, withVirtualAgent } from "../support/set-up.mjs";

/** Each quirk, and the test below that proves that it changes something. */
const proven = new Set();
function quirk(name, title, body) {
  proven.add(name);
  test(`${name}: ${title}`, body);
}

const count = (seen, event) => seen.filter((one) => one === event).length;
const flags = { required: true, optInRequired: true };

quirk("latencyMs", "each event arrives later by that much", async () => {
  const delays = [];
  const schedule = (run, delayMs) => {
    delays.push(delayMs);
    setImmediate(run);
  };
  const now = () => 1000;
  const slow = setUp({ quirks: { latencyMs: 250 }, schedule, now });
  await slow.client.createChat(502);
  await slow.simulator.idle();
  assert.deepEqual(new Set(delays), new Set([250]));

  delays.length = 0;
  const quick = setUp({ schedule, now });
  await quick.client.createChat(502);
  await quick.simulator.idle();
  assert.deepEqual(new Set(delays), new Set([0]));

  const before = Date.now();
  const real = setUp({ quirks: { latencyMs: 60 } });
  await real.client.createChat(502);
  await real.simulator.idle();
  const took = Date.now() - before;
  assert.ok(took >= 55, `${took} ms`);
});

quirk("duplicates", "all events, or the named ones, arrive again", async () => {
  const all = await ended({ quirks: { duplicates: 2 } });
  assert.equal(count(all.seen, "chat.ended"), 3);
  assert.equal(count(all.seen, "chat.message chatEnded"), 3);
  const named = await ended({ quirks: { duplicates: ["chat.ended"] } });
  assert.equal(count(named.seen, "chat.ended"), 2);
  assert.equal(count(named.seen, "chat.message chatEnded"), 1);
  assert.equal(count((await ended()).seen, "chat.ended"), 1);
});

quirk("reorder", "named events overtake the others", async () => {
  const { seen } = await ended({ quirks: { reorder: ["chat.ended"] } });
  assert.equal(seen[0], "chat.ended");
  assert.equal((await ended()).seen.at(-1), "chat.ended");

  const first = setUp({ quirks: { reorder: ["chat.updated"] } });
  await first.client.createChat(502);
  await first.simulator.idle();
  assert.deepEqual(first.seen, ["ready", "authenticated", "chat.updated queued", "chat.connected"]);
});

quirk(
  "reorder",
  "a shuffle is the same for the same seed, another for another, and keeps within its window",
  async () => {
    const run = async (seed, window) => {
      const { simulator, client, seen } = await chatting({ quirks: { reorder: { seed, window } } });
      for (let number = 0; number < 20; number++) simulator.agent.send({ type: "text", content: String(number) });
      await simulator.idle();
      assert.equal(client.chat.state.status, "assigned");
      return seen.map((event) => Number(event.split(" ")[1]));
    };
    const one = await run(7, 4);
    assert.deepEqual(await run(7, 4), one);
    assert.notDeepEqual(await run(8, 4), one);
    assert.deepEqual(await run(7, 1), [...Array(20).keys()]);
    assert.deepEqual(
      [...one].sort((a, b) => a - b),
      [...Array(20).keys()],
    );
    for (const [place, number] of one.entries()) assert.ok(Math.abs(place - number) < 4, `${number} at ${place}`);
  },
);

quirk("reorder", "a chat never goes back to an older state", async () => {
  for (let seed = 0; seed < 20; seed++) {
    const { simulator, client } = await ended({ quirks: { reorder: { seed, window: 6 }, duplicates: 1 } });
    await simulator.idle();
    assert.equal(client.chat.state.status, "finished", `seed ${seed}`);
    assert.equal(client.chat.state.agent, null);
  }
});

quirk("eventsBeforeReady", "the first chat events come before ready", async () => {
  const run = async (quirks) => {
    const { simulator, client, seen } = setUp({ quirks });
    await client.createChat(502);
    simulator.agent.join();
    simulator.agent.say("Hello");
    await simulator.idle();
    return seen;
  };
  const early = await run({ eventsBeforeReady: true });
  assert.ok(early.indexOf("chat.message Hello") < early.indexOf("ready"));
  assert.ok(early.indexOf("ready") < early.indexOf("chat.connected"));
  assert.ok(early.includes("authenticated"));
  assert.deepEqual((await run({})).slice(0, 3), ["ready", "authenticated", "chat.connected"]);
});

quirk("echo", "one's own messages come back, or only reach the other tabs", async () => {
  for (const echo of [true, false]) {
    const { simulator, client, seen } = await chatting({ quirks: { echo } });
    const tab = simulator.createClient(options);
    await tab.loadOngoingChat();
    const heard = [];
    tab.on("chat.message", (message) => heard.push(message.content));
    await client.sendTextMessage("Hi");
    await simulator.idle();
    assert.equal(count(seen, "chat.message Hi"), echo ? 1 : 0);
    assert.deepEqual(heard, ["Hi"]);
    assert.equal((await client.fetchMessages()).length, 1);
  }
});

quirk("chatEndedNotice", "there is a notice or none", async () => {
  assert.equal(count((await ended()).seen, "chat.message chatEnded"), 1);
  assert.equal(count((await ended({ quirks: { chatEndedNotice: false } })).seen, "chat.message chatEnded"), 0);
});

quirk("chatEnded", "before, after, both or never", async () => {
  const expected = { before: [1, 1], after: [0, 1], both: [1, 2], never: [0, 0] };
  for (const [chatEnded, [atHumanEnd, atTheVeryEnd]] of Object.entries(expected)) {
    const { simulator, client, seen } = await ended({ quirks: { chatEnded } });
    assert.equal(count(seen, "chat.ended"), atHumanEnd, chatEnded);
    assert.equal(client.chat.state.status, "finished");
    await client.updatePostSession("in_progress", true);
    await simulator.idle();
    assert.equal(count(seen, "chat.ended"), atHumanEnd, chatEnded);
    simulator.virtualAgent.end();
    await simulator.idle();
    assert.equal(count(seen, "chat.ended"), atTheVeryEnd, chatEnded);
    if (atTheVeryEnd > atHumanEnd) assert.equal(seen.at(-1), "chat.ended");
  }
});

quirk("chatEnded", "after: it does not wait where nothing follows, and comes at once after a No", async () => {
  const quirks = { chatEnded: "after" };
  for (const postSession of [null, { required: false, optInRequired: false }]) {
    assert.equal(count((await ended({ postSession, quirks })).seen, "chat.ended"), 1);
  }
  const no = await ended({ quirks });
  assert.equal((await no.client.loadOngoingChat()).state.status, "finished", "the chat is not over yet");
  await no.client.updatePostSession("ready", false);
  await no.simulator.idle();
  assert.equal(no.seen.at(-1), "chat.ended");
  assert.equal(await no.client.loadOngoingChat(), null);

  const unknown = await ended({ postSession: { required: null, optInRequired: null }, quirks });
  assert.equal(count(unknown.seen, "chat.ended"), 0);
});

quirk("flagsWith", "the flags come with the notice, with the update, or late", async () => {
  const seenAt = async (flagsWith) => {
    const { simulator, client } = await chatting({ postSession: flags, quirks: { flagsWith } });
    const seen = {};
    const look = (name) => {
      seen[name] ??= client.chat.state.post_session_required;
    };
    client.on("chat.message", ({ event }) => event === "chatEnded" && look("notice"));
    client.on("chat.updated", ({ state }) => state.status === "finished" && look("update"));
    client.on("chat.ended", () => look("ended"));
    simulator.agent.end();
    await simulator.idle();
    return { ...seen, late: client.chat.state.post_session_required };
  };
  assert.deepEqual(await seenAt("notice"), { notice: true, update: true, ended: true, late: true });
  assert.deepEqual(await seenAt("update"), { notice: undefined, update: true, ended: true, late: true });
  const late = await seenAt("late");
  assert.equal(late.notice, undefined);
  assert.equal(late.ended, undefined);
  assert.equal(late.late, true);
});

quirk("flagSpelling", "snake case or camel case", async () => {
  assert.equal((await ended()).client.chat.state.post_session_required, true);
  const { state } = (await ended({ quirks: { flagSpelling: "camel" } })).client.chat;
  assert.equal(state.postSessionOptInRequired, true);
  assert.equal(state.post_session_opt_in_required, undefined);
});

quirk("memberIdentity", "five ways to say who it is", async () => {
  const expected = {
    type: { type: "agent", id: 9, name: "Kim" },
    $userType: { $userType: "agent", id: 9, name: "Kim" },
    user_type: { user_type: "agent", id: 9, name: "Kim" },
    is_customer: { is_customer: false, display_name: "Kim" },
    text: "agent",
  };
  for (const [memberIdentity, identity] of Object.entries(expected)) {
    const { simulator, client } = await chatting({ quirks: { memberIdentity } });
    const heard = [];
    for (const event of ["chat.typingStarted", "chat.memberLeft"]) client.on(event, (who) => heard.push(who));
    simulator.agent.typing();
    simulator.agent.leave();
    await simulator.idle();
    assert.deepEqual(heard, [identity, identity]);
  }
});

quirk("updatePostSessionArguments", "two, one or none", async () => {
  for (const taken of [2, 1]) {
    const { simulator, client } = await ended({ quirks: { updatePostSessionArguments: taken } });
    await client.updatePostSession("ready", true);
    assert.deepEqual(simulator.postSessionUpdates, [{ status: "ready", optIn: taken === 2 ? true : undefined }]);
  }
  assert.equal(setUp({ quirks: { updatePostSessionArguments: 0 } }).client.updatePostSession, undefined);
});

quirk("updatePostSession", "resolves, rejects, hangs, or rejects once", async () => {
  const call = async (updatePostSession) => {
    const { client } = await ended({ quirks: { updatePostSession } });
    const outcomes = [];
    for (const status of ["ready", "in_progress"]) {
      const called = client.updatePostSession(status, true).then(
        () => "resolved",
        () => "rejected",
      );
      outcomes.push(await Promise.race([called, new Promise((resolve) => setTimeout(resolve, 20, "nothing"))]));
    }
    return outcomes;
  };
  assert.deepEqual(await call("resolves"), ["resolved", "resolved"]);
  assert.deepEqual(await call("rejects"), ["rejected", "rejected"]);
  assert.deepEqual(await call("hangs"), ["nothing", "nothing"]);
  assert.deepEqual(await call("rejects-once"), ["rejected", "resolved"]);
});

quirk("postSessionVirtualAgent", "it comes or never does", async () => {
  assert.equal((await withVirtualAgent()).simulator.state.status, "va_assigned");
  const never = await withVirtualAgent({ quirks: { postSessionVirtualAgent: "never" } });
  assert.equal(never.simulator.state.status, "finished");
  assert.equal(never.client.chat.state.post_session_transfer_status, "in_progress");
});

quirk("keepsStatusDuringVirtualAgent", "the status stays finished", async () => {
  const { simulator, client, seen } = await withVirtualAgent({ quirks: { keepsStatusDuringVirtualAgent: true } });
  assert.equal(client.chat.state.status, "finished");
  assert.equal(client.chat.state.virtual_agent.id, 77);
  await client.sendTextMessage("Hi");
  simulator.virtualAgent.escalate();
  simulator.agent.join();
  await simulator.idle();
  assert.equal(seen[0], "chat.message Hi");
  assert.equal(client.chat.state.status, "assigned");
  assert.equal((await withVirtualAgent()).client.chat.state.status, "va_assigned");
});

quirk("actionPayload", "under ujet, or as the message's own fields", async () => {
  const action = async (actionPayload) => {
    const { simulator, client } = await withVirtualAgent({ quirks: { actionPayload } });
    simulator.virtualAgent.end();
    const { type, action, ujet } = (await client.fetchMessages()).at(-2);
    return { type, action, ujet };
  };
  assert.deepEqual(await action("ujet"), {
    type: "custom",
    action: undefined,
    ujet: { type: "action", action: "end" },
  });
  assert.deepEqual(await action("message"), { type: "action", action: "end", ujet: undefined });
});

quirk("clientAfterMount", "the widget gets its client when it is mounted", async () => {
  const simulator = new Simulator({ quirks: { clientAfterMount: true } });
  const widget = simulator.createWidget(options);
  assert.equal(widget.client, undefined);
  await assert.rejects(widget.start(), /no client before it is mounted/);
  const heard = [];
  widget.on("ready", () => heard.push("ready"));
  widget.mount("#ccaas");
  await widget.client.getMenus();
  await simulator.idle();
  assert.deepEqual(heard, ["ready"], "a handler from before is not lost");
  assert.ok(new Simulator().createWidget(options).client);
});

quirk("hidesOnEnd", "the widget hides itself", async () => {
  for (const hidesOnEnd of [true, false]) {
    const { widget, simulator } = setUpWidget({ quirks: { hidesOnEnd } });
    await widget.start();
    await widget.pressEnd();
    await simulator.idle();
    assert.equal(widget.visible, !hidesOnEnd);
    assert.equal(widget.client.chat.state.status, "finished");
  }
});

quirk("asksPostSession", "the widget asks, or leaves it to others", async () => {
  for (const asksPostSession of [true, false]) {
    const { widget, simulator } = setUpWidget({ postSession: flags, quirks: { asksPostSession } });
    await widget.start();
    await widget.pressEnd();
    await simulator.idle();
    assert.deepEqual(widget.question, asksPostSession ? { optIn: true } : null);
  }
});

test("every quirk is proven above", () => {
  assert.deepEqual([...proven].sort(), Object.keys(defaultQuirks).sort());
});

test("a misspelt quirk or value is refused, with the possible ones", () => {
  const refused = (quirks, message) =>
    assert.throws(() => new Simulator({ quirks }), { name: "TypeError", message }, JSON.stringify(quirks));
  refused({ ecko: false }, /There is no quirk "ecko".*latencyMs.*echo/);
  refused({ toString: 1 }, /There is no quirk "toString"/);
  refused({ chatEnded: "befor" }, /"chatEnded" cannot be "befor".*"before", "after", "both", "never"/);
  refused({ echo: 1 }, /true, false/);
  refused({ duplicates: -1 }, /0, 1, 2/);
  refused({ duplicates: 1.5 }, /0, 1, 2/);
  refused({ duplicates: ["chat.end"] }, /chat\.ended/);
  refused({ reorder: ["chat.end"] }, /chat\.ended/);
  refused({ reorder: { seed: 1 } }, /seed, window/);
  refused({ reorder: { seed: 1, window: 0 } }, /seed, window/);
  refused({ latencyMs: Number.NaN }, /milliseconds/);
  refused({ updatePostSessionArguments: 3 }, /2, 1, 0/);
  assert.doesNotThrow(() => new Simulator({ quirks: { echo: undefined } }));
});
