import { readdirSync, readFileSync } from "node:fs";

const root = new URL("../../../", import.meta.url);

/** The names of all pages: `api`, `session`, …; `index` is the list of them, `docs/README.md`. */
export const pages = readdirSync(new URL("docs/", root))
  .filter((file) => file.endsWith(".md"))
  .map((file) => (file === "README.md" ? "index" : file.slice(0, -3)));

/** Where a page lies. */
export const pathOf = (name) => (name === "README" ? "README.md" : `docs/${name === "index" ? "README" : name}.md`);

/** A page's text; `README` is the one at the top. */
export const page = (name) => readFileSync(new URL(pathOf(name), root), "utf8");

/** What stands below a heading, up to the next one of its rank or a higher one. */
export function section(text, heading) {
  const lines = text.split("\n");
  const from = lines.findIndex((line) => line.startsWith("#") && line.replace(/^#+ /, "") === heading);
  if (from < 0) throw new Error(`There is no heading "${heading}".`);
  const rank = lines[from].indexOf(" ");
  const rest = lines.slice(from + 1);
  let fenced = false;
  const to = rest.findIndex((line) => {
    if (line.startsWith("```")) fenced = !fenced;
    return !fenced && /^#+ /.test(line) && line.indexOf(" ") <= rank;
  });
  return rest.slice(0, to < 0 ? undefined : to).join("\n");
}

/** The samples in a language, in order: ```` ```js ````. */
export const samples = (text, language) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(([, code]) => code);

/** The rows of each table in a text: lists of cells, without the heading and its line. */
export function rows(text) {
  const all = text.split("\n").map((line) => (line.startsWith("|") ? line : null));
  return all
    .filter((line, at) => line !== null && all[at - 1] != null && !/^\|[-| ]+\|$/.test(line))
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );
}

/** What stands between backticks. */
export const codesIn = (text) => [...text.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code);
