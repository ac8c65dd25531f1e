import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder, without a slash at its end. */
export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");
export const buildDir = join(root, "build");
export const logDir = join(buildDir, "logs");

/** Where things live that several checkouts of one person share. */
export function userCacheDir() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "post-session-transfer");
}

/** A new folder beside `target`, to be renamed to it when complete. */
export function newPartialFolder(target) {
  mkdirSync(dirname(target), { recursive: true });
  return mkdtempSync(partialPrefix(target));
}

/**
 * Removes the partial folders of interrupted runs, as far as that can be done: what a killed run had started may still be
 * writing to one.
 */
export function removePartialFolders(target) {
  const prefix = basename(partialPrefix(target));
  for (const name of readdirSync(dirname(target)).filter((entry) => entry.startsWith(prefix))) {
    try {
      rmSync(join(dirname(target), name), { recursive: true, force: true });
    } catch {
      // It is removed the next time.
    }
  }
}

function partialPrefix(target) {
  return `${target}.partial-`;
}

export function pinnedEmscriptenVersion() {
  return readFileSync(join(root, "emsdk-version.txt"), "utf8").trim();
}
