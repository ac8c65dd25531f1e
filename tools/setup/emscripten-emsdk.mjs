import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../lib/failure.mjs";
import { findCommand } from "../lib/files.mjs";
import { withLock } from "../lib/lock.mjs";
import { newPartialFolder, removePartialFolders, userCacheDir } from "../lib/paths.mjs";
import { capture, runLogged } from "../lib/process.mjs";
import { versionOf } from "./emscripten-installed.mjs";

const repository = "https://github.com/emscripten-core/emsdk.git";

export function cachedEmsdk(version) {
  const root = join(home(version), "upstream", "emscripten");
  const config = join(home(version), ".emscripten");
  const emcc = findCommand("emcc", root);
  if (!emcc || !existsSync(config) || versionOf(emcc) !== version) return undefined;
  return { version, origin: "emsdk, cached", root, env: { EM_CONFIG: config } };
}

/** Asks emsdk's repository for the version; a machine that cannot reach it learns so within three seconds. */
export function canReachEmsdk(version, say) {
  if (!findCommand("git")) return false;
  say("looking for emsdk");
  const env = { GIT_TERMINAL_PROMPT: "0" };
  return (
    capture("git", ["ls-remote", "--exit-code", repository, `refs/tags/${version}`], { env, timeout: 3_000 }).status ===
    0
  );
}

/** Clones emsdk beside its final place and moves it there when it is complete. */
export async function installEmsdk(version, say) {
  const target = home(version);
  await withLock(
    `${target}.lock`,
    () => say("waiting for another run that is installing it"),
    async () => {
      if (cachedEmsdk(version)) return;
      rmSync(target, { recursive: true, force: true });
      removePartialFolders(target);
      const partial = newPartialFolder(target);
      say("cloning emsdk");
      const remedy = "See that emsdk can be reached, or use Debian packages: PST_EMSCRIPTEN=debian npm run setup";
      const clone = ["clone", "--quiet", "--depth", "1", "--branch", version, repository, partial];
      await runLogged("git", clone, { log: "emsdk-clone", timeout: 120_000, remedy });
      const emsdk = join(partial, "emsdk");
      say(`installing Emscripten ${version} with emsdk`);
      await runLogged(emsdk, ["install", version], { log: "emsdk-install", remedy });
      renameSync(partial, target);
      // Activation writes absolute paths, so it comes after the move; it takes no time and can be repeated.
      await runLogged(join(target, "emsdk"), ["activate", version], { log: "emsdk-activate" });
    },
  );
  const installed = cachedEmsdk(version);
  if (!installed) throw new Failure(`emsdk finished, but ${target} has no Emscripten ${version}.`);
  return { ...installed, origin: "emsdk, installed now" };
}

function home(version) {
  return join(userCacheDir(), `emsdk-${version}`);
}
