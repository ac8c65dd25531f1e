import assert from "node:assert/strict";
import { test } from "node:test";
import { importSource } from "./support/source.mjs";

const { allowedOrigins, urlFact } = await importSource("urls.ts");

test("a URL becomes facts", () => {
  assert.deepEqual(urlFact("HTTPS://user:pw@Bots.Example.com:443/handoff?x=1"), {
    href: "https://user:pw@bots.example.com/handoff?x=1",
    origin: "https://bots.example.com",
    protocol: "https:",
    hostname: "bots.example.com",
    userinfo: true,
  });
  assert.equal(urlFact("https://bots.example.com").userinfo, false);
});

test("what is no absolute URL has no facts", () => {
  for (const text of ["", "/handoff", "bots.example.com", "https://", "http://[", "https://a b/"]) {
    assert.equal(urlFact(text), null, text);
  }
});

test("allowed origins are normalised, and each is there once", () => {
  assert.deepEqual(allowedOrigins(undefined), []);
  assert.deepEqual(
    allowedOrigins([
      "https://Bots.Example.com",
      "https://bots.example.com:443/",
      new URL("http://127.0.0.1:8080"),
      "https://bücher.example",
    ]),
    ["https://bots.example.com", "http://127.0.0.1:8080", "https://xn--bcher-kva.example"],
  );
});

test("an entry that is no origin is refused, and the message names it", () => {
  const bad = [
    "bots.example.com",
    "",
    "javascript:alert(1)",
    "data:,x",
    "https://u:p@a.example",
    "https://a.example/x",
  ];
  for (const entry of [...bad, "https://a.example/?x", "https://a.example/#x", 7, null, {}]) {
    assert.throws(
      () => allowedOrigins(["https://good.example", entry]),
      { name: "ConfigurationError", code: "endpoint_invalid", message: /endpoints\[1\]/ },
      String(entry),
    );
  }
  assert.throws(() => allowedOrigins("https://a.example"), { code: "endpoint_invalid" });
});
