import { Failure } from "../lib/failure.mjs";
import { pinnedEmscriptenVersion } from "../lib/paths.mjs";
import { cachedDebianEmscripten, canUnpackDebian, unpackDebianEmscripten } from "./emscripten-debian.mjs";
import { cachedEmsdk, canReachEmsdk, installEmsdk } from "./emscripten-emsdk.mjs";
import { installedEmscripten } from "./emscripten-installed.mjs";

/**
 * @typedef {object} Emscripten
 * @property {string} version
 * @property {string} origin where it came from, for people
 * @property {string} root the folder that holds `emcc`
 * @property {Record<string, string>} env what its programs need in their environment
 */

const choices = ["auto", "path", "emsdk", "debian"];

/**
 * Finds the pinned Emscripten, or brings it: on PATH or in EMSDK, then emsdk, then Debian's packages. What an earlier
 * run brought is taken before anything is downloaded, so only the first run asks the network.
 * @returns {Promise<Emscripten>}
 */
export async function ensureEmscripten(say) {
  const version = pinnedEmscriptenVersion();
  const choice = chosen();
  if (choice === "auto" || choice === "path") {
    const found = installedEmscripten(version);
    if (found) return found;
    if (choice === "path")
      throw new Failure(`PST_EMSCRIPTEN=path, but neither PATH nor EMSDK has Emscripten ${version}.`);
  }
  const cached =
    (choice !== "debian" && cachedEmsdk(version)) || (choice !== "emsdk" && cachedDebianEmscripten(version));
  if (cached) return cached;
  if (choice === "emsdk") return installEmsdk(version, say);
  if (choice === "debian") return unpackDebianEmscripten(version, say);
  return bring(version, say);
}

async function bring(version, say) {
  const attempts = [];
  if (canReachEmsdk(version, say)) {
    try {
      return await installEmsdk(version, say);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      say(`emsdk did not work (${error.message})`);
      attempts.push(`emsdk: ${error.message}`);
    }
  } else {
    attempts.push("emsdk: its repository could not be reached");
  }
  if (canUnpackDebian()) return unpackDebianEmscripten(version, say);
  attempts.push("Debian packages: this is not a Debian system");
  throw new Failure(
    `Emscripten ${version} is not here and could not be brought.`,
    `${attempts.join("\n")}\nInstall it with emsdk and put it on PATH:\n  emsdk install ${version} && emsdk activate ${version}`,
  );
}

function chosen() {
  const choice = process.env.PST_EMSCRIPTEN || "auto";
  if (!choices.includes(choice)) {
    throw new Failure(`PST_EMSCRIPTEN is "${choice}".`, `Set it to one of ${choices.join(", ")}, or unset it.`);
  }
  return choice;
}
