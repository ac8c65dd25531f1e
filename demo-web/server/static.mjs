import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { extname, join, sep } from "node:path";

const types = new Map([
  [".html", "text/html; charset=utf-8"],
  [".css", "text/css; charset=utf-8"],
  [".js", "text/javascript; charset=utf-8"],
  [".mjs", "text/javascript; charset=utf-8"],
  [".json", "application/json; charset=utf-8"],
  [".map", "application/json; charset=utf-8"],
  [".svg", "image/svg+xml"],
  [".wasm", "application/wasm"],
]);

/**
 * Finds the file that a path stands for.
 *
 * @param {string} pathname As it came in the request, still escaped.
 * @param {readonly (readonly [prefix: string, folder: string])[]} mounts The longest prefix first.
 * @returns {Promise<{ file: string, type: string, size: number } | null>} Null: nothing that is served is there.
 */
export async function findFile(pathname, mounts) {
  let path;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  const mount = mounts.find(([prefix]) => path.startsWith(prefix));
  if (!mount) return null;
  const [prefix, folder] = mount;
  const rest = path.slice(prefix.length) || "index.html";
  // Names only: no climbing, no hidden files, no other separator, nothing that ends a C string.
  if (!rest.split("/").every((name) => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(name))) return null;
  const type = types.get(extname(rest));
  if (!type) return null;
  try {
    const root = await realpath(folder);
    const file = await realpath(join(root, rest)); // a link must not lead outside either
    if (!file.startsWith(root + sep)) return null;
    const { size, ...found } = await stat(file);
    return (found.mode & 0o170000) === 0o100000 ? { file, type, size } : null;
  } catch {
    return null;
  }
}

/**
 * @param {import("node:http").ServerResponse} response
 * @param {{ file: string, type: string, size: number }} found
 * @param {boolean} headOnly
 */
export function sendFile(response, found, headOnly) {
  response.writeHead(200, { "Content-Type": found.type, "Content-Length": found.size, "Cache-Control": "no-store" });
  if (headOnly) return void response.end();
  createReadStream(found.file)
    .on("error", () => response.destroy())
    .pipe(response);
}
