// The README and the docs are shipped, and their links lead to files that are shipped with them.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { posix } from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { page, pages, pathOf } from "../docs/support/pages.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
let shipped;

before(() => {
  const printed = execFileSync("npm", ["pack", "--dry-run", "--ignore-scripts", "--json"], { cwd: root });
  shipped = JSON.parse(printed)[0].files;
});

/** Where sources are: only the repository has them, and docs/README.md says so. */
const SOURCES = /^(tests|wasm|js-bindings)\//;

test("every page is shipped, and together they are small", () => {
  const docs = shipped.filter(({ path }) => path.startsWith("docs/"));
  assert.deepEqual(docs.map(({ path }) => path).sort(), pages.map(pathOf).sort());
  const bytes = docs.reduce((sum, { size }) => sum + size, 0);
  assert.ok(bytes < 300_000, `${bytes} bytes of documentation`);
});

for (const name of ["README", ...pages])
  test(`the links of ${pathOf(name)} lead to what is shipped`, () => {
    const here = pathOf(name);
    for (const [, target] of page(name).matchAll(/(?<!`)\]\(([^)\s#]+)[^)\s]*\)/g)) {
      if (/^https?:/.test(target)) continue;
      const path = posix.join(posix.dirname(here), target);
      if (name !== "README" && SOURCES.test(path)) continue;
      assert.ok(
        shipped.some((file) => file.path === path),
        target,
      );
    }
  });
