import { readFileSync } from "node:fs";

const includeLine = /^\s*#\s*include\s*[<"]([^">]+)[">]/gm;

/**
 * Our own headers that a file includes, directly or not. A name stands for every header whose path ends with it: too many
 * cost only a needless analysis, too few would hide a finding.
 */
export function includesOf(file, headers) {
  const found = new Set();
  const visit = (path) => {
    for (const [, name] of readFileSync(path, "utf8").matchAll(includeLine)) {
      const tail = `/${name.replace(/^(\.\.?\/)+/, "")}`;
      for (const header of headers) {
        if (!header.endsWith(tail) || found.has(header)) continue;
        found.add(header);
        visit(header);
      }
    }
  };
  visit(file);
  return [...found].sort();
}
