// docs/errors.md has every code that can be thrown or told, and none besides.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { codesIn, page, rows, section } from "./support/pages.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const sourcesIn = (folder, ending) =>
  readdirSync(join(root, folder), { recursive: true })
    .filter((file) => file.endsWith(ending))
    .map((file) => join(folder, file));

/** The command line's own codes are in docs/command-line.md; names that the core shares are in docs/names.md. */
const typescript = sourcesIn("js-bindings/src", ".ts").filter(
  (file) => !/\/(cli\/|names\.ts|name-lists\.ts)/.test(file),
);
const cpp = sourcesIn("wasm/src", ".cpp");

/** Codes that a pattern finds, each with a file that has it. */
function found(files, ...patterns) {
  const codes = new Map();
  for (const file of files) {
    const text = readFileSync(join(root, file), "utf8");
    for (const pattern of patterns)
      for (const [whole] of text.matchAll(pattern))
        for (const [, code] of whole.matchAll(/"([a-z]+(?:_[a-z]+)+|disposed)"/g)) codes.set(code, file);
  }
  return codes;
}

const thrown = found(
  typescript,
  // Whatever looks like a code among what is given to an error's constructor: messages have blanks.
  /(?:new|super)\s*(?:Settings|Session|Configuration|CoreLoad|Disposed|CoreTrapped|Log|Replay)?(?:Error)?\((?:[^()"`]|"[^"]*"|\([^()]*\))*/g,
  /\bcode: (?:"\w+"(?:\s*\|\s*)?)+/g,
);
const told = new Map([
  ...found(
    typescript,
    /(?:diagnostic\(|emit\("diagnostic",|Diagnostic\[\]|diagnostics(?:\.push\(|: \[)|\breturn)\s*\{\s*code: "\w+"/g,
    /\bcode: "\w+",/g,
    /[fF]ailed\w*\(\s*"\w+"/g,
    /\.code : "\w+"/g,
  ),
  ...found(cpp, /emit_diagnostic\("\w+"/g),
]);

const errors = page("errors");
const documented = (heading) => rows(section(errors, heading)).flatMap(([first]) => codesIn(first));
const isCode = (code) => /^[a-z]+(_[a-z]+)*$/.test(code);

test("every code that is thrown or told is on the page", () => {
  const known = new Set([...documented("What is thrown"), ...documented("Diagnostics")]);
  // Codes of findings in documents, and of the receiver's answers, are neither.
  const elsewhere = new Set([
    ...codesIn(section(page("names"), "ErrorCode")),
    ...codesIn(section(page("receiver"), "Answers")),
  ]);
  const missing = [...thrown, ...told].filter(([code]) => !known.has(code) && !elsewhere.has(code));
  assert.deepEqual(missing, []);
  assert.ok(thrown.size > 15 && told.size > 25, "the search finds them");
});

test("every code on the page is in the sources", () => {
  const all = [...typescript, ...cpp].map((file) => readFileSync(join(root, file), "utf8")).join("\n");
  for (const heading of ["What is thrown", "Diagnostics"])
    for (const code of documented(heading).filter(isCode)) assert.ok(all.includes(`"${code}"`), code);
});

test("every class on the page is what the package throws", async () => {
  const packages = await Promise.all(
    ["post-session-transfer", "post-session-transfer/replay"].map((name) => import(name)),
  );
  const classes = documented("What is thrown").filter((code) => /Error$/.test(code));
  for (const name of new Set(classes))
    assert.ok(
      packages.some((exports) => name in exports),
      name,
    );
  const base = packages[0].PostSessionError;
  for (const [name, value] of packages.flatMap(Object.entries))
    if (value?.prototype instanceof base) assert.ok(classes.includes(name), name);
});

test("each row says what it means and what to do", () => {
  for (const heading of ["What is thrown", "Diagnostics"])
    for (const [code, means, todo] of rows(section(errors, heading))) assert.ok(means && todo, code);
});
