// Data parameters that are asked of the person, without a page to draw them: prompt events and act(), and policy.run().
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createPostSessionTransfer, loadPolicy } from "post-session-transfer";
import { settingsWith, World } from "./life/support.mjs";
import { fastClock } from "./support/fast-clock.mjs";
import { field, host, startServices, until } from "./support/services.mjs";
import { settingsFor, webChat } from "./support/settings.mjs";

const FIELDS = [
  field("callback", {
    label: "Phone number",
    hint: "With the country code",
    input: "tel",
    required: true,
    sensitive: true,
  }),
  field("rating", { label: "Rating", input: "number" }),
  field("when", { label: "When?", input: "choice", choices: ["Today", "Another day"], required: true }),
];
const GOOD = { callback: "+1 555 0100", rating: "5", when: "Today" };

const chatWith = (data_parameters = FIELDS, chat = {}) => ({ data_parameters, ...chat });

/** A transfer without a mount, and everything it says. */
async function open(t, services, chat, options = {}) {
  const transfer = await createPostSessionTransfer({
    settings: settingsFor(services.origin, chat),
    endpoints: [services.origin],
    clock: fastClock(),
    storage: null,
    ...options,
  });
  t.after(() => transfer.dispose());
  const prompts = [];
  const diagnostics = [];
  transfer.on("prompt", (prompt) => prompts.push(prompt));
  transfer.on("diagnostic", ({ code }) => diagnostics.push(code));
  await transfer.sessionEnded(webChat);
  const done = () => until(() => transfer.state === "done", "the end");
  return { transfer, prompts, diagnostics, done, last: () => prompts.at(-1) };
}

const errorsOf = ({ fields }) => Object.fromEntries(fields.map(({ name, error }) => [name, error !== ""]));
const actionsOf = ({ actions }) => actions.map(({ action }) => action);

async function run(services, chat, options = {}) {
  const policy = await loadPolicy(settingsFor(services.origin, chat));
  try {
    return await policy.run(webChat, { endpoints: [services.origin], clock: fastClock(), ...options });
  } finally {
    policy.dispose();
  }
}
const ended = ({ outcome, reason }) => `${outcome}/${reason}`;

describe("a question with fields", () => {
  test("says what is asked, and hands off what was given, typed", async (t) => {
    const services = await startServices(t);
    const { transfer, last, done } = await open(t, services, chatWith());
    const prompt = last();
    assert.equal(prompt.kind, "opt_in");
    assert.deepEqual(actionsOf(prompt), ["yes", "no"]);
    assert.deepEqual(
      prompt.fields.map(({ name, input, required, sensitive, choices, value, error }) => [
        ...[name, input, required, sensitive, choices.length, value, error],
      ]),
      [
        ["callback", "tel", true, true, 0, "", ""],
        ["rating", "number", false, false, 0, "", ""],
        ["when", "choice", true, false, 2, "", ""],
      ],
    );
    assert.equal(prompt.fields[0].hint, "With the country code");
    assert.match(prompt.fields[1].label, /optional/);
    assert.equal(prompt.fields[2].placeholder, "Please choose");
    assert.deepEqual(transfer.act("yes", GOOD), { accepted: true });
    await done();
    assert.deepEqual(services.handoffs[0].data_parameters, { callback: "+1 555 0100", rating: 5, when: "Today" });
  });

  test("refused: the same prompt with what is wrong; corrected: handed off, once", async (t) => {
    const services = await startServices(t);
    const { transfer, prompts, last, done } = await open(t, services, chatWith());
    const first = last();
    transfer.act("yes", { callback: "nobody", rating: "many", when: "Never" });
    assert.equal(transfer.state, "asking");
    const refused = last();
    assert.deepEqual(errorsOf(refused), { callback: true, rating: true, when: true });
    assert.equal(refused.focus, "invalid");
    assert.notEqual(refused.note, "");
    assert.deepEqual(actionsOf(refused), ["yes", "no"]);
    assert.ok(refused.announce.seq > first.announce.seq);
    transfer.act("yes", { ...GOOD, rating: "many" });
    assert.deepEqual(errorsOf(last()), { callback: false, rating: true, when: false });
    assert.equal(services.handoffs.length, 0);
    // A number is one also where it comes as one.
    transfer.act("yes", { ...GOOD, rating: 4 });
    await done();
    assert.equal(services.handoffs.length, 1);
    assert.equal(services.handoffs[0].data_parameters.rating, 4);
    assert.equal(prompts.filter((prompt) => prompt?.kind === "opt_in").length, 3);
  });

  test("a sensitive value is in no later prompt, and another one is", async (t) => {
    const services = await startServices(t);
    const { transfer, last } = await open(t, services, chatWith());
    transfer.act("yes", { callback: "+1 555 0177", when: "Today", rating: "many" });
    const values = Object.fromEntries(last().fields.map(({ name, value }) => [name, value]));
    assert.equal(values.callback, "");
    assert.equal(values.when, "Today");
    assert.doesNotMatch(JSON.stringify(transfer.log()), /0177/);
  });

  test("No is a No whatever was given, and nothing of it leaves", async (t) => {
    const services = await startServices(t);
    const { transfer, done } = await open(t, services, chatWith());
    transfer.act("yes", { callback: "nobody" });
    assert.deepEqual(transfer.act("no", GOOD), { accepted: true });
    await done();
    assert.equal(ended(transfer.outcome), "declined/opt_in_declined");
    assert.equal(services.handoffs.length, 0);
  });

  test("values of any kind, and of fields that nobody asked for, do no harm", async (t) => {
    const services = await startServices(t);
    const { transfer, last, done } = await open(t, services, chatWith());
    const odd = [null, [], {}, Number.NaN, Number.POSITIVE_INFINITY, true, () => 1, Symbol("x"), 10n, "\ud800", "a\0b"];
    for (const value of odd) {
      transfer.act("yes", { callback: value, when: "Today" });
      assert.equal(transfer.state, "asking", String(value));
      assert.equal(errorsOf(last()).callback, true, String(value));
    }
    for (const values of [null, [], "text", 7, { __proto__: { callback: "+1 555 0100" } }]) {
      transfer.act("yes", values);
      assert.equal(transfer.state, "asking");
    }
    transfer.act("yes", { ...GOOD, queueId: "forged", constructor: "x", ["__proto__"]: "x" });
    await done();
    assert.deepEqual(Object.keys(services.handoffs[0].data_parameters), ["callback", "rating", "when"]);
  });

  test("an optional field that is empty is left out, or its default stands in", async (t) => {
    const services = await startServices(t);
    const fields = [field("note", { input: "text" }), field("size", { input: "number", default: 3 })];
    const { transfer, diagnostics, done } = await open(t, services, chatWith(fields));
    transfer.act("yes", { note: "", size: "" });
    await done();
    assert.deepEqual(services.handoffs[0].data_parameters, { size: 3 });
    assert.deepEqual(diagnostics, ["parameter_omitted"]);
  });
});

describe("fields without a question", () => {
  const chat = chatWith(FIELDS, { opt_in: false });

  test("a form of its own: continue, or not now", async (t) => {
    const services = await startServices(t);
    const { transfer, last, done } = await open(t, services, chat);
    await until(() => transfer.state === "collecting", "the form");
    assert.equal(last().kind, "form");
    assert.deepEqual(actionsOf(last()), ["continue", "not_now"]);
    // What is not on offer leaves nothing behind.
    assert.equal(transfer.act("yes", GOOD).accepted, false);
    transfer.act("continue", { callback: "" });
    assert.deepEqual(errorsOf(last()), { callback: true, rating: false, when: true });
    assert.equal(last().kind, "form");
    transfer.act("continue", GOOD);
    await done();
    assert.equal(services.handoffs.length, 1);
    assert.equal(services.handoffs[0].opt_in.selected, null);
  });

  test("not now ends it before anything is sent", async (t) => {
    const services = await startServices(t);
    const { transfer, done } = await open(t, services, chat);
    await until(() => transfer.state === "collecting", "the form");
    transfer.act("not_now");
    await done();
    assert.equal(ended(transfer.outcome), "failed/parameter_missing");
    assert.equal(services.handoffs.length, 0);
  });

  test("a new chat is not held up by it", async (t) => {
    const services = await startServices(t);
    const { transfer } = await open(t, services, chat);
    await until(() => transfer.state === "collecting", "the form");
    await transfer.sessionEnded({ ...webChat, id: "2" });
    await until(() => transfer.state === "collecting", "the next form");
    transfer.act("continue", GOOD);
    await until(() => services.handoffs.length === 1, "the hand-off");
    assert.equal(services.handoffs[0].session.id, "2");
  });

  test("the form comes before what the host gives", async (t) => {
    const services = await startServices(t);
    const calls = [];
    const both = chatWith([...FIELDS, host("tier")], { opt_in: false });
    const { transfer, done } = await open(t, services, both, { provide: ({ field: name }) => calls.push(name) });
    await until(() => transfer.state === "collecting", "the form");
    assert.deepEqual(calls, []);
    transfer.act("continue", GOOD);
    await done();
    assert.deepEqual(calls, ["tier"]);
  });
});

describe("without a page", () => {
  test("act gives the values; refused ones are asked again, the same refused ones end it", async (t) => {
    const services = await startServices(t);
    const seen = [];
    const answers = [{ callback: "nobody" }, GOOD];
    const act = (prompt) => {
      seen.push(`${prompt.kind} ${prompt.focus}`);
      return { action: "yes", values: answers[seen.length - 1] };
    };
    assert.equal(ended(await run(services, chatWith(), { act })), "transferred/accepted");
    assert.deepEqual(seen, ["opt_in none", "opt_in invalid"]);
    assert.equal(services.handoffs.length, 1);
    let asked = 0;
    const stubborn = () => ({ action: "yes", values: { callback: `nobody${asked++ > 1 ? "" : asked}` } });
    assert.equal(ended(await run(services, chatWith(), { act: stubborn })), "failed/parameter_missing");
    assert.ok(asked < 6, "not for ever");
    assert.equal(services.handoffs.length, 1);
  });

  test("nobody answers", async (t) => {
    const services = await startServices(t);
    assert.equal(ended(await run(services, chatWith())), "no_answer/prompt_expired");
    assert.equal(ended(await run(services, chatWith(FIELDS, { opt_in: false }))), "failed/parameter_missing");
    assert.equal(ended(await run(services, chatWith(), { act: () => "yes" })), "failed/parameter_missing");
    assert.equal(services.handoffs.length, 0);
    const optional = chatWith([field("note")], { opt_in: false });
    assert.equal(ended(await run(services, optional)), "transferred/accepted");
    assert.deepEqual(services.handoffs[0].data_parameters, {});
  });
});

describe("after a reload", () => {
  const parameters = [
    field("name", { required: true }),
    field("rating", { input: "number" }),
    field("pin", { required: true, sensitive: true }),
  ];
  const settings = (optIn) => settingsWith("webhook", { optIn, chat: { data_parameters: parameters } });
  const VALUES = { name: "MARKED-plain", rating: "5", pin: "MARKED-pin" };

  const stored = (world, page) => JSON.stringify([...world.local, ...page.session]);

  for (const [how, optIn] of [
    ["asked", true],
    ["not asked", false],
  ]) {
    test(`${how}: what is not sensitive is kept, what is sensitive is asked again, and never stored`, async () => {
      const world = new World();
      world.receiver.plan = () => "hang";
      const page = await world.open({ settings: settings(optIn) });
      await page.end();
      await world.run(3000);
      page.transfer.act(optIn ? "yes" : "continue", VALUES);
      await world.run(500);
      assert.equal(page.state, "handing_off");
      assert.match(stored(world, page), /MARKED-plain/);
      assert.doesNotMatch(stored(world, page), /MARKED-pin/);
      const next = await page.reload({ settings: settings(optIn) });
      await world.run(2000);
      assert.equal(next.prompt.kind, "form");
      assert.deepEqual(
        next.prompt.fields.map(({ name, value }) => [name, value]),
        [["pin", ""]],
      );
      world.receiver.plan = () => "ok";
      next.transfer.act("continue", { pin: "MARKED-pin" });
      await world.run(2000);
      assert.deepEqual(next.outcomes, ["transferred/accepted"]);
      assert.equal(new Set(world.receiver.requests.map(({ body }) => body)).size, 1, "the same bytes");
      assert.deepEqual(JSON.parse(world.receiver.requests[0].body).data_parameters, {
        ...{ name: "MARKED-plain", rating: 5, pin: "MARKED-pin" },
      });
      assert.doesNotMatch(stored(world, next), /MARKED/);
    });
  }

  test("a record that is written after a reload has what was kept, and after a No nothing is", async () => {
    for (const answer of ["yes", "no"]) {
      const world = new World();
      const recorded = settings(true);
      recorded.chat.data_records = { in_metadata: true };
      const stuck = { settings: recorded, records: { metadata: () => new Promise(() => {}) } };
      const page = await world.open(stuck);
      await page.end();
      await world.run(1000);
      page.transfer.act("yes", { ...VALUES, pin: "" });
      page.transfer.act(answer, VALUES);
      await world.run(1000);
      assert.equal(page.state, "done");
      assert.equal(/MARKED/.test(stored(world, page)), answer === "yes");
      const written = [];
      await page.reload({ settings: recorded, records: { metadata: (record) => void written.push(record) } });
      await world.run(2000);
      const [{ record, fragment }] = written;
      assert.equal(record, answer === "yes" ? "metadata" : "consent");
      const expected = { name: "MARKED-plain", rating: 5 };
      assert.deepEqual(fragment.data_parameters, answer === "yes" ? expected : undefined);
    }
  });

  test("a question that was not answered yet is asked again, with all its fields", async () => {
    const world = new World();
    const page = await world.open({ settings: settings(true) });
    await page.end();
    await world.run(1000);
    page.transfer.act("yes", { name: "", pin: "MARKED-pin" });
    assert.doesNotMatch(stored(world, page), /MARKED/);
    const next = await page.reload({ settings: settings(true) });
    await world.run(2000);
    assert.equal(next.prompt.kind, "opt_in");
    assert.deepEqual(
      next.prompt.fields.map(({ name }) => name),
      ["name", "rating", "pin"],
    );
  });
});
