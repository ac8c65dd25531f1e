// What a page has to load: gzip bytes of each shipped file, in the groups of size-budget.json.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { gzipSync } from "node:zlib";

const GROWTH_ALLOWED = 0.01;

const gzipBytes = (path) => gzipSync(readFileSync(path), { level: 9 }).length;

/** Declarations, source maps, schemas, the command line, replays, the receiver and what a page has to ask for are shipped, but not loaded. */
const isLoaded = (file) =>
  !/\.(d\.[mc]?ts|map|tsbuildinfo|schema\.json)$|^(pst\.js$|cli\/|(replay(-node)?|dialogflow|opentelemetry)\.js$|replay\/|receiver\/)/.test(
    file,
  );

function filesOf(directory, under = "") {
  return readdirSync(join(directory, under), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(under, entry.name);
    return entry.isDirectory() ? filesOf(directory, path) : [path];
  });
}

/** Relative specifiers of static `import … from`, `import "…"` and `export … from`; never those of `import()`. */
export function staticImports(source) {
  const code = source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  const statement = /(?:^|[;}\n])\s*(?:import|export)\b(?:[\s\w$*{},]*?\bfrom)?\s*(["'])([^"'\n]+)\1/g;
  return [...code.matchAll(statement)].map((match) => match[2]).filter((specifier) => specifier.startsWith("."));
}

/** A module and all that it imports statically. */
export function staticClosure(directory, entry) {
  const found = new Set();
  const follow = (file) => {
    if (found.has(file)) return;
    found.add(file);
    for (const specifier of staticImports(readFileSync(join(directory, file), "utf8"))) {
      follow(posix.normalize(posix.join(dirname(file), specifier)));
    }
  };
  follow(entry);
  return [...found].sort();
}

/** `{files: {name: bytes}, groups: {name: {files, bytes, recorded, budget}}}` */
export function measureSizes(directory, budget) {
  const all = filesOf(directory).filter(isLoaded).sort();
  const files = Object.fromEntries(all.map((file) => [file, gzipBytes(join(directory, file))]));
  const taken = new Set();
  const groups = {};
  for (const [name, { files: list, entry, folder, rest, ...limits }] of Object.entries(budget.groups)) {
    let members;
    if (entry !== undefined) members = staticClosure(directory, entry);
    else if (folder !== undefined) members = all.filter((file) => file.startsWith(folder));
    else if (rest) members = all.filter((file) => !taken.has(file));
    else members = list;
    for (const file of members) {
      if (!Object.hasOwn(files, file))
        throw new Error(`size-budget.json names ${file} (group "${name}"), which is not in ${directory}`);
      taken.add(file);
    }
    groups[name] = { files: members, bytes: members.reduce((sum, file) => sum + files[file], 0), ...limits };
  }
  return { files, groups };
}

/** What is wrong with the sizes, in sentences; empty if nothing is. */
export function judgeSizes({ groups }) {
  const findings = [];
  for (const [name, { bytes, recorded, budget }] of Object.entries(groups)) {
    if (typeof budget === "number" && bytes > budget)
      findings.push(`"${name}" has ${bytes} bytes, its budget is ${budget}.`);
    if (typeof recorded !== "number") {
      findings.push(`"${name}" has no recorded size; record it with --update-size.`);
    } else if (bytes > recorded * (1 + GROWTH_ALLOWED)) {
      const percent = ((bytes / recorded - 1) * 100).toFixed(1);
      findings.push(
        `"${name}" has grown by ${percent} %, from ${recorded} to ${bytes} bytes. If that is meant: --update-size.`,
      );
    }
  }
  return findings;
}

/** As the formatter of the project writes it: lists of names on one line. */
export const budgetText = (budget) =>
  `${JSON.stringify(budget, null, 2).replace(/\[\s+("[^\]]*")\s+\]/g, (_, names) => `[${names.replace(/\s+/g, " ")}]`)}\n`;

/** size-budget.json with the sizes of today as the new baseline; budgets stay. */
export function recordSizes(budget, { groups }) {
  const recorded = Object.entries(budget.groups).map(([name, group]) => [
    name,
    { ...group, recorded: groups[name].bytes },
  ]);
  return { ...budget, groups: Object.fromEntries(recorded) };
}
