// Mobile SDKs are refused by name, however they are written and whatever the page says of itself; a phone's browser works.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { open, settingsWith } from "./support.mjs";

const NAMES = [
  "ios",
  "iphone",
  "ipad",
  "ipados",
  "android",
  "react_native",
  "flutter",
  "cordova",
  "capacitor",
  "ionic",
  "xamarin",
  "maui",
  "unity",
  "kotlin",
  "swift",
];

const kinds = [
  ["ccaip", settingsWith("ccaip")],
  ["webhook, nobody is asked", settingsWith("webhook", { chat: { opt_in: false } })],
  ["the platform's flags", undefined],
];

/** The outcome of a chat that its agent ends; that nothing was asked, sent or called, where it is refused. */
async function outcomeOf({ sdk, settings = settingsWith(), widget = false, client = {}, prompt, bare = false } = {}) {
  const scene = await open({
    widget,
    client,
    postSession: settings === undefined ? { required: true, optInRequired: false } : null,
    quirks: { flagsWith: "notice" },
    transfer: { settings, prompt, session: bare ? sdk : { sdk } },
  });
  await scene.chat();
  scene.sim.agent.end();
  await scene.run(5000);
  const outcome = scene.outcomes[0] ?? scene.state;
  if (outcome.startsWith("rejected")) {
    assert.equal(scene.count("prompt"), 0);
    assert.equal(scene.count("hold"), 0);
    assert.equal(scene.count("consent"), 0);
    assert.equal(scene.count("handoff"), 0);
    assert.equal(scene.sim.postSessionCalls, 0);
    assert.deepEqual(scene.requests, []);
    assert.equal((await scene.act("yes")).accepted, false);
    await scene.run(600_000);
    assert.equal(scene.count("outcome"), 1);
    assert.equal(scene.sim.postSessionCalls, 0);
    assert.deepEqual(scene.requests, []);
  }
  await scene.close();
  return outcome;
}

/** Globals of the page for the time of one act. */
async function inPage(globals, act) {
  const before = new Map(Object.keys(globals).map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]));
  for (const [name, value] of Object.entries(globals))
    Object.defineProperty(globalThis, name, { value, configurable: true, enumerable: true, writable: true });
  try {
    return await act();
  } finally {
    for (const [name, descriptor] of before) {
      delete globalThis[name];
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
    }
  }
}

const MOBILE = "rejected/mobile_sdk_unsupported";
const UNKNOWN = "rejected/sdk_unknown";

describe("descriptors", () => {
  for (const name of NAMES)
    test(`${name}, however it is written`, async () => {
      const spellings = [
        name,
        name.toUpperCase(),
        name[0].toUpperCase() + name.slice(1),
        ` ${name} `,
        `\t${name}\n`,
        name.replaceAll("_", "-"),
        name.replaceAll("_", " "),
        name.replaceAll("_", "-").toUpperCase(),
      ];
      for (const platform of spellings)
        assert.equal(await outcomeOf({ sdk: { platform, version: "3.44.2" } }), MOBILE, JSON.stringify(platform));
    });

  test("the same with every kind of hand-off, beside the widget, and with prompt: platform", async () => {
    for (const [kind, settings] of kinds)
      for (const widget of [false, true])
        for (const prompt of ["module", "platform"])
          for (const platform of ["iOS", "React Native"])
            assert.equal(
              await outcomeOf({ sdk: { platform, version: "3.44.2" }, settings, widget, prompt }),
              MOBILE,
              `${kind}, ${widget}, ${prompt}`,
            );
  });

  const odd = [
    ["empty", { platform: "" }],
    ["blank", { platform: "  " }],
    ["null", { platform: null }],
    ["a number", { platform: 7 }],
    ["true", { platform: true }],
    ["an array", { platform: ["web"] }],
    ["an array of a mobile one", { platform: ["ios"] }],
    ["an object", { platform: { name: "web" } }],
    ["another name", { platform: "desktop" }],
    ["web with more", { platform: "web sdk" }],
    ["two at once", { platform: "web,ios" }],
    ["a misspelling", { platform: "andriod" }],
    ["a version in it", { platform: "ios 17" }],
    ["look-alike letters", { platform: "w\u0435b" }],
    ["a zero-width blank", { platform: "we\u200bb" }],
    ["a lone surrogate", { platform: "web\ud800" }],
    ["very long", { platform: "web".repeat(10_000) }],
  ];
  for (const [what, sdk] of odd)
    test(`${what}: unknown, and refused`, async () => {
      for (const [, settings] of kinds)
        assert.equal(await outcomeOf({ sdk: { version: "3.44.2", ...sdk }, settings }), UNKNOWN);
    });

  test("no descriptor, or one that is none: refused", async () => {
    for (const sdk of [null, 7, "ios", "web", [], ["ios"], [{ platform: "web" }], true, false])
      assert.match(await outcomeOf({ sdk }), /^rejected\//, JSON.stringify(sdk));
  });

  test("web, however it is written: works", async () => {
    for (const platform of ["web", "WEB", " Web ", "web\n", undefined])
      assert.equal(await outcomeOf({ sdk: { ...(platform && { platform }), version: "3.44.2" } }), "asking", platform);
  });

  test("versions: malformed, older and missing ones are refused, and newer ones work", async () => {
    for (const version of ["2.9.9", "3", "3.44", "v3.44.2", "3.44.2.1", "-3.44.2", "3.a.2", "", " "]) {
      const outcome = await outcomeOf({ sdk: { version } });
      // An empty one counts as missing: what the client offers tells it.
      if (version.trim() === "" && outcome === "asking") continue;
      assert.equal(outcome, "rejected/sdk_version_unsupported", version);
    }
    for (const version of ["3.0.0", "3.44.2", "4.26.0", "12.0.0", "3.44.2-rc.1", "3.44.2+build.7"])
      assert.equal(await outcomeOf({ sdk: { version } }), "asking", version);
  });

  test("a session option that throws or returns nonsense is no way round it", async () => {
    for (const [sdk, expected] of [
      [() => ({ sdk: { platform: "ios" } }), MOBILE],
      [() => ({ sdk: null }), UNKNOWN],
      [() => null, "asking"],
      [() => 7, "asking"],
    ])
      assert.equal(await outcomeOf({ sdk, bare: true }), expected);
  });
});

/** Signs of an app, which a page cannot help showing. */
const apps = [
  ["React Native's web view", { ReactNativeWebView: { postMessage() {} } }],
  ["React Native itself", { navigator: { product: "ReactNative", userAgent: "" } }],
  ["Flutter", { flutter_inappwebview: { callHandler() {} } }],
  ["Capacitor, native", { Capacitor: { isNativePlatform: () => true, getPlatform: () => "ios" } }],
  ["an old Capacitor on Android", { Capacitor: { getPlatform: () => "android" } }],
  ["Cordova on Android", { cordova: { platformId: "android" } }],
  ["Cordova on iOS", { cordova: { platformId: "ios" } }],
  ["an old Cordova", { cordova: {} }],
  ["PhoneGap", { PhoneGap: { version: "3" } }],
  ["the iOS SDK's handlers", { webkit: { messageHandlers: { ujetHandler: { postMessage() {} } } } }],
  ["the iOS SDK's handlers, by another name", { webkit: { messageHandlers: { CCAIBridge: { postMessage() {} } } } }],
  ["the Android SDK's bridge", { UjetAndroidBridge: { postMessage() {} } }],
  ["the Android SDK's bridge, by another name", { ccaasNativeBridge: { call() {} } }],
];

describe("a page inside an app", () => {
  for (const [what, globals] of apps) {
    test(`${what}: refused as mobile`, async () => {
      for (const widget of [false, true])
        assert.equal(await inPage(globals, () => outcomeOf({ sdk: { version: "3.44.2" }, widget })), MOBILE);
      assert.equal(await outcomeOf({ sdk: { version: "3.44.2" } }), "asking", "the page is as it was");
    });

    test(`${what}: believed before a descriptor that says web`, async () => {
      assert.equal(await inPage(globals, () => outcomeOf({ sdk: { platform: "web", version: "3.44.2" } })), MOBILE);
    });
  }

  test("believed before a descriptor that says web, however that is written", async () => {
    for (const platform of ["WEB", "Web", " web ", "web\n"])
      for (const [what, globals] of apps)
        assert.equal(
          await inPage(globals, () => outcomeOf({ sdk: { platform, version: "3.44.2" } })),
          MOBILE,
          `${JSON.stringify(platform)}, ${what}`,
        );
  });

  test("with every kind of hand-off, and with prompt: platform", async () => {
    for (const [, settings] of kinds)
      for (const prompt of ["module", "platform"])
        assert.equal(
          await inPage(apps[0][1], () => outcomeOf({ sdk: { version: "3.44.2" }, settings, prompt, widget: true })),
          MOBILE,
        );
  });

  test("a sign that appears after the module was loaded counts, too", async () => {
    const scene = await open({});
    await scene.chat();
    await inPage(apps[0][1], async () => {
      scene.sim.agent.end();
      await scene.run(1000);
    });
    assert.deepEqual(scene.outcomes, [MOBILE]);
    await scene.close();
  });

  test("a descriptor that names another mobile SDK stays what it is", async () => {
    assert.equal(await inPage(apps[0][1], () => outcomeOf({ sdk: { platform: "android" } })), MOBILE);
  });

  for (const [what, bridge] of [
    ["ios", "ios"],
    ["iOS", "iOS"],
    ["iPhone", { platform: "iPhone" }],
    ["android", { name: "android" }],
    ["Android", "Android"],
    ["react-native", "react-native"],
    ["React Native", { platform: "React Native" }],
    ["flutter", { name: "Flutter" }],
  ])
    test(`a client made with a bridge to ${what}: refused as mobile`, async () => {
      assert.equal(await outcomeOf({ sdk: { version: "3.44.2" }, client: { bridge } }), MOBILE);
      assert.equal(await outcomeOf({ sdk: { platform: "web", version: "3.44.2" }, client: { bridge } }), MOBILE);
    });
});

describe("a browser", () => {
  const agents = {
    "Safari on an iPhone":
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
    "Chrome on Android":
      "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
    "Chrome on an iPad":
      "Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0.0.0 Mobile/15E148 Safari/604.1",
    "Samsung's browser":
      "Mozilla/5.0 (Linux; Android 15; SM-S931B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
  };
  for (const [what, userAgent] of Object.entries(agents))
    test(`${what} works`, async () => {
      const navigator = { userAgent, product: "Gecko", platform: "iPhone", maxTouchPoints: 5, onLine: true };
      assert.equal(await inPage({ navigator }, () => outcomeOf({ sdk: { version: "3.44.2" } })), "asking");
    });

  const harmless = [
    ["Capacitor's web platform", { Capacitor: { isNativePlatform: () => false, getPlatform: () => "web" } }],
    ["an old Capacitor's web platform", { Capacitor: { getPlatform: () => "web" } }],
    [
      "a Capacitor that says it is not native, and names a phone",
      { Capacitor: { isNativePlatform: () => false, getPlatform: () => "ios" } },
    ],
    ["Cordova's browser platform", { cordova: { platformId: "browser" } }],
    [
      "other handlers of an in-app browser",
      { webkit: { messageHandlers: { fbMessageHandler: { postMessage() {} } } } },
    ],
    ["WebKit without handlers", { webkit: {} }],
    [
      "globals that are not what they are called",
      { ReactNativeWebView: true, flutter_inappwebview: "x", cordova: undefined },
    ],
    ["a page's own ujet globals", { UJET: class {}, ujetConfig: {}, ccaas: { client: {} } }],
    [
      "a global that throws",
      Object.create(null, {
        Capacitor: {
          value: {
            isNativePlatform() {
              throw new Error("no");
            },
          },
          enumerable: true,
        },
      }),
    ],
  ];
  for (const [what, globals] of harmless)
    test(`${what}: works`, async () => {
      for (const widget of [false, true])
        assert.equal(await inPage(globals, () => outcomeOf({ sdk: { version: "3.44.2" }, widget })), "asking");
    });

  test("a client with a bridge that is no mobile one works", async () => {
    for (const bridge of [undefined, null, {}, { postMessage() {} }, "iframe", { platform: "web" }, { name: 7 }])
      assert.equal(await outcomeOf({ sdk: { version: "3.44.2" }, client: { bridge } }), "asking");
  });
});

test("a host without an SDK client that runs inside an app is refused, too", async () => {
  const scene = await open({ transfer: { client: undefined, settings: settingsWith("webhook") } });
  await inPage(apps[0][1], () =>
    scene.transfer.sessionEnded({
      id: "1",
      channel: "chat",
      sdk: { platform: "web", version: "3.44.2" },
      chat_type: "web",
      ended_by: "agent",
    }),
  );
  await scene.run(1000);
  assert.deepEqual(scene.outcomes, [MOBILE]);
  await scene.close();
});
