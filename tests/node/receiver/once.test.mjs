// The contract of a receiver, as plain requests and responses.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createReceiver, memoryStore, Refusal } from "post-session-transfer/receiver";
import { envelope, gate, KEY, PAGE, request, told } from "./support.mjs";

function receiver(options = {}) {
  const accepted = [];
  const errors = [];
  const handle = createReceiver({
    store: memoryStore(),
    origins: [PAGE],
    accept: (handoff, context) => {
      accepted.push({ handoff, context });
      return { conversation: { id: handoff.handoff_id } };
    },
    onError: (error, key) => errors.push({ error, key }),
    ...options,
  });
  return { handle, accepted, errors, ask: async (...given) => told(await handle(request(...given))) };
}

test("the first body of a key is accepted, and answered alike when it comes again", async () => {
  const { ask, accepted } = receiver();
  const first = await ask(envelope());
  assert.equal(first.status, 200);
  assert.deepEqual(first.body, { conversation: { id: KEY } });
  assert.equal(first.headers["idempotency-replayed"], undefined);
  assert.equal(first.headers["cache-control"], "no-store");
  const again = await ask(envelope());
  assert.deepEqual([again.status, again.body], [200, first.body]);
  assert.equal(again.headers["idempotency-replayed"], "true");
  assert.equal(accepted.length, 1);
  assert.deepEqual(accepted[0].handoff, envelope());
});

test("another body under the key is a conflict, and is not accepted", async () => {
  const { ask, accepted } = receiver();
  await ask(envelope());
  const other = await ask(envelope({ data_parameters: {} }));
  assert.deepEqual([other.status, other.body.error], [422, "idempotency_conflict"]);
  // Bytes count, not what they mean: a sender keeps them.
  assert.equal((await ask(JSON.stringify(envelope(), null, 1))).status, 422);
  assert.equal(accepted.length, 1);
});

test("while the first is worked on, others wait: 409 with Retry-After, whatever their body", async () => {
  const { open, opened } = gate();
  const { ask } = receiver({ accept: () => opened });
  const first = ask(envelope());
  for (const body of [envelope(), envelope({ data_parameters: {} })]) {
    const waiting = await ask(body);
    assert.deepEqual([waiting.status, waiting.body.error, waiting.headers["retry-after"]], [409, "in_progress", "1"]);
  }
  open({ done: true });
  assert.deepEqual((await first).body, { done: true });
  assert.deepEqual((await ask(envelope())).body, { done: true });
});

test("twenty at once: one accept, and everybody hears the same in the end", async () => {
  let calls = 0;
  const { ask } = receiver({
    accept: async () => {
      calls += 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
      return { number: calls };
    },
  });
  const until200 = async () => {
    for (;;) {
      const { status, body } = await ask(envelope());
      if (status === 200) return body;
      assert.equal(status, 409);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  const answers = await Promise.all(Array.from({ length: 20 }, until200));
  assert.equal(calls, 1);
  for (const answer of answers) assert.deepEqual(answer, { number: 1 });
});

test("a throw keeps nothing: 500 without a word about why, and the next may try", async () => {
  let calls = 0;
  const { ask, errors } = receiver({
    accept: () => {
      calls += 1;
      if (calls === 1) throw new Error("password 1234");
      return null;
    },
  });
  const failed = await ask(envelope());
  assert.deepEqual([failed.status, failed.body], [500, { error: "failed" }]);
  assert.equal(errors[0].error.message, "password 1234");
  assert.equal(errors[0].key, KEY);
  // Nothing was accepted: another body may be the first.
  assert.deepEqual((await ask(envelope({ data_parameters: {} }))).body, {});
  assert.equal((await ask(envelope())).status, 422);
});

test("a refusal says no with its own status, and keeps nothing", async () => {
  let refusal = new Refusal(503, "no_agent_free", { retryAfterSeconds: 7 });
  const { ask, errors } = receiver({
    accept: () => {
      if (refusal) throw refusal;
    },
  });
  const busy = await ask(envelope());
  assert.deepEqual([busy.status, busy.body.error, busy.headers["retry-after"]], [503, "no_agent_free", "7"]);
  refusal = new Refusal(404, "agent_unknown");
  assert.deepEqual([(await ask(envelope())).status, errors.length], [404, 0]);
  refusal = null;
  assert.equal((await ask(envelope())).status, 200);
  assert.throws(() => new Refusal(200, "fine"), RangeError);
  assert.equal(new Refusal(400, "no") instanceof Error && new Refusal(400, "no").code, "no");
});

test("Retry-After is in whole seconds: rounded up, and never below 0", async () => {
  for (const [given, header] of [
    [0, "0"],
    [0.2, "1"],
    [1.5, "2"],
    [7, "7"],
  ]) {
    const refusal = new Refusal(503, "no_agent_free", { retryAfterSeconds: given });
    const { ask } = receiver({
      accept: () => {
        throw refusal;
      },
    });
    assert.equal((await ask(envelope())).headers["retry-after"], header);
    assert.equal(refusal.retryAfterSeconds, Number(header));
  }
  for (const given of [-1, -0.5, Number.NaN, Number.POSITIVE_INFINITY, 1e21, "soon"]) {
    assert.throws(() => new Refusal(503, "no_agent_free", { retryAfterSeconds: given }), {
      name: "ConfigurationError",
      code: "retry_after_invalid",
    });
  }
});

test("an answer that is no JSON: the hand-off is kept all the same", async () => {
  let calls = 0;
  const { ask, errors } = receiver({
    accept: () => {
      calls += 1;
      return { big: 1n };
    },
  });
  assert.deepEqual((await ask(envelope())).body, {});
  assert.deepEqual((await ask(envelope())).body, {});
  assert.deepEqual([calls, errors.length], [1, 1]);
  for (const odd of [undefined, null, () => {}, Symbol("x")]) {
    const other = receiver({ accept: () => odd });
    assert.deepEqual((await other.ask(envelope())).body, {});
  }
});

test("a lease that was abandoned ends, and a late holder changes nothing", async () => {
  let time = 1000;
  const gates = [gate(), gate()];
  let calls = 0;
  const { ask } = receiver({
    now: () => time,
    leaseMs: 5000,
    accept: async () => {
      const { opened } = gates[calls];
      calls += 1;
      return opened;
    },
  });
  const first = ask(envelope());
  assert.equal((await ask(envelope())).status, 409);
  time += 4999;
  assert.equal((await ask(envelope())).status, 409);
  time += 1;
  const second = ask(envelope());
  while (calls < 2) await new Promise((resolve) => setTimeout(resolve, 1));
  gates[0].open({ from: "first" });
  assert.equal((await first).status, 409, "its key was taken by another");
  gates[1].open({ from: "second" });
  assert.deepEqual((await second).body, { from: "second" });
  assert.deepEqual((await ask(envelope())).body, { from: "second" });
});

test("who works for longer than the lease is told, is not waited for, and is still kept", async () => {
  const { open, opened } = gate();
  let signal;
  const { ask } = receiver({
    leaseMs: 20,
    now: () => 0,
    accept: async (_handoff, context) => {
      signal = context.signal;
      return opened;
    },
  });
  const late = await ask(envelope());
  assert.deepEqual([late.status, late.body.error, late.headers["retry-after"]], [503, "lease_over", "1"]);
  assert.equal(signal.aborted, true);
  open({ late: true });
  assert.deepEqual((await ask(envelope())).body, { late: true });
});

test("what a sender does wrong is said, with a pointer where there is one", async () => {
  const { ask, handle, accepted } = receiver({ maxBytes: 2000 });
  for (const [what, status, error, pointer, ...given] of [
    ["no key", 400, "idempotency_key_missing", undefined, envelope(), { "Idempotency-Key": null }],
    ["another key", 400, "idempotency_key_differs", "/handoff_id", envelope(), { "Idempotency-Key": "x" }],
    ["a key twice", 400, "idempotency_key_differs", "/handoff_id", envelope(), { "Idempotency-Key": `${KEY}, ${KEY}` }],
    ["no JSON", 400, "not_json", "", "{"],
    ["nothing", 400, "not_json", "", ""],
    ["a byte-order mark", 400, "not_json", "", `\uFEFF${JSON.stringify(envelope())}`],
    ["no UTF-8", 400, "not_json", "", new Uint8Array([0x22, 0xff, 0x22])],
    ["a list", 400, "not_an_object", "", [envelope()]],
    ["another type", 415, "content_type_unsupported", undefined, envelope(), { "Content-Type": "text/plain" }],
    [
      "nearly the type",
      415,
      "content_type_unsupported",
      undefined,
      envelope(),
      { "Content-Type": "application/json-seq" },
    ],
    ["too long", 413, "body_too_large", undefined, envelope({ padding: "x".repeat(2000) })],
    ["a field amiss", 400, "missing_or_wrong_type", "/session/id", envelope({ session: { id: 1 } })],
  ]) {
    const { status: got, body } = await ask(...given);
    assert.deepEqual([what, got, body.error, body.pointer], [what, status, error, pointer]);
  }
  for (const method of ["GET", "PUT", "DELETE", "PATCH"]) {
    const refused = await told(await handle(request(undefined, {}, { method, body: undefined })));
    assert.deepEqual([refused.status, refused.headers.allow], [405, "POST, OPTIONS"]);
  }
  assert.equal((await ask(envelope(), { "Content-Type": "Application/JSON; charset=utf-8" })).status, 200);
  assert.equal(accepted.length, 1);
});

test("the longest body is counted in bytes, also where no length is given", async () => {
  const body = new TextEncoder().encode(JSON.stringify(envelope({ text: "é".repeat(100) })));
  const streamed = () => request("", {}, { duplex: "half", body: new Blob([body]).stream() });
  const exact = receiver({ maxBytes: body.length });
  assert.equal((await told(await exact.handle(streamed()))).status, 200);
  const less = receiver({ maxBytes: body.length - 1 });
  assert.equal((await told(await less.handle(streamed()))).status, 413);
  assert.equal((await less.ask(body)).status, 413);
  assert.equal((await less.ask(body, { "Content-Length": String(body.length) })).status, 413);
  // The sender's own limit fits by default.
  const full = envelope({ data_parameters: { text: "x".repeat(32 * 1024 - 700) } });
  assert.equal((await receiver().ask(full)).status, 200);
});

test("a body that breaks off is none", async () => {
  const broken = (error) =>
    request("", {}, { duplex: "half", body: new ReadableStream({ pull: (controller) => controller.error(error) }) });
  const { handle } = receiver();
  const cut = await told(await handle(broken(new Error("gone"))));
  assert.deepEqual([cut.status, cut.body.error], [400, "body_incomplete"]);
  const slow = await told(await handle(broken(new DOMException("slow", "TimeoutError"))));
  assert.deepEqual([slow.status, slow.body.error], [408, "body_timeout"]);
});

test("CORS: pages on the list, no others; back ends have no origin", async () => {
  const { handle, ask, accepted } = receiver({
    origins: ["https://SHOP.example.com:443", new URL("http://localhost:8080/")],
  });
  const preflight = async (origin) =>
    told(
      await handle(
        request(
          undefined,
          { Origin: origin, "Access-Control-Request-Method": "POST" },
          { method: "OPTIONS", body: undefined },
        ),
      ),
    );
  for (const origin of [PAGE, "http://localhost:8080"]) {
    const { status, headers, body } = await preflight(origin);
    assert.deepEqual([status, body], [204, null]);
    assert.equal(headers["access-control-allow-origin"], origin);
    assert.equal(headers["access-control-allow-methods"], "POST");
    assert.equal(
      headers["access-control-allow-headers"],
      "content-type, idempotency-key, traceparent, tracestate, authorization",
    );
    assert.equal(headers["access-control-max-age"], "600");
    assert.equal(headers.vary, "Origin");
  }
  for (const origin of [
    "https://elsewhere.example",
    "null",
    "http://shop.example.com",
    `${PAGE}.evil.example`,
    "https://localhost:8080",
  ]) {
    for (const { status, headers, body } of [await preflight(origin), await ask(envelope(), { Origin: origin })]) {
      assert.deepEqual([origin, status, body], [origin, 403, { error: "origin_not_allowed" }]);
      assert.equal(headers["access-control-allow-origin"], undefined);
      assert.equal(headers.vary, "Origin");
    }
  }
  assert.equal(accepted.length, 0);
  // A page can read what went wrong, too.
  const refused = await ask("{");
  assert.equal(refused.headers["access-control-allow-origin"], PAGE);
  assert.equal(refused.headers["access-control-expose-headers"], "retry-after, idempotency-replayed");
  const backend = await ask(envelope(), { Origin: null });
  assert.deepEqual([backend.status, backend.headers["access-control-allow-origin"]], [200, undefined]);
});

test("CORS: headers that the host's authorize() adds, each once, and no wildcard", async () => {
  const { handle } = receiver({ allowHeaders: ["X-Tenant", "x-api-key", "x-tenant", "Authorization"] });
  const { headers } = await told(await handle(request(undefined, {}, { method: "OPTIONS", body: undefined })));
  assert.equal(
    headers["access-control-allow-headers"],
    "content-type, idempotency-key, traceparent, tracestate, authorization, x-tenant, x-api-key",
  );
  for (const name of ["", "*", "x tenant", "x-tenant, y", "x:y", "x\r\ny"]) {
    assert.throws(
      () => receiver({ allowHeaders: [name] }),
      { name: "ConfigurationError", code: "header_invalid" },
      name,
    );
  }
});

test("origins that are none are refused when the receiver is made", () => {
  for (const origin of [
    "*",
    "",
    "null",
    "shop.example.com",
    `${PAGE}/chat`,
    `${PAGE}?a`,
    "https://me@shop.example.com",
    "ftp://shop.example.com",
  ]) {
    assert.throws(
      () => receiver({ origins: [origin] }),
      { name: "ConfigurationError", code: "origin_invalid" },
      origin,
    );
  }
});

test("authorize: 401 for who may not, never for a preflight", async () => {
  const seen = [];
  const { handle, ask, accepted } = receiver({
    authorize: async (incoming) => {
      seen.push(incoming.method);
      return incoming.headers.get("authorization") === "Bearer good";
    },
  });
  const refused = await ask(envelope());
  assert.deepEqual([refused.status, refused.body.error], [401, "unauthorized"]);
  assert.equal(refused.headers["access-control-allow-origin"], PAGE, "the page has to see the status");
  const preflight = await handle(request(undefined, {}, { method: "OPTIONS", body: undefined }));
  assert.equal(preflight.status, 204);
  assert.equal((await ask(envelope(), { Authorization: "Bearer good" })).status, 200);
  assert.deepEqual([seen, accepted.length], [["POST", "POST"], 1]);
  const broken = receiver({ authorize: () => Promise.reject(new Error("no")) });
  assert.equal((await broken.ask(envelope())).status, 500);
  assert.equal(broken.accepted.length, 0);
});

test("a dry run is checked and remembered, and nothing is started", async () => {
  const { ask, accepted } = receiver();
  const dry = envelope({ dry_run: true });
  assert.equal((await ask({ ...dry, session: null })).status, 400);
  const first = await ask(dry);
  assert.deepEqual([first.status, first.body], [200, {}]);
  assert.equal((await ask(dry)).headers["idempotency-replayed"], "true");
  assert.equal((await ask({ ...dry, data_parameters: {} })).status, 422);
  assert.equal(accepted.length, 0);

  const called = receiver({ dryRuns: "call" });
  await called.ask(dry);
  assert.deepEqual(
    called.accepted.map(({ context }) => context.dryRun),
    [true],
  );
  await called.ask(
    { ...envelope(), handoff_id: KEY.replace("0e", "1e") },
    { "Idempotency-Key": KEY.replace("0e", "1e") },
  );
  assert.equal(called.accepted[1].context.dryRun, false);
});

test("a dry run has keys of its own: the real hand-off under the same key is accepted, before and after", async () => {
  const store = memoryStore();
  for (const dryRuns of ["answer", "call"]) {
    const { ask, accepted } = receiver({ store, dryRuns, scope: dryRuns });
    const real = () => accepted.filter(({ context }) => !context.dryRun).length;
    assert.equal((await ask(envelope({ dry_run: true }))).status, 200);
    const first = await ask(envelope());
    assert.deepEqual([first.status, first.headers["idempotency-replayed"], real()], [200, undefined, 1]);
    assert.equal((await ask(envelope({ dry_run: true }))).headers["idempotency-replayed"], "true");
    assert.equal((await ask(envelope({ dry_run: false, data_parameters: {} }))).status, 422);
    assert.equal(accepted.at(-1).context.key, KEY);
  }
});

test("a schema of one's own is asked after the envelope's", async () => {
  const { ask, accepted } = receiver({
    schema: ({ virtual_agent: { id } }) =>
      id === "survey" ? null : { error: "agent_unknown", pointer: "/virtual_agent/id" },
  });
  const other = await ask(envelope({ virtual_agent: { id: "x", name: "X" } }));
  assert.deepEqual([other.status, other.body], [400, { error: "agent_unknown", pointer: "/virtual_agent/id" }]);
  assert.equal((await ask(envelope())).status, 200);
  assert.equal(accepted.length, 1);
});

test("receivers that share a store are set apart by their scope", async () => {
  const store = memoryStore();
  const [first, same, other] = [{}, {}, { scope: "other:" }].map((more) => receiver({ store, ...more }));
  await first.ask(envelope());
  await same.ask(envelope());
  await other.ask(envelope());
  assert.deepEqual(
    [first, same, other].map(({ accepted }) => accepted.length),
    [1, 0, 1],
  );
});

test("a store that fails: 503, and what was accepted is not given up at once", async () => {
  const store = memoryStore();
  const failing = (name, times) => {
    let left = times;
    return {
      begin: (...given) => store.begin(...given),
      finish: (...given) => store.finish(...given),
      release: (...given) => store.release(...given),
      [name]: async (...given) => {
        left -= 1;
        if (left >= 0) throw new Error("locked");
        return store[name](...given);
      },
    };
  };
  const begin = receiver({ store: failing("begin", 1) });
  const refused = await begin.ask(envelope());
  assert.deepEqual(
    [refused.status, refused.body.error, refused.headers["retry-after"]],
    [503, "store_unavailable", "1"],
  );
  assert.equal(begin.accepted.length, 0);
  const finish = receiver({ store: failing("finish", 2) });
  assert.equal((await finish.ask(envelope())).status, 200);
  assert.equal(finish.errors.length, 2);
  const never = receiver({ store: failing("finish", 99), scope: "2" });
  assert.equal((await never.ask(envelope())).status, 503);
  const release = receiver({
    store: failing("release", 1),
    scope: "3",
    accept: () => {
      throw new Error("no");
    },
  });
  assert.equal((await release.ask(envelope())).status, 500);
  assert.deepEqual(
    release.errors.map(({ error }) => error.message),
    ["no", "locked"],
  );
});

/** A store whose `finish` fails so often, and whose keys are those of another process, too. */
function failingToFinish(times) {
  const inner = memoryStore();
  const store = {
    ...inner,
    left: times,
    finish: (...given) => {
      store.left -= 1;
      if (store.left >= 0) throw new Error("locked");
      return inner.finish(...given);
    },
  };
  return { inner, store };
}

test("an answer that the store did not take is known: it is given when the key comes again, and kept then", async () => {
  let time = 0;
  const { inner, store } = failingToFinish(3);
  const { ask, accepted } = receiver({ store, now: () => time });
  assert.equal((await ask(envelope())).status, 503);
  time += 60_000; // The lease is over.
  assert.equal((await ask(envelope({ data_parameters: {} }))).status, 422, "another body, as ever");
  const again = await ask(envelope());
  assert.deepEqual(
    [again.status, again.body, again.headers["idempotency-replayed"]],
    [200, { conversation: { id: KEY } }, "true"],
  );
  assert.equal(accepted.length, 1);
  // Another process hears the same.
  const other = receiver({ store: inner, now: () => time });
  assert.deepEqual((await other.ask(envelope())).body, again.body);
  assert.equal(other.accepted.length, 0);
});

test("a store that stays broken: what is known is answered all the same, and accepted once", async () => {
  let time = 0;
  const { inner, store } = failingToFinish(99);
  const { ask, accepted } = receiver({ store, now: () => time });
  assert.equal((await ask(envelope())).status, 503);
  time += 60_000;
  for (let i = 0; i < 2; i += 1) assert.equal((await ask(envelope())).status, 200);
  // Forgotten by the store: taken anew, without a second accept.
  inner.purge(Number.POSITIVE_INFINITY);
  store.left = 0;
  assert.deepEqual((await ask(envelope())).body, { conversation: { id: KEY } });
  assert.equal(accepted.length, 1);
  assert.equal(inner.begin(KEY, "", time, 1).state, "done");
});

test("of what the store did not take the latest thousand are known", async () => {
  let time = 0;
  const { store } = failingToFinish(Number.POSITIVE_INFINITY);
  const { ask, accepted } = receiver({ store, now: () => time });
  const keys = Array.from({ length: 1001 }, (_, i) => KEY.replace(/^.{8}/, String(i).padStart(8, "0")));
  const send = (key) => ask(envelope({ handoff_id: key }), { "Idempotency-Key": key });
  await Promise.all(keys.map(send));
  assert.equal(accepted.length, 1001);
  time += 60_000;
  store.left = 0;
  const again = await Promise.all(keys.map(send));
  assert.equal(again.filter(({ headers }) => headers["idempotency-replayed"] === "true").length, 1000);
  assert.equal(accepted.length, 1002);
});

test("what another process has accepted since then counts, not what is known here", async () => {
  let time = 0;
  const { inner, store } = failingToFinish(3);
  const { ask } = receiver({ store, now: () => time });
  await ask(envelope());
  time += 60_000;
  const other = receiver({ store: inner, now: () => time, accept: () => ({ by: "other" }) });
  await other.ask(envelope());
  assert.deepEqual((await ask(envelope())).body, { by: "other" });
});

test("what is told of errors may fail itself", async () => {
  const { ask } = receiver({
    accept: () => {
      throw new Error("no");
    },
    onError: () => {
      throw new Error("neither");
    },
  });
  assert.equal((await ask(envelope())).status, 500);
});
