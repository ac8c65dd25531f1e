import { Failure } from "../lib/failure.mjs";
import { step } from "../lib/steps.mjs";
import { ensureEmscripten } from "./emscripten.mjs";
import { ensureNpmPackages } from "./npm-packages.mjs";
import { ensureSystemPackages } from "./system-packages.mjs";
import { linkNlohmann, writeToolchainFiles } from "./toolchain-files.mjs";

const oldestNode = 20;

/**
 * Brings whatever the groups of system packages, npm and the wasm compiler need; skips what is there.
 * @param {string[]} wanted names of groups from system-package-list.mjs
 */
export async function ensureSetup(wanted) {
  const groups = [...new Set(wanted)];
  checkNode();
  await step(`System packages for ${groups.join(", ")}`, (say) => ensureSystemPackages(groups, say));
  await step("npm packages", ensureNpmPackages);
  linkNlohmann();
  if (groups.includes("wasm")) {
    await step("Emscripten", async (say) => {
      const emscripten = await ensureEmscripten(say);
      writeToolchainFiles(emscripten);
      return `${emscripten.version}, ${emscripten.origin}`;
    });
  }
}

function checkNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major >= oldestNode) return;
  throw new Failure(`Node ${process.versions.node} is too old.`, `Install Node ${oldestNode} or newer.`);
}
