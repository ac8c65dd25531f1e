// Every link of the docs and the README leads to a file and a heading that are there, and every page is on the list of pages.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { page, pages } from "./support/pages.mjs";

const root = new URL("../../", import.meta.url);

/** Headings as GitHub names them. */
function headings(text) {
  const code = text.replaceAll(/^```.*?^```/gms, "");
  return [...code.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(" ", "-"),
  );
}

for (const name of ["README", ...pages])
  test(`the links of ${name}.md`, () => {
    const here = new URL(name === "README" ? "README.md" : `docs/${name}.md`, root);
    for (const [, target] of page(name).matchAll(/(?<!`)\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [path, anchor] = target.split("#");
      const file = path === "" ? here : new URL(path, here);
      assert.ok(existsSync(file), target);
      if (anchor !== undefined) assert.ok(headings(readFileSync(file, "utf8")).includes(anchor), target);
    }
  });
