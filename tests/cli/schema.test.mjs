import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { pst } from "./pst.mjs";

for (const name of ["settings", "session", "decision", "handoff"]) {
  test(`schema ${name} prints the schema that the package publishes`, () => {
    const { status, stdout, stderr } = pst(["schema", name]);
    assert.equal(status, 0);
    assert.equal(stderr, "");
    assert.equal(stdout, readFileSync(new URL(`../../dist/schemas/${name}.schema.json`, import.meta.url), "utf8"));
    assert.match(JSON.parse(stdout).$schema, /2020-12/);
  });
}
