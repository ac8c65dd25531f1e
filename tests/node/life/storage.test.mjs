// What outlives a page, where it lies, and what becomes of it when it is damaged, foreign, hostile, or cannot be kept at all.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FACTS, MapStorage, OWN, Page, sealed, settingsWith, unsealed, World } from "./support.mjs";

const asked = async (options = {}, given = {}, world = new World(given)) => {
  const page = await world.open(options, given);
  await page.end();
  await world.run(300);
  return { world, page };
};

const entryOf = (world) => [...world.local.keys()].find((name) => name.startsWith(`${OWN}:`));

/** A page that was handing off, with what it has kept. */
async function handingOff() {
  const world = new World();
  world.receiver.plan = () => "hang";
  const { page } = await asked({}, {}, world);
  page.act("yes");
  await world.run(0);
  assert.equal(page.state, "handing_off");
  const kept = { own: page.session.get(OWN), entry: world.local.get(entryOf(world)), name: entryOf(world) };
  page.close(false);
  world.local.clear();
  world.receiver.requests.length = 0;
  world.receiver.plan = () => "ok";
  return { world, kept };
}

const { kept: SAMPLE } = await handingOff();

/** A page that finds these texts, and is told the end of the session. */
async function found({ own, entry, options = {}, told = false }) {
  const world = new World();
  const session = new Map(own === undefined ? [] : [[OWN, own]]);
  if (entry !== undefined) world.local.set(SAMPLE.name, entry);
  const page = await world.open(options, { session });
  await world.run(told ? 0 : 500);
  const before = page.state;
  if (told || page.state === "idle") await page.end();
  await world.run(1000);
  return { world, page, before };
}

// ── Integrity ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The storage alone, over one text. */
function reading(text, where = "own") {
  const product = PACKAGE;
  const said = [];
  const session = new Map([[OWN, text]]);
  const local = new Map([["post-session-transfer:x", text]]);
  const storage = new product.PageStorage({ session: new MapStorage(session), local: new MapStorage(local) }, (code) =>
    said.push(code),
  );
  const value = where === "own" ? storage.own() : storage.entry("post-session-transfer:x");
  return { value, said, left: where === "own" ? session.has(OWN) : local.has("post-session-transfer:x") };
}
const PACKAGE = (await new World().open()).package;

for (const where of ["own", "entry"]) {
  test(`${where}: each character that is changed, lost, doubled or swapped is found`, () => {
    const text = SAMPLE[where];
    assert.ok(reading(text, where).value, "the text itself is read");
    const others = ["0", "1", "f", " ", '"', "\\", "}", "x", "\u0000", "\u00e9", "\ud800"];
    const damaged = [];
    for (let i = 0; i < text.length; i += 1) {
      for (const other of others) if (text[i] !== other) damaged.push(text.slice(0, i) + other + text.slice(i + 1));
      for (let bit = 0; bit < 16; bit += 1)
        damaged.push(text.slice(0, i) + String.fromCharCode(text.charCodeAt(i) ^ (1 << bit)) + text.slice(i + 1));
      damaged.push(text.slice(0, i) + text.slice(i + 1), text.slice(0, i) + text[i] + text.slice(i));
      damaged.push(text.slice(0, i));
    }
    for (const one of damaged) {
      if (one === text) continue;
      const { value, said, left } = reading(one, where);
      assert.equal(value, undefined, one);
      assert.deepEqual(said, ["saved_state_discarded"], one);
      assert.equal(left, false, "what cannot be used is taken away");
    }
    assert.ok(damaged.length > 5000);
  });
}

test("another version, and what is not ours, is taken away with a word", async () => {
  const value = unsealed(SAMPLE.own);
  const texts = [
    sealed(value, "0"),
    sealed(value, "2"),
    sealed(value, ""),
    sealed(value, "1.0"),
    JSON.stringify(value),
    "null",
    "{}",
    "[]",
    "1",
    "1 ",
    "1 00000000",
    "1 811c9dc5 ",
    sealed("null"),
    sealed("7"),
    sealed('"text"'),
    sealed("{"),
    sealed("undefined"),
    "",
    " ",
    "\u0000",
    "x".repeat(1_000_000),
  ];
  for (const text of texts) {
    const { page, world } = await found({ own: text });
    assert.deepEqual(page.diagnostics, ["saved_state_discarded"], text.slice(0, 60));
    assert.equal(page.state, "asking", text.slice(0, 60));
    assert.equal(world.receiver.requests.length, 0);
  }
});

test("a damaged entry of all tabs is taken away with a word, and the session is asked about", async () => {
  for (const text of ["", "null", "{}", SAMPLE.entry.replace("owner", "Owner"), sealed("null")]) {
    const { page } = await found({ entry: text });
    assert.ok(page.diagnostics.includes("saved_state_discarded"), text.slice(0, 60));
    assert.equal(page.state, "asking", text.slice(0, 60));
  }
});

// ── Hostile ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

const ODD = [
  ["null", null],
  ["true", true],
  ["0", 0],
  ["-1", -1],
  ["1e308", 1e308],
  ["-1e308", -1e308],
  ["an empty text", ""],
  ["a text", "x"],
  ["NUL", "\u0000"],
  ["a lone surrogate", "\ud800"],
  ["a long text", "x".repeat(200_000)],
  ["a list", []],
  ["a list of lists", [[[[]]]]],
  ["an object", {}],
  ["an object that is no text", { toString: 1, valueOf: 1 }],
  ["a deep one", JSON.parse(`${"[".repeat(200)}${"]".repeat(200)}`)],
  ["a prototype", JSON.parse('{"__proto__":{"phase":"handing_off","answer":"yes"},"constructor":{"prototype":{}}}')],
];

/** The person can still be asked, nothing is sent without a Yes that was kept, and nothing throws. */
async function harmless({ page, world }, what) {
  assert.deepEqual(page.errors.map(String), [], what);
  assert.ok(!page.outcomes.includes("failed/core_trapped"), `${what}: trapped`);
  assert.ok(!page.diagnostics.includes("core_replaced"), `${what}: trapped`);
  assert.ok(page.state === "asking" || page.outcomes.length === 1, `${what}: the session hangs in ${page.state}`);
  assert.equal(world.receiver.requests.length, 0, `${what}: sent without a Yes`);
  assert.equal(Object.prototype.phase, undefined);
}

/** Uncaught errors in tasks of the page end up here. */
async function uncaught(act) {
  const errors = [];
  const caught = (error) => errors.push(error);
  process.on("uncaughtException", caught);
  process.on("unhandledRejection", caught);
  try {
    await act();
  } finally {
    process.off("uncaughtException", caught);
    process.off("unhandledRejection", caught);
  }
  assert.deepEqual(errors.map(String), []);
}

const asking = () => {
  const kept = unsealed(SAMPLE.own);
  return { ...kept, state: { ...kept.state, phase: "asking", answer: "none" } };
};

for (const told of [false, true]) {
  const when = told ? "and the SDK tells the end" : "and nobody says anything";
  for (const [name, value] of ODD) {
    test(`hostile, its checksum right: ${name} in every place of the tab's own state, ${when}`, () =>
      uncaught(async () => {
        for (const field of ["facts", "state", "at"]) {
          const kept = { ...asking(), [field]: value };
          // What the page's clock callbacks throw reaches us, as it would reach `window.onerror`.
          await harmless(await found({ own: sealed(kept), told }), `${field} is ${name}`);
        }
        await harmless(await found({ own: sealed(JSON.stringify(value)), told }), `all of it is ${name}`);
        for (const field of Object.keys(asking().state)) {
          const kept = asking();
          kept.state = { ...kept.state, [field]: value };
          await harmless(await found({ own: sealed(kept), told }), `state.${field} is ${name}`);
        }
      }));

    test(`hostile, its checksum right: ${name} in every place of the facts, ${when}`, () =>
      uncaught(async () => {
        for (const field of [...Object.keys(asking().facts), "signals", "post_session", "__proto__"]) {
          const kept = asking();
          kept.facts = Object.fromEntries([
            ...Object.entries(kept.facts).filter(([key]) => key !== field),
            [field, value],
          ]);
          const result = await found({ own: sealed(kept), told });
          await harmless(result, `facts.${field} is ${name}`);
        }
      }));
  }
}

for (const [name, value] of ODD) {
  for (const locks of [true, false]) {
    test(`hostile: ${name} in every place of the entry of all tabs, ${locks ? "locks" : "a lease"}`, () =>
      uncaught(async () => {
        for (const field of ["phase", "owner", "expires", "lease", "connected", "state", "at"]) {
          const entry = { ...unsealed(SAMPLE.entry), phase: "asking", state: asking().state, [field]: value };
          const world = new World({ locks });
          world.local.set(SAMPLE.name, sealed(entry));
          const page = await world.open({}, { locks });
          await page.end();
          // As long as a lease lasts, at most.
          await world.run(8000);
          await harmless({ page, world }, `${field} is ${name}`);
          page.transfer.dispose();
          await world.run(0);
        }
      }));
  }
}

test("a lease in the far future, as after a clock that was wrong, does not hold up the session", async () => {
  const world = new World({ locks: false });
  const entry = { ...unsealed(SAMPLE.entry), phase: "asking", state: null, owner: "somebody" };
  world.local.set(SAMPLE.name, sealed({ ...entry, lease: world.time + 3600_000, expires: world.time + 7200_000 }));
  const page = await world.open({}, {});
  await page.end();
  await world.run(10_000);
  assert.equal(page.state, "asking", "nobody signs it: it is older than six seconds");
});

for (const [state, minutes] of [
  ["asking", 0],
  ["asking", 31],
  ["handing_off", 0],
  ["handing_off", 31],
]) {
  for (const told of ["before the kept one goes on", "after that"]) {
    test(`what was kept of one session (${state}, ${minutes} minutes ago) says nothing about the next: told ${told}`, async () => {
      const world = new World();
      world.receiver.plan = () => "hang";
      const { page } = await asked({}, {}, world);
      if (state === "handing_off") page.act("yes");
      await world.run(0);
      page.close();
      await world.run(minutes * 60_000);
      const next = await page.reload({});
      await world.run(told === "after that" ? 1000 : 0);
      await next.end({ ...FACTS, id: "67890" });
      await world.run(1000);
      assert.equal(next.all("decision").at(-1).outcome, "ask");
      assert.equal(next.state, "asking", `the next session is asked about: ${next.outcomes}`);
    });
  }
}

// ── Where nothing can be kept ───────────────────────────────────────────────────────────────────────────────────────────────────────

const quota = () => {
  throw new DOMException("full", "QuotaExceededError");
};
const blocked = () => {
  throw new DOMException("no", "SecurityError");
};
const FAULTS = {
  "writing throws": (method) => method === "setItem" && quota(),
  "reading throws": (method) => method === "getItem" && blocked(),
  "everything throws": blocked,
  "taking away throws": (method) => method === "removeItem" && blocked(),
  "counting throws": (method) => method === "length" && blocked(),
  "naming throws": (method) => method === "key" && blocked(),
};

for (const locks of [true, false]) {
  for (const [name, fault] of Object.entries(FAULTS)) {
    for (const where of ["both", "session", "local"]) {
      test(`${name} (${where}, ${locks ? "locks" : "a lease"}): everything works, and it is said once at most`, async () => {
        const world = new World({ locks });
        const made = await world.open({
          storage: {
            session: new MapStorage(new Map(), () => {}, where === "local" ? () => {} : fault),
            local: new MapStorage(new Map(), () => {}, where === "session" ? () => {} : fault),
          },
        });
        await made.end();
        await world.run(1000);
        assert.equal(made.state, "asking", "the person is asked all the same");
        made.act("yes");
        await world.run(1000);
        assert.deepEqual(made.outcomes, ["transferred/accepted"]);
        assert.ok(made.diagnostics.filter((code) => code === "storage_unavailable").length <= 1);
        if (name === "everything throws") assert.ok(made.diagnostics.includes("storage_unavailable"));
        assert.deepEqual(made.errors, []);
        made.transfer.dispose();
        await world.run(0);
        assert.deepEqual(made.left, { timers: 0, listeners: 0, locks: 0 });
      });
    }
  }
}

test("storage that gets full while the session goes on changes nothing about it", async () => {
  const world = new World();
  let full = false;
  const fault = (method) => full && method === "setItem" && quota();
  const session = new Map();
  const page = await world.open({
    storage: { session: new MapStorage(session, undefined, fault), local: new MapStorage(new Map(), undefined, fault) },
  });
  await page.end();
  await world.run(300);
  full = true;
  page.act("yes");
  await world.run(300);
  assert.deepEqual(page.outcomes, ["transferred/accepted"]);
  assert.deepEqual(page.diagnostics, ["storage_unavailable"]);
});

test("getters of the page's storage that throw: everything works, and it is said", async () => {
  const world = new World();
  const blockedPage = new Page(world);
  for (const name of ["sessionStorage", "localStorage"])
    Object.defineProperty(blockedPage.globals, name, { get: blocked });
  world.pages.push(blockedPage);
  await blockedPage.open({ storage: undefined });
  await blockedPage.end();
  await world.run(1000);
  assert.equal(blockedPage.state, "asking");
  assert.ok(blockedPage.diagnostics.includes("storage_unavailable"));
  assert.equal(blockedPage.diagnostics.filter((code) => code === "storage_unavailable").length, 1, "once");
});

test("storage: null keeps nothing, and a reload begins anew", async () => {
  const world = new World();
  const page = await world.open({ storage: null });
  await page.end();
  page.act("yes");
  await world.run(1000);
  assert.deepEqual([page.session.size, world.local.size], [0, 0]);
  assert.deepEqual(page.outcomes, ["transferred/accepted"]);
  const next = await page.reload({ storage: null });
  await world.run(1000);
  assert.equal(next.said.length, 0);
});

for (const half of ["session", "local"]) {
  test(`only a ${half} storage`, async () => {
    const world = new World();
    const page = await world.open(undefined, {});
    const storage = { [half]: half === "session" ? page.sessionStorage : page.localStorage };
    page.transfer.dispose();
    page.said.length = 0;
    await page.open({ storage });
    await page.end();
    await world.run(1000);
    assert.equal(page.state, "asking");
    page.act("yes");
    await world.run(1000);
    assert.deepEqual(page.outcomes, ["transferred/accepted"]);
    assert.deepEqual(page.diagnostics, []);
  });
}

test("one storage for both serves a reload, too", async () => {
  const world = new World();
  const map = new Map();
  const page = await world.open({ storage: new MapStorage(map) });
  await page.end();
  await world.run(300);
  assert.equal(map.size, 2);
  const next = await page.reload({ storage: new MapStorage(map) });
  await world.run(1000);
  assert.equal(next.state, "asking");
  next.act("yes");
  await world.run(1000);
  assert.deepEqual(next.outcomes, ["transferred/accepted"]);
  assert.deepEqual(
    [...map.keys()].filter((key) => key === OWN),
    [],
  );
});

// ── What lies there ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

const MARK = "MaRk";
const PERSONAL = {
  ...FACTS,
  end_user: { id: `${MARK}1`, identifier: `${MARK}2`, name: `${MARK}3` },
  agent: { id: 9, name: `${MARK}4` },
  custom_data: {
    unsigned: { order_id: { label: `${MARK}5`, value: `${MARK}6`, type: "string" } },
    signed: { a: `${MARK}7` },
  },
  session_variables: { x: `${MARK}8` },
  transcript: [`${MARK}9`],
  token: `${MARK}10`,
};

const EXTRA = {
  "in the SDK's part": { sdk: { ...FACTS.sdk, token: `${MARK}11` } },
  "in the signals": { signals: [{ signal: "chat.memberLeft", at: 1, human: true, name: `${MARK}12` }] },
  "in the post-session part": { post_session: { required: null, note: `${MARK}13` } },
  "in the queue's part": { queue: { ...FACTS.queue, agent_name: `${MARK}14` } },
};

for (const [name, extra] of [["anywhere", {}], ...Object.entries(EXTRA)]) {
  test(`nothing of the people is ever stored: ${name}`, async () => {
    for (const kind of ["webhook", "dialogflow"]) {
      const world = new World();
      const written = [];
      const spy = (map) => {
        const storage = new MapStorage(map);
        const { setItem } = MapStorage.prototype;
        storage.setItem = (key, value) => {
          written.push(`${key}=${value}`);
          setItem.call(storage, key, value);
        };
        return storage;
      };
      const settings = settingsWith(kind, {
        chat: {
          data_parameters: [
            { type: "fixed", field: "fixed", value: `${MARK}20` },
            { type: "dynamic", field: "order", source: "unsigned", source_field: "order_id" },
            { type: "dynamic", field: "agent", source: "ujet_metadata", source_field: "agent.name" },
          ],
        },
      });
      world.receiver.plan = (n) => (n < 3 ? 503 : "ok");
      world.receiver.answer = { conversation: { id: `${MARK}21` }, messages: [{ text: `${MARK}22` }] };
      const page = await world.open({
        settings,
        storage: { session: spy(new Map()), local: spy(world.local) },
        authorize: () => ({ authorization: `Bearer ${MARK}23` }),
        session: { end_user: { identifier: `${MARK}24` } },
      });
      await page.end({ ...PERSONAL, ...extra });
      await world.run(300);
      page.act("yes");
      await world.run(20_000);
      page.transfer.conversationEnded("end_user");
      await world.run(0);
      assert.ok(JSON.stringify(world.receiver.requests).includes(MARK), "the mark is there to be found");
      assert.ok(written.length > 3);
      assert.deepEqual(
        written
          .filter((text) => text.includes(MARK))
          .map((text) => text.slice(Math.max(0, text.indexOf(MARK) - 80), text.indexOf(MARK) + 8)),
        [],
      );
    }
  });
}

test("the tab's own state is there from the question to the end, and then goes", async () => {
  const { world, page } = await asked();
  assert.equal(unsealed(page.session.get(OWN)).state.phase, "asking");
  page.act("yes");
  await world.run(1000);
  assert.equal(page.session.size, 0);
  const entry = unsealed(world.local.get(entryOf(world)));
  assert.equal(entry.phase, "done");
  assert.equal(entry.state, null);
  assert.equal(entry.expires - world.time > 29 * 60_000, true);
});

test("what is kept is kept before anything is sent", async () => {
  const world = new World();
  const session = new Map();
  let atFetch;
  const page = await world.open({
    storage: { session: new MapStorage(session), local: new MapStorage(world.local) },
    fetch: async () => {
      atFetch = unsealed(session.get(OWN)).state;
      return new Response("{}");
    },
  });
  await page.end();
  page.act("yes");
  await world.run(100);
  assert.equal(atFetch.phase, "handing_off");
  assert.equal(atFetch.answer, "yes");
});

test("sweeping takes what is over, and nothing of others", async () => {
  const world = new World();
  const old = `${OWN}:${"a".repeat(32)}`;
  const young = `${OWN}:${"b".repeat(32)}`;
  const damaged = `${OWN}:${"c".repeat(32)}`;
  const entry = unsealed(SAMPLE.entry);
  world.local.set(old, sealed({ ...entry, expires: world.time - 1 }));
  world.local.set(young, sealed({ ...entry, expires: world.time + 60_000 }));
  world.local.set(damaged, "x");
  world.local.set("post-session-transferred", "a shop's");
  world.local.set("post-session-transfer.settings", "another's");
  world.local.set("cart", "full");
  await asked({}, {}, world);
  const names = [...world.local.keys()].filter((name) => name !== SAMPLE.name);
  assert.deepEqual(names.sort(), [young, "cart", "post-session-transfer.settings", "post-session-transferred"].sort());
});

test("who is told the end again within half an hour is not asked again, and later is", async () => {
  const { world, page } = await asked();
  page.act("no");
  await world.run(0);
  page.close();
  await world.run(29 * 60_000);
  const soon = await world.open();
  await soon.end();
  await world.run(300);
  assert.deepEqual([soon.outcomes, soon.questions], [["skipped/handled_elsewhere"], 0]);
});
