// pst probe, against real servers on loopback: one that is good, and for each check one that is bad in just that.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import Ajv from "ajv/dist/2020.js";
import { unreachableOrigin } from "../node/support/server.mjs";
import { importSource } from "../node/support/source.mjs";
import { GoodEndpoint } from "./probe-endpoint.mjs";
import { folderOf, pst, pstBeside } from "./pst.mjs";

const together = { concurrency: 4 };

async function probe(t, change = () => {}, args = []) {
  const endpoint = await new GoodEndpoint().open(t);
  await change(endpoint);
  const { status, stdout, stderr } = await pstBeside(["probe", endpoint.url, "--format", "json", ...args]);
  assert.equal(stderr, "");
  const report = JSON.parse(stdout);
  const of = (wanted) => report.checks.filter((check) => check.status === wanted).map(({ code }) => code);
  return { endpoint, status, report, stdout, failed: of("fail"), warned: of("warn"), skipped: of("skipped") };
}

describe("an endpoint that is good", together, () => {
  for (const [kind, args] of [
    ["handoff", []],
    ["record", ["--record"]],
  ]) {
    test(`${kind}: no finding, exit code 0, also when strict`, async (t) => {
      const { endpoint, status, report, failed, warned, skipped } = await probe(t, undefined, [...args, "--strict"]);
      assert.deepEqual([failed, warned], [[], []]);
      assert.deepEqual(skipped, kind === "handoff" ? ["https", "record_kinds"] : ["https", "answer_shape"]);
      assert.equal(status, 0);
      assert.equal(report.passed, true);
      assert.deepEqual([report.url, report.origin, report.kind], [endpoint.url, "https://widget.example", kind]);
    });
  }

  test("everything that is sent is a dry run, as the schema has it, under an id of its own", async (t) => {
    const { endpoint } = await probe(t);
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(
      JSON.parse(readFileSync(new URL("../../js-bindings/schemas/handoff.schema.json", import.meta.url), "utf8")),
    );
    const posts = endpoint.requests.filter(({ method }) => method === "POST");
    const bodies = posts.filter(({ text }) => text.endsWith("}")).map(({ text }) => JSON.parse(text));
    for (const body of bodies) {
      assert.equal(body.dry_run, true);
      assert.ok(validate(body), JSON.stringify(validate.errors));
    }
    assert.equal(new Set(bodies.map((body) => body.handoff_id)).size, 5);
    assert.ok(posts.every(({ headers }) => /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/.test(headers.traceparent)));
    assert.ok(posts.every(({ headers }) => headers["content-type"] === "application/json"));
  });

  test("records have the shape and the key of records, all three kinds", async (t) => {
    const { endpoint } = await probe(t, undefined, ["--record"]);
    const posts = endpoint.requests.filter(({ text, headers }) => text.endsWith("}") && headers["idempotency-key"]);
    const kinds = new Set();
    for (const { text, headers } of posts) {
      const body = JSON.parse(text);
      kinds.add(body.record);
      assert.equal(body.dry_run, true);
      assert.equal(body.schema, 1);
      assert.ok(body.written_at);
      assert.equal(
        typeof (body.record === "crm" ? body.text : body.fragment.post_session_transfer),
        body.record === "crm" ? "string" : "object",
      );
      assert.match(headers["idempotency-key"], /^[0-9a-f-]{36}:(?:metadata|crm|consent)$/);
    }
    assert.deepEqual([...kinds].sort(), ["consent", "crm", "metadata"]);
  });

  test("another page's origin, and credentials, which are asked for and never printed", async (t) => {
    const secret = "Bearer s3cret-t0ken";
    const args = [
      "--origin",
      "https://www.example.com",
      "--header",
      `Authorization: ${secret}`,
      "--header",
      "X-Tenant: acme-inc",
    ];
    const { endpoint, status, report, stdout } = await probe(
      t,
      (good) => {
        good.origins = ["https://www.example.com"];
        good.preflight = (seen) => ({
          status: 204,
          headers: {
            ...good.cors(seen),
            "access-control-allow-methods": "POST",
            "access-control-allow-headers": "authorization,content-type,idempotency-key,traceparent,x-tenant",
          },
        });
      },
      args,
    );
    assert.equal(status, 0);
    assert.equal(report.origin, "https://www.example.com");
    const [asked] = endpoint.requests;
    assert.equal(
      asked.headers["access-control-request-headers"],
      "authorization,content-type,idempotency-key,traceparent,x-tenant",
    );
    assert.equal(asked.headers.authorization, undefined, "a preflight has no credentials");
    for (const { headers } of endpoint.requests.filter(({ method }) => method === "POST"))
      assert.equal(headers.authorization, secret);
    assert.doesNotMatch(stdout, /s3cret|acme-inc/);
  });

  test("headers from a file, of which nothing is printed", async (t) => {
    const folder = folderOf(t, {
      "headers.txt": "Authorization: Bearer s3cret-t0ken\r\n\n  X-Tenant : acme-inc  ",
      "more.txt": "X-More: m\n",
    });
    const args = ["headers.txt", "more.txt"].flatMap((name) => ["--header-file", join(folder, name)]);
    const { endpoint, status, stdout, failed } = await probe(t, undefined, args);
    assert.deepEqual([status, failed], [1, ["preflight_headers"]]);
    assert.match(stdout, /does not name authorization, x-more or x-tenant/);
    assert.doesNotMatch(stdout, /s3cret|acme-inc/);
    for (const { headers } of endpoint.requests.filter(({ method }) => method === "POST"))
      assert.deepEqual(
        [headers.authorization, headers["x-tenant"], headers["x-more"]],
        ["Bearer s3cret-t0ken", "acme-inc", "m"],
      );
  });

  test("what browsers never ask for is not asked for, as far as its value is safe", async (t) => {
    const long = "x".repeat(129);
    for (const [header, asks] of [
      ["Accept: application/json, text/*;q=0.5", false],
      ["Accept: a(b)", true],
      [`Accept: ${long}`, true],
      ["Accept-Language: de-CH, de;q=0.9", false],
      ["Accept-Language: de_CH", true],
      ["Content-Language: en", false],
      ["Range: bytes=0-", false],
      ["Range: bytes=5-4", true],
      ["Range: bytes=-4", true],
      ["X-Tenant: a", true],
    ]) {
      const { endpoint, failed, status } = await probe(t, undefined, ["--header", header]);
      const name = header.split(":")[0].toLowerCase();
      const asked = endpoint.requests[0].headers["access-control-request-headers"].split(",");
      assert.deepEqual(
        [header, asked.includes(name), failed, status],
        [header, asks, asks ? ["preflight_headers"] : [], asks ? 1 : 0],
      );
    }
    const { unsafeNames } = await importSource("cli/probe-safelist.ts");
    const many = (count) => new Headers(Array.from({ length: count }, () => ["accept", "x"]));
    assert.deepEqual(unsafeNames(many(2)), []);
    assert.deepEqual(unsafeNames(many(200)), ["accept"], "together they are one, and too long");
  });

  test("for people: a line for each check, and a sum", async (t) => {
    const endpoint = await new GoodEndpoint().open(t);
    const { status, stdout } = await pstBeside(["probe", `${endpoint.url}?token=s3cret`]);
    assert.equal(status, 0);
    assert.match(stdout, /\/handoff\?\*\*\* \(handoff\), from a page on https:\/\/widget\.example:\n/);
    assert.match(stdout, /^ {2}✓ same_again: The same key and body, sent again, is answered alike\.$/m);
    assert.match(stdout, /22 passed, 0 failed, 0 warnings, 2 skipped\.\n$/);
    assert.doesNotMatch(stdout, /s3cret/);
  });
});

/** `[what is wrong, how, checks that fail, checks that warn, arguments]`: each names just what is wrong. */
const bad = [
  [
    "the POST is redirected",
    (good) => {
      good.post = async () => ({ status: 307 });
    },
    ["no_redirect", "accepts"],
    [],
  ],
  [
    "the preflight is redirected",
    (good) => {
      const { preflight } = good;
      good.preflight = (seen) => ({ ...preflight.call(good, seen), status: 302 });
    },
    ["no_redirect", "preflight_status"],
    [],
  ],
  [
    "the preflight asks for credentials",
    (good) => {
      const { preflight } = good;
      good.preflight = (seen) => ({ ...preflight.call(good, seen), status: 401 });
    },
    ["preflight_status"],
    [],
  ],
  ["the preflight allows no origin", without("preflight", "access-control-allow-origin"), ["preflight_origin"], []],
  ["the preflight names no method", without("preflight", "access-control-allow-methods"), [], ["preflight_method"]],
  ["the preflight allows no headers", without("preflight", "access-control-allow-headers"), ["preflight_headers"], []],
  [
    "the preflight allows traceparent not",
    withHeaders("preflight", { "access-control-allow-headers": "Content-Type, Idempotency-Key" }),
    ["preflight_headers"],
    [],
  ],
  [
    "a wildcard for the headers, which does not stand for Authorization",
    withHeaders("preflight", { "access-control-allow-headers": "*" }),
    ["preflight_headers"],
    [],
    ["--header", "Authorization: Bearer t"],
  ],
  [
    "it wants credentials",
    (good) => {
      good.post = async () => ({ status: 401 });
    },
    ["accepts"],
    [],
  ],
  [
    "it never answers",
    (good) => {
      good.post = () => new Promise(() => {});
    },
    ["accepts"],
    [],
    ["--timeout", "1.5"],
  ],
  ["the answer allows no origin", without("post", "access-control-allow-origin"), ["cors_origin", "cors_errors"], []],
  [
    "errors allow no origin",
    (good) => {
      const { cors } = good;
      good.cors = (seen, status) => (status >= 400 ? {} : cors.call(good, seen));
    },
    ["cors_errors"],
    [],
  ],
  ["Retry-After is not exposed", without("post", "access-control-expose-headers"), [], ["cors_expose"]],
  ["answers do not vary", without("post", "vary"), [], ["cors_vary"]],
  [
    "every origin is allowed by name",
    (good) => {
      good.allows = () => true;
    },
    [],
    ["cors_foreign"],
  ],
  [
    "every origin is allowed by name, with credentials",
    (good) => {
      good.allows = () => true;
      withHeaders("preflight", { "access-control-allow-credentials": "true" })(good);
    },
    ["cors_foreign"],
    [],
  ],
  ["every origin is allowed", withHeaders("preflight", { "access-control-allow-origin": "*" }), [], ["cors_foreign"]],
  [
    "a wildcard beside credentials",
    withHeaders("post", { "access-control-allow-origin": "*", "access-control-allow-credentials": "true" }),
    ["cors_credentials"],
    [],
  ],
  ["a long answer", answering({ conversation: { id: "x".repeat(70_000) } }), ["answer_size"], []],
  ["an answer that is no object", answering([1]), ["answer_shape"], []],
  ["a conversation that is a text", answering({ conversation: "c1" }), ["answer_shape"], []],
  ["a conversation with nothing to follow", answering({ conversation: {} }), ["answer_shape"], []],
  ["a link that is a script", answering({ conversation: { url: "javascript:alert(1)" } }), ["answer_shape"], []],
  ["messages without a text", answering({ messages: ["Hello"] }), ["answer_shape"], []],
  ["an answer that is no JSON", answering("<html>"), [], ["answer_shape"]],
  [
    "the same again has another answer",
    (good) => {
      let times = 0;
      good.again = (answer) => {
        times += 1;
        return { status: 200, body: times === 1 ? { conversation: { id: "another" } } : answer };
      };
    },
    ["same_again"],
    [],
  ],
  [
    "the same again is refused",
    (good) => {
      good.again = () => ({ status: 409 });
    },
    ["same_again"],
    [],
  ],
  ["another body is taken", overriding("conflict", { status: 200, body: {} }), ["other_body"], []],
  ["another body is busy for ever", overriding("conflict", { status: 409 }), ["other_body"], []],
  [
    "two at once are begun twice",
    (good) => {
      const inner = good.post;
      let times = 0;
      good.post = async (seen) => {
        const { body, status } = await inner.call(good, seen);
        times += 1;
        // The fourth and the fifth come together.
        return { status: times === 5 ? 200 : status, body: times === 5 ? { conversation: { id: "another" } } : body };
      };
    },
    ["at_once"],
    [],
  ],
  [
    "one of two at once fails",
    (good) => {
      const inner = good.post;
      let times = 0;
      good.post = async (seen) => {
        times += 1;
        return times === 5 ? { status: 500 } : inner.call(good, seen);
      };
    },
    ["at_once"],
    [],
  ],
  ...[undefined, {}, { messages: [{ text: "Hello" }] }].map((answer) => [
    `two at once are answered as all are: ${JSON.stringify(answer)}`,
    (good) => {
      answering(answer ?? "")(good);
      good.again = (body) => ({ status: 200, body });
    },
    [],
    ["at_once"],
  ]),
  ["a missing key is taken", overriding("keyless", { status: 200 }), ["key_missing"], []],
  ["a missing key is an error of the server", overriding("keyless", { status: 500 }), ["key_missing"], []],
  ["another key is taken", overriding("otherKey", { status: 200 }), ["key_differs"], []],
  ["what is no JSON is an error of the server", overriding("malformed", { status: 500 }), ["malformed"], []],
  ["a large body is taken", overriding("large", { status: 200 }), ["too_large"], []],
  ["a large body is refused for no reason", overriding("large", { status: 400 }), [], ["too_large"]],
  [
    "a sink that takes no consent",
    (good) => {
      const { answer } = good;
      good.post = async ({ headers, text }) => {
        const consent = /"record":"consent"/.test(text);
        return consent ? { status: 404 } : GoodEndpoint.prototype.post.call(good, { headers, text }, answer);
      };
    },
    ["record_kinds"],
    [],
    ["--record"],
  ],
];

/** Without a header on preflights, or on answers to a POST. */
function without(method, name) {
  return withHeaders(method, { [name]: undefined });
}

function withHeaders(method, headers) {
  const set = (given) =>
    Object.fromEntries(Object.entries({ ...given, ...headers }).filter(([, value]) => value !== undefined));
  return (good) => {
    const { preflight, cors } = good;
    const whole = (seen) => preflight.call({ ...good, cors: cors.bind(good) }, seen);
    if (method === "preflight") good.preflight = (seen) => ({ status: 204, headers: set(whole(seen).headers) });
    else good.cors = (seen) => (seen.method === "POST" ? set(cors.call(good, seen)) : cors.call(good, seen));
  };
}

function overriding(name, answer) {
  return (good) => {
    good[name] = () => answer;
  };
}

function answering(body) {
  return overriding("answer", body);
}

describe("an endpoint that is bad in one thing", together, () => {
  for (const [what, change, fails, warns, args] of bad) {
    test(`${what}: ${[...fails, ...warns].join(", ")}`, async (t) => {
      const { status, report, failed, warned } = await probe(t, change, args);
      assert.deepEqual({ failed, warned }, { failed: fails, warned: warns });
      assert.equal(status, fails.length > 0 ? 1 : 0);
      for (const check of report.checks)
        assert.equal("do" in check, check.status === "fail" || check.status === "warn", check.code);
    });
  }

  test("a warning is a finding when strict", async (t) => {
    const { status, report } = await probe(t, without("post", "vary"), ["--strict"]);
    assert.equal(status, 1);
    assert.equal(report.passed, false);
  });

  test("every check has its bad endpoint", async (t) => {
    const { report } = await probe(t);
    const named = new Set(bad.flatMap(([, , fails, warns]) => [...fails, ...warns]));
    const codes = report.checks.map(({ code }) => code);
    assert.deepEqual(
      codes.filter((code) => !named.has(code)),
      ["https", "answer_time"],
    );
  });

  test("an answer that takes longer than an attempt", async () => {
    const { CHECKS } = await importSource("cli/probe-checks.ts");
    const { judge } = CHECKS.find(({ code }) => code === "answer_time");
    const of = (ms) => judge({ first: { status: 200, headers: new Headers(), text: "", bytes: 0, ms } }).status;
    assert.deepEqual([of(8000), of(8001)], ["pass", "fail"]);
  });
});

describe("what cannot be probed is one line, and exit code 2", () => {
  const folder = folderOf({ after }, { "bad.txt": "\ns3cret\n", "ours.txt": "Traceparent: s3cret" });
  const file = (name) => join(folder, name);
  for (const [what, args, line] of [
    ["http beyond loopback", ["http://bots.example.com/x"], /^pst: "http:\/\/bots\.example\.com" is not https/],
    ["a user name", ["https://user:s3cret@bots.example.com/"], /^pst: The URL holds a user name or password/],
    ["no URL", ["s3cret"], /^pst: The URL is not an absolute http\(s\) URL/],
    ["another scheme", ["ftp://bots.example.com"], /^pst: The URL is not an absolute http\(s\) URL/],
    ["no URL at all", [], /^pst: Something is missing\. Usage: pst probe URL/],
    ["an origin with a path", ["https://a.example", "--origin", "https://b.example/x"], /^pst: --origin is an origin/],
    [
      "two origins",
      ["https://a.example", "--origin", "https://b.example", "--origin", "https://c.example"],
      /^pst: --origin stands there 2 times/,
    ],
    ["a header without a colon", ["https://a.example", "--header", "s3cret"], /^pst: --header is 'NAME: VALUE'/],
    [
      "a header with a line break",
      ["https://a.example", "--header", "A: s3cret\nB: c"],
      /^pst: --header is 'NAME: VALUE', of the characters/,
    ],
    [
      "a header that is ours",
      ["https://a.example", "--header", "Idempotency-Key: s3cret"],
      /^pst: The header "idempotency-key" is the module's own/,
    ],
    ["a header without a value", ["https://a.example", "--header"], /^pst: --header needs a value: 'NAME: VALUE'/],
    [
      "a file of headers that is not there",
      ["https://a.example", "--header-file", "gone.txt"],
      /^pst: gone\.txt: there is no such file\.$/m,
    ],
    [
      "a file of what is no header",
      ["https://a.example", "--header-file", file("bad.txt")],
      /^pst: Line 2 of ".*" is 'NAME: VALUE': there is no colon/,
    ],
    [
      "a file with a header that is ours",
      ["https://a.example", "--header-file", file("ours.txt")],
      /^pst: The header "traceparent" is the module's own/,
    ],
    ["no time", ["https://a.example", "--timeout", "0"], /^pst: --timeout is a number of seconds up to 600, not "0"/],
    ["words for a time", ["https://a.example", "--timeout", "soon"], /^pst: --timeout is a number of seconds/],
  ]) {
    test(what, () => {
      const { status, stdout, stderr } = pst(["probe", ...args]);
      assert.match(stderr, line);
      assert.doesNotMatch(stderr, /s3cret/);
      assert.equal(stderr.split("\n").length, 2, stderr);
      assert.deepEqual([status, stdout], [2, ""]);
    });
  }

  test("nobody is there", async () => {
    const { status, stdout, stderr } = await pstBeside(["probe", await unreachableOrigin()]);
    assert.deepEqual([status, stdout], [2, ""]);
    assert.equal(stderr, "pst: The endpoint cannot be reached: the connection is refused.\n");
  });

  test("a port that browsers never open", async () => {
    const { status, stdout, stderr } = await pstBeside(["probe", "http://127.0.0.1:9/"]);
    assert.deepEqual([status, stdout], [2, ""]);
    assert.equal(stderr, "pst: The endpoint cannot be reached: its port is one that browsers never open.\n");
  });

  test("nobody of that name", async () => {
    const { status, stderr } = await pstBeside(["probe", "https://nobody.invalid/x"]);
    assert.equal(status, 2);
    assert.match(stderr, /^pst: The endpoint cannot be reached: .*name.*\.\n$/);
  });

  test("no TLS where https is asked for", async (t) => {
    const endpoint = await new GoodEndpoint().open(t);
    const { status, stderr } = await pstBeside(["probe", endpoint.url.replace("http:", "https:")]);
    assert.equal(status, 2);
    assert.match(stderr, /^pst: The endpoint cannot be reached: the certificate or the encryption/);
  });
});

describe("endpoints that are hostile", together, () => {
  test("control characters of an answer never reach the terminal, nor does its text", async (t) => {
    const endpoint = await new GoodEndpoint().open(t);
    endpoint.preflight = () => ({
      status: 204,
      headers: { "access-control-allow-origin": "https://x\u009b31mevil\u00ad" },
    });
    endpoint.answer = () => ({ messages: [{ text: "\u001b]0;owned\u0007\u202e" }], conversation: 7 });
    for (const format of ["text", "json"]) {
      const { status, stdout } = await pstBeside(["probe", endpoint.url, "--format", format]);
      assert.equal(status, 1);
      assert.match(stdout, /preflight_origin/);
      assert.doesNotMatch(stdout, /owned/);
      if (format === "text") assert.doesNotMatch(stdout, /(?!\n)[\p{Cc}\p{Cf}]/u);
    }
  });

  for (const [what, serve] of [
    ["closes every connection", (socket) => socket.once("data", () => socket.end())],
    ["answers with what is no HTTP", (socket) => socket.once("data", () => socket.end("SSH-2.0\r\n\r\n"))],
    ["never answers", () => {}],
    ["never ends", (socket) => endless(socket)],
  ]) {
    test(`one that ${what}: findings, and an end`, async (t) => {
      const sockets = [];
      const server = createServer((socket) => {
        sockets.push(socket.on("error", () => {}));
        serve(socket);
      });
      await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
      t.after(() => {
        for (const socket of sockets) socket.destroy();
        server.close();
      });
      const url = `http://127.0.0.1:${server.address().port}/`;
      const { status, stdout, stderr } = await pstBeside(["probe", url, "--timeout", "0.4", "--format", "json"]);
      assert.equal(stderr, "");
      assert.equal(status, 1);
      const { checks } = JSON.parse(stdout);
      assert.ok(checks.some((check) => check.status === "fail"));
    });
  }
});

function endless(socket) {
  socket.once("data", () => {
    socket.write("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n");
    const more = () => {
      while (!socket.destroyed && socket.write("x".repeat(65_536)));
    };
    socket.on("drain", more);
    more();
  });
}

test("the examples of the help work, but for their host", async (t) => {
  const endpoint = await new GoodEndpoint().open(t);
  endpoint.origins.push("https://www.example.com");
  const inner = endpoint.preflight;
  endpoint.preflight = (seen) => {
    const { status, headers } = inner.call(endpoint, seen);
    return { status, headers: { ...headers, "access-control-allow-headers": "*, authorization" } };
  };
  const examples = [...pst(["probe", "--help"]).stdout.matchAll(/^ {2}pst (probe .*)$/gm)].map(([, line]) => line);
  assert.equal(examples.length, 2);
  const folder = folderOf(t, { "headers.txt": "Authorization: Bearer TOKEN\n" });
  for (const example of examples) {
    const args = example
      .match(/'[^']*'|\S+/g)
      .map((word) =>
        word.replace(/^https:\/\/bots.*/, endpoint.url).replace(/^headers\.txt$/, join(folder, "headers.txt")),
      );
    const { status, stderr, stdout } = await pstBeside(args);
    assert.deepEqual([status, stderr], [0, ""], stdout);
  }
});
