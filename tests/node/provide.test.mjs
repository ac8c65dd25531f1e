// Host parameters: what the page gives, in whatever way, and what becomes of the transfer when it does not.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { asked, settingsWith } from "./sdk/support.mjs";
import { host } from "./support/services.mjs";

const TIME_MS = 10_000;

/** A chat whose question has been answered with Yes. */
async function answered(parameters, options = {}) {
  const settings = settingsWith("webhook", {
    chat: { data_parameters_enabled: true, data_parameters: [].concat(parameters) },
  });
  const scene = await asked({ transfer: { settings, ...options } });
  await scene.act("yes");
  return scene;
}

const sent = (scene) => scene.requests.map(({ body }) => body.data_parameters);

/** What the virtual agent is told for one optional parameter. */
async function given(provide, more) {
  const scene = await answered(host("tier", more), { provide });
  await scene.run(TIME_MS + 1000);
  const [parameters] = sent(scene);
  const { diagnostics } = scene;
  await scene.close();
  return { parameters, diagnostics };
}

describe("what is given", () => {
  const fail = (error) => {
    throw error;
  };
  for (const [what, provide, expected, codes = []] of [
    ["at once", () => "gold", { tier: "gold" }],
    ["later", async () => 7, { tier: 7 }],
    ["false", () => false, { tier: false }],
    ["nothing but a text", () => "", { tier: "" }],
    ["a date", () => ({ value: 1_767_225_600_000, type: "date" }), { tier: "2026-01-01T00:00:00.000Z" }],
    ["an item", () => ({ value: "x", label: "Tier", type: "string" }), { tier: "x" }],
    ["nothing", () => undefined, {}, ["parameter_omitted"]],
    ["null", () => null, {}, ["parameter_omitted"]],
    ["an object", () => ({ some: "thing" }), {}, ["parameter_omitted"]],
    ["a list", () => ["gold"], {}, ["parameter_omitted"]],
    ["no number", () => Number.NaN, {}, ["parameter_omitted"]],
    ["a function", () => () => "gold", {}, ["parameter_omitted"]],
    ["a date that is none", () => ({ value: 9e15, type: "date" }), {}, ["parameter_omitted"]],
    ["a BigInt", () => 7n, {}, ["parameter_omitted"]],
    ["thrown", () => fail(new Error("hidden")), {}, ["provide_failed", "parameter_omitted"]],
    ["thrown without an error", () => fail("hidden"), {}, ["provide_failed", "parameter_omitted"]],
    ["rejected", () => Promise.reject(new Error("hidden")), {}, ["provide_failed", "parameter_omitted"]],
    ["never", () => new Promise(() => {}), {}, ["parameter_omitted"]],
  ]) {
    test(what, async () => {
      const { parameters, diagnostics } = await given(provide);
      assert.deepEqual(parameters, expected);
      assert.deepEqual(diagnostics, codes);
    });
  }

  test("a default stands in, and what is required and missing ends it before anything is sent", async () => {
    assert.deepEqual((await given(() => undefined, { default: "none" })).parameters, { tier: "none" });
    assert.deepEqual((await given(() => new Promise(() => {}), { default: 0 })).parameters, { tier: 0 });
    for (const provide of [() => null, () => Promise.reject(new Error("hidden")), () => new Promise(() => {})]) {
      const scene = await answered(host("tier", { required: true }), { provide });
      await scene.run(TIME_MS + 1000);
      assert.deepEqual(scene.outcomes, ["failed/parameter_missing"]);
      assert.deepEqual(scene.requests, []);
      await scene.close();
    }
  });

  test("without provide() it is said once, and no time is lost", async () => {
    const scene = await answered([host("tier", { default: "none" }), host("other")]);
    assert.deepEqual(sent(scene), [{ tier: "none" }]);
    assert.equal(scene.diagnostics.filter((code) => code === "provide_missing").length, 1);
    await scene.close();
  });

  test("the error's own text goes nowhere", async () => {
    const scene = await answered(host("tier"), { provide: () => fail(new Error("hidden")) });
    assert.doesNotMatch(JSON.stringify([scene.said, scene.transfer.log()]), /hidden/);
    await scene.close();
  });

  test("a reserved name is not the host's to give", async () => {
    const field = "reserved_vip";
    const scene = await answered([host("tier"), host(field)], {
      provide: ({ source_field }) => source_field,
      session: { sdk: { version: "3.44.2" }, custom_data: { unsigned: { reserved_vip: "platform" } } },
    });
    assert.equal(sent(scene)[0].reserved_vip, "platform");
    await scene.close();
  });
});

describe("when it is called", () => {
  test("after the Yes, all at once, once each, with what the settings say", async () => {
    const calls = [];
    const settle = [];
    const provide = (parameter, context) => {
      calls.push({ ...parameter, ...Object.fromEntries(Object.keys(context).map((key) => [key, true])) });
      return new Promise((resolve) => settle.push(() => resolve(parameter.field)));
    };
    const settings = settingsWith("webhook", {
      chat: {
        data_parameters_enabled: true,
        data_parameters: [host("a", { source_field: "x.y" }), host("b"), { type: "fixed", field: "c", value: 1 }],
      },
    });
    const scene = await asked({ transfer: { settings, provide } });
    assert.deepEqual(calls, [], "not before the answer");
    await scene.act("yes");
    assert.deepEqual(calls, [
      { field: "a", source_field: "x.y", signal: true },
      { field: "b", source_field: "b", signal: true },
    ]);
    assert.equal(scene.state, "collecting");
    assert.equal(scene.last("prompt").kind, "connecting");
    settle[1]();
    await scene.run(0);
    assert.equal(scene.state, "collecting");
    settle[0]();
    await scene.run(0);
    assert.deepEqual(sent(scene), [{ a: "a", b: "b", c: 1 }], "in the order of the settings");
    await scene.close();
  });

  test("never after a No", async () => {
    let calls = 0;
    const settings = settingsWith("webhook", {
      chat: { data_parameters_enabled: true, data_parameters: [host("tier")] },
    });
    const scene = await asked({ transfer: { settings, provide: () => ++calls } });
    await scene.act("no");
    await scene.run(TIME_MS * 2);
    assert.equal(calls, 0);
    await scene.close();
  });

  test("not again for a retry: the same bytes", async () => {
    let calls = 0;
    const scene = await answered(host("tier"), { provide: () => new Promise((resolve) => resolve(++calls)) });
    assert.equal(calls, 1);
    assert.deepEqual(sent(scene), [{ tier: 1 }]);
    await scene.close();
    const failing = await asked({
      transfer: {
        settings: settingsWith("webhook", { chat: { data_parameters_enabled: true, data_parameters: [host("tier")] } }),
        provide: () => ++calls,
      },
    });
    failing.respond = (n) => new Response("{}", { status: n < 3 ? 503 : 200 });
    await failing.act("yes");
    await failing.run(30_000);
    assert.deepEqual(sent(failing), [{ tier: 2 }, { tier: 2 }, { tier: 2 }]);
    await failing.close();
  });

  for (const [what, end] of [
    ["cancel()", (scene) => scene.transfer.cancel()],
    ["dispose()", (scene) => scene.transfer.dispose()],
    ["a new conversation", (scene) => scene.client.createChat(502).then(() => scene.run(500))],
    ["ten seconds", (scene) => scene.run(TIME_MS)],
  ]) {
    test(`${what}: the signal is aborted, and what comes later is not heard`, async () => {
      let signal;
      let give;
      const provide = (_parameter, context) => {
        signal = context.signal;
        return new Promise((resolve) => {
          give = resolve;
        });
      };
      const scene = await answered(host("tier"), { provide });
      await scene.run(TIME_MS - 1000);
      assert.equal(signal.aborted, false);
      await end(scene);
      assert.equal(signal.aborted, true);
      give("late");
      await scene.run(1000);
      assert.doesNotMatch(JSON.stringify(sent(scene)), /late/);
      await scene.close();
    });
  }

  test("answered after cancel() with an error: nothing is said", async () => {
    let refuse;
    const provide = () =>
      new Promise((_, reject) => {
        refuse = reject;
      });
    const scene = await answered(host("tier"), { provide });
    scene.transfer.cancel();
    const before = scene.said.length;
    refuse(new Error("late"));
    await scene.run(1000);
    assert.equal(scene.said.length, before);
    await scene.close();
  });
});
