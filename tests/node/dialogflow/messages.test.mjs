// What an agent says, typed. All of it is hostile.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { loadPolicy } from "post-session-transfer";
import { parseMessages } from "post-session-transfer/dialogflow";
import { startDialogflow } from "../../simulator/dialogflow/server.mjs";
import { AGENT, dialogflowSettings, messagesOf, runOnce } from "./support.mjs";

const ujet = (payload) => ({ payload: { ujet: payload } });
const parse = (...messages) => parseMessages(messages);
const parseOne = (payload) => {
  const parsed = parse(ujet(payload));
  assert.equal(parsed.length, 1);
  return parsed[0];
};
const isUnknown = (message) => assert.deepEqual(parse(message), [{ type: "unknown", value: message }]);

describe("each kind", () => {
  test("text: of Dialogflow, and of the platform with its title first", () => {
    assert.deepEqual(parse({ text: { text: ["a", "b"] } }, ujet({ type: "text", title: "t", messages: ["c"] })), [
      { type: "text", text: "a" },
      { type: "text", text: "b" },
      { type: "text", text: "t" },
      { type: "text", text: "c" },
    ]);
  });

  for (const type of ["inline_button", "sticky_button"])
    test(type, () => {
      const buttons = [{ title: "Yes", action: "quick_reply" }, { title: "No" }, { title: 5 }, null, { action: "x" }];
      assert.deepEqual(parseOne({ type, title: "Solved?", buttons }), {
        type,
        title: "Solved?",
        buttons: [
          { title: "Yes", action: "quick_reply" },
          { title: "No", action: "quick_reply" },
        ],
        dropped: 3,
      });
    });

  for (const type of ["image", "video", "document"])
    test(type, () => {
      const media = [{ url: "https://cdn.example/a", text: "alt" }, { url: "http://cdn.example/b?c#d" }];
      assert.deepEqual(parseOne({ type, [`${type}s`]: media }), {
        type,
        title: null,
        media: [
          { url: "https://cdn.example/a", text: "alt" },
          { url: "http://cdn.example/b?c#d", text: null },
        ],
        dropped: 0,
      });
    });

  test("complex: its components in order, what is none of them kept", () => {
    const odd = { type: "carousel", slides: 3 };
    const components = [
      { type: "text", messages: ["a", "b"] },
      { type: "image", images: [{ url: "https://cdn.example/a" }] },
      odd,
      { type: "inline_button", buttons: [{ title: "Yes" }] },
    ];
    assert.deepEqual(parseOne({ type: "complex", components }), {
      type: "complex",
      title: null,
      components: [
        { type: "text", text: "a" },
        { type: "text", text: "b" },
        { type: "image", title: null, media: [{ url: "https://cdn.example/a", text: null }], dropped: 0 },
        { type: "unknown", value: odd },
        {
          type: "inline_button",
          title: null,
          buttons: [{ title: "Yes", action: "quick_reply" }],
          dropped: 0,
        },
      ],
    });
  });

  test("complex in complex is not followed", () => {
    const inner = { type: "complex", components: [{ type: "text", messages: ["a"] }] };
    assert.deepEqual(parseOne({ type: "complex", components: [inner] }).components, [
      { type: "unknown", value: inner },
    ]);
  });

  test("escalation, with all and with nothing", () => {
    const action = { type: "action", action: "escalation" };
    const more = { escalation_reason: "by_consumer", menu_id: 502, language: "pt-BR", allow_virtual_agent: true };
    assert.deepEqual(parseOne({ ...action, ...more }), {
      type: "escalation",
      reason: "by_consumer",
      menu_id: "502",
      language: "pt-BR",
      allow_virtual_agent: true,
    });
    const nothing = { type: "escalation", reason: null, menu_id: null, language: null, allow_virtual_agent: false };
    assert.deepEqual(parseOne(action), nothing);
    const wrong = { escalation_reason: "why not", menu_id: {}, language: "<b>", allow_virtual_agent: "true" };
    assert.deepEqual(parseOne({ ...action, ...wrong }), nothing);
  });

  test("end, in both ways; what is said with it comes first", () => {
    assert.deepEqual(parse({ endInteraction: {} }), [{ type: "end", by: "end_interaction" }]);
    assert.deepEqual(parse(ujet({ type: "action", action: "end", messages: ["Bye"] })), [
      { type: "text", text: "Bye" },
      { type: "end", by: "action" },
    ]);
  });

  test("live agent handoff", () => {
    assert.deepEqual(parse({ liveAgentHandoff: {} }, { liveAgentHandoff: { metadata: { queue: [1] } } }), [
      { type: "live_agent_handoff", metadata: {} },
      { type: "live_agent_handoff", metadata: { queue: [1] } },
    ]);
  });

  test("a session variable goes with its message", () => {
    const session_variable = { capture_target: "payload", capture_key: "score", payload: { value: 4 } };
    assert.deepEqual(parseOne({ type: "action", action: "end", session_variable }), {
      type: "end",
      by: "action",
      session_variable,
    });
    for (const wrong of [
      { ...session_variable, capture_target: "all" },
      { ...session_variable, capture_key: "" },
      { ...session_variable, capture_key: "x".repeat(129) },
      { ...session_variable, payload: [] },
    ])
      assert.equal("session_variable" in parseOne({ type: "action", action: "end", session_variable: wrong }), false);
  });
});

describe("anything else is kept whole", () => {
  for (const message of [
    { conversationSuccess: {} },
    { outputAudioText: { text: "a" } },
    { telephonyTransferCall: { phoneNumber: "+1" } },
    { payload: { richContent: [[]] } },
    { payload: [] },
    { payload: { ujet: "text" } },
    ujet({}),
    ujet({ type: "hologram" }),
    ujet({ type: "text" }),
    ujet({ type: "text", messages: "a" }),
    ujet({ type: "text", messages: [1, null, ""] }),
    ujet({ type: "inline_button", buttons: [{ title: {} }] }),
    ujet({ type: "image", videos: [{ url: "https://a.example" }] }),
    ujet({ type: "complex", components: [] }),
    ujet({ type: "action", action: "reboot" }),
    ujet({ type: "constructor" }),
    { text: "a" },
    { text: { text: "a" } },
    { text: null },
    { text: { text: ["a"] }, payload: {} },
    { endInteraction: null },
    { liveAgentHandoff: { metadata: "x" } },
    {},
    [],
    "text",
    5,
    null,
  ])
    test(JSON.stringify(message), () => isUnknown(message));

  test("what is no list has nothing in it", () => {
    for (const value of [undefined, null, "a", 1, {}, { length: 1, 0: { text: { text: ["a"] } } }])
      assert.deepEqual(parseMessages(value), []);
  });
});

describe("URLs", () => {
  for (const url of [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>",
    "blob:https://a.example/1",
    "file:///etc/passwd",
    "ftp://a.example",
    "//a.example/x",
    "/relative",
    "a.png",
    "https://user:secret@a.example",
    "https://user@a.example",
    'https://"onmousemove="alert(1)',
    "https://a'b.example",
    "https://",
    `https://a.example/${"x".repeat(2048)}`,
    "",
    5,
    null,
    {},
    ["https://a.example"],
  ]) {
    const name = String(JSON.stringify(url)).slice(0, 60);
    test(`${name} leads nowhere`, () => {
      isUnknown(ujet({ type: "image", images: [{ url }] }));
      const { media, dropped } = parseOne({ type: "image", images: [{ url }, { url: "https://a.example/ok" }] });
      assert.deepEqual([media.length, dropped], [1, 1]);
    });
  }

  test("what is left is written as a browser reads it", () => {
    const documents = [{ url: `HTTPS://A.example/"'><b>#"'` }, { url: "https://bücher.example:8443/" }];
    const { media } = parseOne({ type: "document", documents });
    assert.equal(media[0].url, "https://a.example/%22%27%3E%3Cb%3E#%22%27");
    assert.equal(media[1].url, "https://xn--bcher-kva.example:8443/");
  });
});

describe("bounds", () => {
  test("long texts are cut, and not within a character", () => {
    const [{ text }] = parse({ text: { text: [`${"x".repeat(8190)}😀😀`] } });
    assert.equal(text, `${"x".repeat(8190)}…`);
    assert.equal(text.isWellFormed(), true);
    const exact = "y".repeat(8192);
    assert.equal(parse({ text: { text: [exact] } })[0].text, exact);
  });

  test("long lists are cut, and say so", () => {
    const { buttons, dropped } = parseOne({ type: "inline_button", buttons: Array(60).fill({ title: "a" }) });
    assert.deepEqual([buttons.length, dropped], [50, 10]);
  });

  test("200 messages", () => {
    assert.equal(parseMessages(Array(300).fill({ endInteraction: {} })).length, 200);
    assert.equal(parseMessages(Array(100).fill({ text: { text: Array(50).fill("a") } })).length, 200);
  });

  test("a payload that is deeper than any stack", () => {
    let deep = {};
    for (let i = 0; i < 200_000; i += 1) deep = { deep };
    assert.equal(parse({ liveAgentHandoff: { metadata: deep } })[0].type, "live_agent_handoff");
    assert.equal(parse(ujet(deep))[0].type, "unknown");
  });
});

describe("names of the prototype", () => {
  const forged = JSON.parse('{"__proto__": {"polluted": true}, "a": 1}');
  test("as keys of values: the value is refused", () => {
    isUnknown({ liveAgentHandoff: { metadata: forged } });
    isUnknown({ liveAgentHandoff: { metadata: { deep: [{ constructor: {} }] } } });
    const session_variable = { capture_target: "payload", capture_key: "a", payload: forged };
    assert.equal("session_variable" in parseOne({ type: "action", action: "end", session_variable }), false);
  });

  test("as names of variables, queues and actions", () => {
    for (const name of ["__proto__", "constructor", "prototype"]) {
      const session_variable = { capture_target: "payload", capture_key: name };
      assert.equal("session_variable" in parseOne({ type: "action", action: "end", session_variable }), false);
      assert.equal(parseOne({ type: "action", action: "escalation", menu_id: name }).menu_id, null);
      isUnknown(ujet({ type: "inline_button", buttons: [{ title: "a", action: name }] }));
    }
  });

  test("nothing is read through a prototype", () => {
    const heir = Object.create({ text: { text: ["inherited"] } });
    isUnknown(heir);
    isUnknown(ujet(Object.create({ type: "action", action: "end" })));
    isUnknown(JSON.parse('{"__proto__": {"text": {"text": ["a"]}}}'));
    assert.equal({}.polluted, undefined);
  });
});

test("what fails when it is looked at is kept, and nothing is thrown", () => {
  const trap = () => {
    throw new Error("looked at");
  };
  const proxy = new Proxy({}, { get: trap, has: trap, ownKeys: trap, getOwnPropertyDescriptor: trap });
  const getter = Object.defineProperty({}, "text", { enumerable: true, get: trap });
  const cyclic = { liveAgentHandoff: { metadata: {} } };
  cyclic.liveAgentHandoff.metadata.self = cyclic;
  const { proxy: revoked, revoke } = Proxy.revocable([], {});
  revoke();
  for (const message of [proxy, getter, revoked]) assert.equal(parse(message)[0].type, "unknown");
  assert.equal(parse(cyclic).length, 1);
  assert.deepEqual(parseMessages(revoked), []);
});

const KINDS = [
  ...["complex", "document", "end", "escalation", "image", "inline_button", "live_agent_handoff"],
  ...["sticky_button", "text", "unknown", "video"],
];

describe("docs/dialogflow.md", () => {
  const page = readFileSync(new URL("../../../docs/dialogflow.md", import.meta.url), "utf8");

  test("has every kind of message, and no other", () => {
    const [, table] = /\| `type` \|.*\n\|[-|]+\n((?:\|.*\n)+)/.exec(page);
    const kinds = table.split("\n").flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`(\w+)`/g)]);
    assert.deepEqual(kinds.map(([, kind]) => kind).sort(), KINDS);
  });

  test("its settings load without a warning", async () => {
    const [, settings] = /```json\n(.*?)```/s.exec(page);
    const policy = await loadPolicy(JSON.parse(settings));
    assert.deepEqual(policy.warnings, []);
    policy.dispose();
  });
});

/** A generator of numbers from a seed: the same tree on every machine. */
function randomFrom(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const NAMES =
  "text payload ujet type action title messages buttons images videos documents url components metadata endInteraction liveAgentHandoff session_variable capture_target capture_key escalation_reason menu_id language __proto__ constructor other".split(
    " ",
  );
const SCALARS = [
  ..."text inline_button sticky_button image video document complex action end escalation quick_reply payload by_consumer".split(
    " ",
  ),
  "https://a.example/",
  "javascript:alert(1)",
  "__proto__",
  "",
  "\uD800",
  "<img src=x onerror=alert(1)>",
  0,
  -1,
  1e308,
  true,
  false,
  null,
];

function randomJson(random, depth) {
  const kind = depth === 0 ? 0 : random(4);
  if (kind === 0) return SCALARS[random(SCALARS.length)];
  const length = random(5);
  const make = () => randomJson(random, depth - 1);
  if (kind === 1) return Array.from({ length }, make);
  return Object.fromEntries(Array.from({ length }, () => [NAMES[random(NAMES.length)], make()]));
}

/** A message that is right, with one place of it replaced. */
function damagedMessage(random) {
  const right = [
    { text: { text: ["a"] } },
    ujet({ type: "inline_button", title: "t", buttons: [{ title: "a", action: "quick_reply" }] }),
    ujet({ type: "image", images: [{ url: "https://a.example", text: "a" }], messages: ["m"] }),
    ujet({ type: "complex", components: [{ type: "text", messages: ["a"] }] }),
    ujet({ type: "action", action: "escalation", menu_id: 5, session_variable: { capture_key: "k" } }),
    ujet({ type: "video", videos: [{ url: "https://a.example" }, { url: "http://[::1]/", text: "a" }] }),
    ujet({ type: "document", documents: [{ url: "https://a.example" }], title: "t" }),
    { liveAgentHandoff: { metadata: { a: 1 } } },
  ][random(8)];
  const copy = structuredClone(right);
  let place = copy;
  for (;;) {
    const keys = Object.keys(place);
    const key = keys[random(keys.length)];
    if (place[key] === null || typeof place[key] !== "object" || random(3) === 0) {
      place[key] = randomJson(random, 3);
      return copy;
    }
    place = place[key];
  }
}

/** What every caller may rely on, whatever came in. */
function checkParsed(messages) {
  for (const message of messages) {
    switch (message.type) {
      case "text":
        assert.ok(typeof message.text === "string" && message.text !== "" && message.text.length <= 8192);
        break;
      case "inline_button":
      case "sticky_button":
        assert.ok(message.buttons.length > 0 && message.buttons.length <= 50);
        for (const { title, action } of message.buttons) {
          assert.equal(typeof title, "string");
          assert.equal(typeof action, "string");
        }
        break;
      case "image":
      case "video":
      case "document":
        assert.ok(message.media.length > 0);
        for (const { url } of message.media) assert.match(url, /^https?:\/\/[^@"'<>]+$/);
        break;
      case "complex":
        assert.ok(message.components.every(({ type }) => type !== "complex"));
        checkParsed(message.components);
        break;
      case "escalation":
        assert.ok(message.menu_id === null || typeof message.menu_id === "string");
        break;
      case "end":
      case "live_agent_handoff":
        break;
      default:
        assert.equal(message.type, "unknown");
        assert.ok("value" in message);
    }
    const variable = message.session_variable;
    if (variable !== undefined) assert.ok(!["__proto__", "constructor", "prototype"].includes(variable.capture_key));
  }
}

test("20,000 random documents: nothing is thrown, nothing is lost, everything is as typed", () => {
  const random = randomFrom(20260101);
  const seen = new Set();
  for (let i = 0; i < 20_000; i += 1) {
    const messages = Array.from({ length: 1 + random(3) }, () =>
      random(2) === 0 ? damagedMessage(random) : randomJson(random, 5),
    );
    const before = JSON.stringify(messages);
    const parsed = parseMessages(messages);
    assert.equal(JSON.stringify(messages), before, "the input is left alone");
    assert.ok(parsed.length >= messages.length, "each message is answered for");
    checkParsed(parsed);
    for (const { type } of parsed) seen.add(type);
  }
  assert.equal({}.polluted, undefined);
  // The generator reaches every kind.
  assert.deepEqual([...seen].sort(), KINDS);
});

describe("from a hand-off's event", () => {
  let dialogflow;
  before(async () => {
    const say = [
      { text: { text: ["How did we do?"] } },
      ujet({ type: "inline_button", title: "Rate us", buttons: [{ title: "Good" }, { title: "Bad" }] }),
      ujet({ type: "image", images: [{ url: "javascript:alert(1)" }] }),
      { endInteraction: {} },
    ];
    dialogflow = await startDialogflow({ agents: { [AGENT]: { POST_SESSION: say } } });
  });
  after(() => dialogflow.close());

  test("what the agent said, typed", async () => {
    const result = await runOnce(dialogflowSettings(dialogflow.origin), dialogflow.origin);
    const messages = parseMessages(messagesOf(result));
    assert.deepEqual(
      messages.map(({ type }) => type),
      ["text", "inline_button", "unknown", "end"],
    );
    assert.equal(messages[0].text, "How did we do?");
  });
});
