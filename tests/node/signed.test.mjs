import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, test } from "node:test";
import { createPostSessionTransfer, loadPolicy } from "post-session-transfer";
import { MiniClient } from "./support/client.mjs";
import { reply, startServer } from "./support/server.mjs";
import { importSource } from "./support/source.mjs";

const { readSigned, refuseSecrets, withClaims } = await importSource("signed.ts");

const NOW = Date.UTC(2026, 0, 1);
const NOW_S = NOW / 1000;
const SECRET = "the-company-secret";

const part = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
/** A real token, as a server makes it. */
function token(claims, header = { alg: "HS256", typ: "JWT" }) {
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${createHmac("sha256", SECRET).update(text).digest("base64url")}`;
}
const claims = (more = {}) => ({
  iss: "tenant",
  iat: NOW_S - 5,
  exp: NOW_S + 600,
  custom_data: { order_id: { label: "Order", value: "A-1", type: "string" } },
  ...more,
});
const codes = ({ diagnostics }) => diagnostics.map(({ code }) => code);

describe("a token", () => {
  test("gives its claim custom_data, unchanged", () => {
    const data = {
      "ключ 漢🙂": { value: "=1+1\n<b>", type: "string", invisible_to_agent: true },
      n: 1.5,
      no: null,
      list: [1],
    };
    const read = readSigned(token(claims({ custom_data: data })), NOW);
    assert.deepEqual(read, { signed: data, diagnostics: [] });
  });

  test("is not verified: another signature, or none, changes nothing", () => {
    const [header, payload] = token(claims()).split(".");
    for (const text of [`${header}.${payload}.AAAA`, `${header}.${payload}.`, `${part({ alg: "none" })}.${payload}.`])
      assert.equal(readSigned(text, NOW).signed.order_id.value, "A-1");
  });

  test("keeps names that pollute prototypes as data", () => {
    const payload = '{"custom_data":{"__proto__":{"value":"x"},"constructor":"y"}}';
    const { signed } = readSigned(`${part({})}.${part(payload)}.`, NOW);
    assert.deepEqual(Object.keys(signed), ["__proto__", "constructor"]);
    assert.equal({}.value, undefined);
  });

  test("that has expired, or is not valid yet, is reported and read", () => {
    const reported = (more) => {
      const read = readSigned(token(claims(more)), NOW);
      assert.equal(read.signed.order_id.value, "A-1");
      return codes(read);
    };
    assert.deepEqual(reported({ exp: NOW_S }), ["signed_data_expired"]);
    assert.deepEqual(reported({ exp: NOW_S + 1 }), []);
    assert.deepEqual(reported({ iat: NOW_S + 60 }), []);
    assert.deepEqual(reported({ iat: NOW_S + 61 }), ["signed_data_not_yet_valid"]);
    assert.deepEqual(reported({ nbf: NOW_S + 61 }), ["signed_data_not_yet_valid"]);
    assert.deepEqual(reported({ exp: 1, iat: NOW_S + 61 }), ["signed_data_expired", "signed_data_not_yet_valid"]);
    assert.deepEqual(reported({ exp: undefined, iat: undefined }), []);
  });

  test("that is none is malformed, and never echoed", () => {
    const marked = "MARKED";
    const bad = {
      "no token": marked,
      empty: "",
      "two parts": `${marked}.${part(claims())}`,
      encrypted: `${marked}.a.b.c.d`,
      "no base64url": `${marked}.a+b/c=.x`,
      "no UTF-8": `${marked}.${Buffer.from([0xff, 0xfe]).toString("base64url")}.x`,
      "no JSON": `${marked}.${part("{")}.x`,
      "a list": `${marked}.${part([])}.x`,
      "a text": `${marked}.${part('"text"')}.x`,
      "no custom data": `${marked}.${part({ iat: 1 })}.x`,
      "custom data that is a text": `${marked}.${part({ custom_data: marked })}.x`,
      "times that are texts": `${marked}.${part(claims({ exp: "tomorrow" }))}.x`,
      "too long": `${marked}.${part(claims({ pad: "x".repeat(70_000) }))}.x`,
      "blanks around it": ` ${token(claims())} `,
    };
    for (const [what, text] of Object.entries(bad)) {
      const read = readSigned(text, NOW);
      assert.equal(read.signed, null, what);
      assert.deepEqual(codes(read), ["signed_data_malformed"], what);
      assert.doesNotMatch(JSON.stringify(read), /MARKED/, what);
    }
  });
});

describe("session facts", () => {
  const read = (facts) => {
    const said = [];
    return { facts: withClaims(facts, NOW, (diagnostic) => said.push(diagnostic)), said };
  };

  test("without a token or a secret stay the same object", () => {
    for (const facts of [
      { id: 1 },
      { id: 1, custom_data: null },
      { id: 1, custom_data: [SECRET] },
      { id: 1, custom_data: { signed: { a: 1 }, unsigned: { a: { value: 1 } } } },
      { id: 1, custom_data: { signed: null, unsigned: "text" } },
      { id: 1, secretary: "x", custom_data: { unsigned: { secret_santa: 1, publicKey: 2 } } },
    ])
      assert.equal(read(facts).facts, facts);
  });

  test("have the claims where the token stood, and all else as it was", () => {
    const facts = { id: 1, custom_data: { unsigned: { a: 1 }, signed: token(claims()), other: true } };
    assert.deepEqual(read(facts), {
      facts: { id: 1, custom_data: { unsigned: { a: 1 }, signed: claims().custom_data, other: true } },
      said: [],
    });
    // The widget's customData is a text where it is signed.
    assert.deepEqual(read({ id: 1, custom_data: token(claims()) }).facts.custom_data, { signed: claims().custom_data });
  });

  test("lose what looks like a secret, and that is reported without its value", () => {
    const { facts, said } = read({
      id: 1,
      company_secret: SECRET,
      session_variables: { companySecret: SECRET, kept: 3 },
      end_user: { id: 4, signing_key: SECRET },
      custom_data: {
        secret: SECRET,
        unsigned: { "private-key": SECRET, kept: 1 },
        signed: { jwtSecret: SECRET, kept: 2 },
      },
    });
    assert.deepEqual(facts, {
      id: 1,
      session_variables: { kept: 3 },
      end_user: { id: 4 },
      custom_data: { unsigned: { kept: 1 }, signed: { kept: 2 } },
    });
    assert.deepEqual(
      said.map(({ code }) => code),
      Array(6).fill("secret_ignored"),
    );
    assert.match(said[0].message, /"company_secret"/);
    assert.doesNotMatch(JSON.stringify(said), new RegExp(SECRET));
  });

  test("keep what the token itself carries, whatever it is called", () => {
    const { facts, said } = read({ id: 1, custom_data: { signed: token(claims({ custom_data: { secret: 1 } })) } });
    assert.deepEqual(facts.custom_data.signed, { secret: 1 });
    assert.deepEqual(said, []);
  });
});

describe("secrets among the options", () => {
  const NAMES = [
    ...["secret", "companySecret", "company_secret", "COMPANY-SECRET", "jwtSecret", "clientSecret", "secretKey"],
    ...["signingKey", "signing_key", "privateKey", "private_key"],
  ];

  test("are refused by name, and the message says what to do", () => {
    for (const name of NAMES)
      assert.throws(
        () => refuseSecrets({ mode: "enforce", [name]: SECRET }),
        (error) =>
          error.code === "secret_refused" &&
          error.message.includes(JSON.stringify(name)) &&
          error.message.includes("sign on your server") &&
          !error.message.includes(SECRET),
        name,
      );
    refuseSecrets({
      client: {},
      settings: {},
      session: {},
      authorize() {},
      storage: null,
      wasm: {},
      key: 1,
      publicKey: 2,
    });
  });

  test("are refused everywhere that takes options, and nothing is left behind", async () => {
    const refused = { name: "ConfigurationError", code: "secret_refused" };
    const client = new MiniClient();
    await assert.rejects(createPostSessionTransfer({ client, companySecret: SECRET }), refused);
    assert.equal(client.listeners, 0);
    await assert.rejects(loadPolicy(undefined, { jwtSecret: SECRET }), refused);
    const policy = await loadPolicy();
    await assert.rejects(policy.run({ id: 1 }, { private_key: SECRET }), refused);
    policy.dispose();
  });
});

describe("in a session", () => {
  const settings = (url = "https://bots.example.com/handoff") => ({
    version: 1,
    virtual_agents: [{ id: "a", name: "A", channels: ["chat"], endpoint: { kind: "webhook", url } }],
    chat: {
      enabled: true,
      chat_types: ["web"],
      virtual_agent: "a",
      data_parameters_enabled: true,
      data_parameters: [{ type: "dynamic", field: "order_id", source: "signed", source_field: "order_id" }],
    },
  });
  const chat = (signed) => ({
    id: "s",
    channel: "chat",
    sdk: { platform: "web", version: "3.44.2" },
    chat_type: "web",
    ended_by: "agent",
    custom_data: { signed },
  });
  const fresh = (more) => {
    const now = Math.floor(Date.now() / 1000);
    return token(claims({ iat: now, exp: now + 600, ...more }));
  };

  test("policy.run hands the claims off, says what is wrong with the token, and shows it nowhere", async (t) => {
    const server = await startServer((_, response) => reply(response, 200));
    t.after(() => server.close());
    const policy = await loadPolicy(settings(`${server.origin}/handoff`));
    t.after(() => policy.dispose());
    const expired = fresh({ exp: 1 });
    for (const session of [chat(expired), JSON.stringify({ ...chat(expired), id: "as text" })]) {
      const result = await policy.run(session, { endpoints: [server.origin] });
      assert.equal(result.outcome, "transferred");
      assert.deepEqual(
        result.events.filter(({ event }) => event === "diagnostic").map(({ data }) => data.code),
        ["signed_data_expired"],
      );
      const body = server.requests.at(-1).body;
      assert.deepEqual(JSON.parse(body).data_parameters, { order_id: "A-1" });
      for (const secret of expired.split("."))
        assert.doesNotMatch(JSON.stringify(result) + body, new RegExp(secret.replaceAll("-", "\\-")));
    }
  });

  test("policy.preview shows the claims", async (t) => {
    const policy = await loadPolicy(settings());
    t.after(() => policy.dispose());
    assert.deepEqual(
      policy.preview(chat(fresh())).map(({ value, from, reason }) => [value, from, reason]),
      [["A-1", "source", null]],
    );
    assert.equal(policy.preview(chat("no token"))[0].reason, "not_found");
    assert.throws(() => policy.preview('{"id":1,"id":2}'), { code: "session_invalid" }, "judged as it was given");
  });

  test("of a page the host's facts are read the same, and a malformed token is reported", async (t) => {
    const client = new MiniClient();
    const transfer = await createPostSessionTransfer({
      client,
      settings: settings(),
      mode: "observe",
      storage: null,
      session: { sdk: { version: "3.44.2" }, custom_data: { signed: "MARKED" }, companySecret: SECRET },
    });
    t.after(() => transfer.dispose());
    const said = [];
    transfer.on("diagnostic", ({ code }) => said.push(code));
    const over = new Promise((resolve) => transfer.on("outcome", resolve));
    await client.createChat(1);
    client.agentLeaves();
    client.notice("chatEnded");
    client.chat.state.status = "finished";
    client.emit("chat.ended");
    await over;
    assert.ok(said.includes("signed_data_malformed"), said.join());
    assert.ok(said.includes("secret_ignored"), said.join());
    assert.doesNotMatch(JSON.stringify(transfer.log()), new RegExp(`MARKED|${SECRET}`));
  });
});
