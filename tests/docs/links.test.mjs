// Every link of the docs, of the README and of the folders' own READMEs leads to a file and a heading that are there; the lists are whole.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { codesIn, page, pages, pathOf, rows } from "./support/pages.mjs";

const root = new URL("../../", import.meta.url);
const read = (path) => readFileSync(new URL(path, root), "utf8");
const foldersIn = (path) =>
  readdirSync(new URL(path, root), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

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

const rooms = ["demo-web", "js-bindings", "tests", "wasm"].map((folder) => `${folder}/README.md`);

for (const path of ["README.md", ...pages.map(pathOf), ...rooms])
  test(`the links of ${path}`, () => {
    const here = new URL(path, root);
    for (const [, target] of read(path).matchAll(/(?<!`)\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [to, anchor] = target.split("#");
      const file = to === "" ? here : new URL(to, here);
      assert.ok(existsSync(file), target);
      if (anchor !== undefined) assert.ok(headings(readFileSync(file, "utf8")).includes(anchor), target);
    }
  });

test("the list of pages has each page once", () => {
  const listed = [...page("index").matchAll(/^- \[[^\]]+\]\(([\w-]+)\.md\)/gm)].map(([, name]) => name);
  assert.deepEqual([...listed].sort(), pages.filter((name) => name !== "index").sort());
});

for (const [path, folder] of [
  ["tests/README.md", "tests/"],
  ["js-bindings/README.md", "js-bindings/src/"],
  ["wasm/README.md", "wasm/"],
])
  test(`${path} names every folder of ${folder}`, () => {
    const named = rows(read(path)).flatMap(([first]) => codesIn(first));
    const missing = foldersIn(folder).filter((name) => !named.some((code) => code.split("/").includes(name)));
    assert.deepEqual(missing, []);
  });
