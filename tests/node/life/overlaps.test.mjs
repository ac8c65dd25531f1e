// What overlaps: the records of one session and the question of the next, a hand-off and another tab, a page in the back/forward cache and the one after
// it, a network that comes back while something else is waited for.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FACTS, OWN, settingsWith, unsealed, World } from "./support.mjs";

const NEXT = { ...FACTS, id: "999" };

const toCache = (page) => {
  page.dispatch("window", "pagehide", { persisted: true });
  page.freeze();
};
const backAgain = (page) => {
  page.wake();
  page.world.post(page, () => page.dispatchInTurns("window", "pageshow", { persisted: true }));
};

const keptOf = (page) =>
  [...page.session.values()]
    .map(unsealed)
    .flatMap((value) => value.sessions ?? [value])
    .map(({ facts, state }) => `${facts.id} ${state.phase}`)
    .sort();

describe("records of a session, and the next session in the same page", () => {
  /** A's hand-off is accepted, its records are under way; B's question has been answered, and its hand-off is under way. */
  async function both(world, sinks) {
    const release = {};
    const slow = (name) => () => new Promise((resolve) => Object.assign(release, { [name]: resolve }));
    const settings = settingsWith("webhook", {
      chat: { data_records: { in_metadata: true, in_crm_record: sinks === 2 } },
    });
    const options = { settings, records: { metadata: slow("metadata"), crm: slow("crm") } };
    const page = await world.open(options);
    await page.end();
    page.act("yes");
    await world.run(200);
    await page.end(NEXT);
    await world.run(300);
    world.receiver.plan = () => "hang";
    page.act("yes");
    await world.run(200);
    return { page, release, options };
  }

  for (const sinks of [1, 2])
    test(`${sinks} of them written while the next one is handed off: a reload goes on with that`, async () => {
      const world = new World();
      const { page, release, options } = await both(world, sinks);
      assert.deepEqual(keptOf(page), ["12345 done", "999 handing_off"]);
      release.metadata();
      await world.run(200);
      assert.deepEqual(keptOf(page), sinks === 1 ? ["999 handing_off"] : ["12345 done", "999 handing_off"]);
      world.receiver.plan = () => "ok";
      const again = await page.reload({ ...options, records: { metadata: () => {}, crm: () => {} } });
      await world.run(2000);
      assert.deepEqual(again.outcomes.at(-1), "transferred/accepted");
      assert.equal(world.receiver.accepted.size, 2);
      assert.deepEqual(keptOf(again), []);
    });

  test("that could not be written: a reload writes them, whatever has become of the next session", async () => {
    for (const answer of ["yes", "no", "nothing"]) {
      const world = new World();
      const written = [];
      const settings = settingsWith("webhook", { chat: { data_records: { in_crm_record: true } } });
      const records = (works) => ({
        crm: ({ handoff_id, record }) => {
          if (!works) throw new Error("down");
          written.push([handoff_id, record]);
        },
      });
      const page = await world.open({ settings, records: records(false) });
      await page.end();
      page.act("yes");
      await world.run(200);
      await page.end(NEXT);
      await world.run(300);
      if (answer !== "nothing") page.act(answer);
      await world.run(100);
      const again = await page.reload({ settings, records: records(true) });
      await world.run(3000);
      const [first] = world.receiver.requests;
      assert.equal(written.filter(([id, record]) => id === first.key && record === "crm").length, 1, answer);
      assert.equal(again.questions, answer === "nothing" ? 1 : 0);
      assert.equal(world.receiver.conflicts, 0);
    }
  });
});

describe("a hand-off, and another tab", () => {
  const HOST = [{ type: "dynamic", field: "tier", source: "host", source_field: "tier", default: "none" }];

  for (const locks of [true, false])
    for (const kind of ["webhook", "dialogflow"])
      test(`hidden while the host is asked, it stays in charge (${locks ? "locks" : "lease"}, ${kind})`, async () => {
        const world = new World({ locks });
        const written = [];
        const endpoint = kind === "dialogflow" ? { idempotent: false } : {};
        const chat = { data_parameters: HOST, data_records: { in_crm_record: true } };
        let give = () => {};
        const options = (provide) => ({
          settings: settingsWith(kind, { endpoint, chat }),
          records: { crm: ({ record }) => void written.push(record) },
          provide,
        });
        const page = await world.open(options(() => new Promise((resolve) => (give = resolve))));
        await page.end();
        await world.run(400);
        world.receiver.plan = () => 503;
        page.act("yes");
        await world.run(100);
        page.see(false);
        await world.run(6000);
        give("gold");
        await world.run(50);
        const other = await world.open(options(() => "gold"));
        await other.end();
        await world.run(700);
        assert.equal(other.state, "idle");
        world.receiver.plan = () => "ok";
        await world.run(20_000);
        assert.equal(page.state, kind === "dialogflow" ? "in_conversation" : "done");
        assert.deepEqual(other.outcomes, ["skipped/handled_elsewhere"]);
        assert.deepEqual([written, world.receiver.accepted.size], [["crm"], 1]);
      });

  for (const where of ["another tab", "the same tab"])
    for (const endpoint of [{}, { idempotent: false }])
      test(`in the cache while it backs off, and ${where} goes on: back again, it sends nothing (${JSON.stringify(endpoint)})`, async () => {
        const world = new World();
        const written = [];
        const kind = endpoint.idempotent === false ? "dialogflow" : "webhook";
        const options = {
          settings: settingsWith(kind, { endpoint, chat: { data_records: { in_crm_record: true } } }),
          records: { crm: ({ record }) => void written.push(record) },
        };
        const page = await world.open(options);
        await page.end();
        world.receiver.plan = () => 503;
        page.act("yes");
        await world.run(100);
        toCache(page);
        world.receiver.plan = () => "ok";
        const sameTab = where === "the same tab";
        const other = await world.open(options, sameTab ? { session: page.session } : {});
        if (!sameTab) await other.end();
        await world.run(1500);
        if (other.state === "stalled") {
          other.act("try_again");
          await world.run(500);
        }
        const sent = world.receiver.requests.length;
        if (sameTab) other.close();
        backAgain(page);
        await world.run(20_000);
        assert.equal(world.receiver.requests.length, sent);
        assert.deepEqual([written, page.questions], [["crm"], 1]);
        assert.ok(["done", "in_conversation"].includes(page.state), page.state);
      });

  test("in the cache while it sends, and nobody else came: back again, it goes on under the same key", async () => {
    const world = new World();
    const page = await world.open();
    await page.end();
    world.receiver.plan = () => "hang";
    page.act("yes");
    await world.run(100);
    toCache(page);
    await world.run(60_000);
    world.receiver.plan = () => "ok";
    backAgain(page);
    await world.run(5000);
    assert.deepEqual([page.outcomes, page.questions, world.faults], [["transferred/accepted"], 1, []]);
  });
});

describe("what is full, or was asleep", () => {
  const full = (...storages) => {
    for (const storage of storages)
      storage.fault = (method) => {
        if (method === "setItem") throw new DOMException("full", "QuotaExceededError");
      };
  };

  for (const which of ["both", "the tabs'"])
    test(`without locks, ${which} storage full from the question on: one question, one hand-off`, async () => {
      const world = new World({ locks: false });
      const page = await world.open();
      await page.end();
      await world.run(300);
      full(page.localStorage, ...(which === "both" ? [page.sessionStorage] : []));
      await world.run(10_000);
      assert.equal(page.questions, 1);
      let answer = () => {};
      const { take } = world.receiver;
      world.receiver.take = async (init) => {
        await new Promise((resolve) => {
          answer = resolve;
        });
        return take.call(world.receiver, init);
      };
      page.act("yes");
      await world.run(5000);
      answer();
      await world.run(3000);
      assert.deepEqual([page.outcomes, page.questions, world.faults], [["transferred/accepted"], 1, []]);
      assert.equal(world.receiver.requests.length, 1);
    });

  for (const locks of [true, false])
    test(`a tab that wakes up leaves what it hears of as it is (${locks ? "locks" : "lease"})`, async () => {
      const world = new World({ locks });
      const written = [];
      let works = false;
      const crm = () => {
        if (!works) throw new Error("down");
        written.push("crm");
      };
      const settings = settingsWith("webhook", { chat: { data_records: { in_crm_record: true } } });
      world.receiver.answer = { conversation: { id: "c1" } };
      const first = await world.open({ settings, records: { crm } });
      const second = await world.open({ settings, records: { crm } });
      await second.end();
      await world.run(300);
      await first.end();
      await world.run(300);
      second.freeze();
      if (locks) world.dropLocks(second);
      await world.run(10_000);
      assert.equal(first.state, "asking");
      first.act("yes");
      await world.run(300);
      assert.equal(first.state, "in_conversation");
      second.wake();
      await world.run(1000);
      assert.deepEqual(second.outcomes, ["skipped/handled_elsewhere"]);
      works = true;
      const again = await first.reload({ settings, records: { crm } });
      await world.run(2000);
      assert.deepEqual([again.state, written], ["in_conversation", ["crm"]]);
    });

  for (const kind of ["webhook", "dialogflow"])
    test(`a page that waited for the network sends nothing when it comes back and another tab has done it (${kind})`, async () => {
      const world = new World();
      const settings = settingsWith(kind, kind === "dialogflow" ? { endpoint: { idempotent: false } } : {});
      const page = await world.open({ settings }, { onLine: false });
      await page.end();
      page.act("yes");
      await world.run(100);
      assert.equal(page.prompt.kind, "waiting_online");
      toCache(page);
      const other = await world.open({ settings });
      await other.end();
      await world.run(1000);
      if (other.state === "stalled") other.act("try_again");
      await world.run(1000);
      const sent = world.receiver.requests.length;
      assert.equal(sent, 1);
      page.navigator.onLine = true;
      // What a page in the cache is not told.
      page.held.length = 0;
      backAgain(page);
      await world.run(20_000);
      assert.equal(world.receiver.requests.length, sent);
      assert.deepEqual(page.outcomes, ["skipped/handled_elsewhere"]);
    });

  test("records that were put aside hear of the network, and the host of nothing but them", async () => {
    const world = new World();
    const written = [];
    const settings = settingsWith("webhook", { chat: { data_records: { in_crm_record: true } } });
    const records = (works) => ({
      crm: ({ record }) => {
        if (!works) throw new Error("down");
        written.push(record);
      },
    });
    const page = await world.open({ settings, records: records(false) });
    await page.end();
    page.act("yes");
    await world.run(200);
    await page.end(NEXT);
    await world.run(300);
    page.act("no");
    await world.run(200);
    const again = await page.reload({ settings, records: records(true) }, { onLine: false });
    await world.run(3000);
    assert.deepEqual(written, []);
    again.navigator.onLine = true;
    again.dispatch("window", "online");
    await world.run(3000);
    assert.deepEqual(written.sort(), ["consent", "crm"]);
    const [first] = world.receiver.requests;
    const others = again.said.filter(({ event }) => !["record", "diagnostic"].includes(event));
    assert.doesNotMatch(JSON.stringify(others), new RegExp(first.key));
  });
});

describe("the network", () => {
  test("comes back while the question is prepared: nobody is told that it is down", async () => {
    const world = new World();
    const page = await world.open({}, { onLine: false });
    page.transfer.sessionEnded({ ...FACTS, lang: "de" }).catch((error) => page.errors.push(error));
    page.navigator.onLine = true;
    page.dispatch("window", "online");
    await world.run(1000);
    page.act("yes");
    await world.run(1000);
    assert.deepEqual(page.outcomes, ["transferred/accepted"]);
  });

  test("comes back while the page is in the cache: back again, it goes on", async () => {
    const world = new World();
    const page = await world.open({}, { onLine: false });
    await page.end();
    page.act("yes");
    await world.run(100);
    assert.equal(page.prompt.kind, "waiting_online");
    toCache(page);
    page.navigator.onLine = true;
    await world.run(1000);
    backAgain(page);
    await world.run(5000);
    assert.deepEqual([page.outcomes, world.faults], [["transferred/accepted"], []]);
  });
});

describe("a body that is refused as another one (422)", () => {
  const FORM = [
    { type: "dynamic", field: "phone", source: "form", source_field: "phone", required: true, label: "Phone" },
  ];
  const options = { settings: settingsWith("webhook", { optIn: false, chat: { data_parameters: FORM } }) };

  test("is no acceptance after a reload where nothing can have been sent before it", async () => {
    const world = new World();
    const page = await world.open(options);
    await page.end();
    const again = await page.reload(options);
    await world.run(1000);
    world.receiver.plan = () => 422;
    again.transfer.act("continue", { phone: "123" });
    await world.run(2000);
    assert.deepEqual(again.outcomes, ["failed/idempotency_conflict"]);
  });
});

describe("a storage that is full when the person says Yes", () => {
  test("forgets the session: a reload does not ask again what it cannot know", async () => {
    const world = new World();
    const page = await world.open();
    await page.end();
    for (const storage of [page.sessionStorage, page.localStorage])
      storage.fault = (method) => {
        if (method === "setItem") throw new DOMException("full", "QuotaExceededError");
      };
    world.receiver.plan = () => "hang";
    page.act("yes");
    await world.run(200);
    assert.equal(page.session.has(OWN), false);
    const again = await page.reload();
    await world.run(2000);
    assert.deepEqual([again.questions, again.state], [0, "idle"]);
  });
});

test("what a sensitive parameter reads is not kept, unless the decision rests on it", async () => {
  const world = new World();
  const read = ["lang", "created_at", "queue.name", "queue.path"];
  const data_parameters = read.map((source_field) => ({
    ...{ type: "dynamic", field: source_field.replace(".", "_"), source: "ujet_metadata", source_field },
    sensitive: true,
  }));
  const page = await world.open({ settings: settingsWith("webhook", { chat: { data_parameters } }) });
  await page.end({
    ...FACTS,
    ...{ lang: "MARK-lang", created_at: "MARK-created", queue: { id: 502, name: "MARK-name", path: "MARK-path" } },
  });
  await world.run(300);
  assert.equal(page.state, "asking");
  assert.doesNotMatch(JSON.stringify([...page.session, ...world.local]), /MARK/);
  page.act("yes");
  await world.run(300);
  assert.match(world.receiver.requests[0].body, /MARK-lang.*MARK-created.*MARK-name.*MARK-path/);
});
