import { buildPreset } from "./cmake.mjs";
import { buildPackage } from "./package.mjs";

/** What can be built, in the order in which it is built: what each needs to be set up, and how it is made. */
export const targets = {
  native: {
    groups: ["build", "native"],
    make: () => buildPreset("native", "Native build", ["pst_tests"]),
  },
  wasm: {
    groups: ["build", "wasm"],
    make: () => buildPreset("wasm", "WebAssembly build", ["pst"]),
  },
  "wasm-tests": {
    groups: ["build", "wasm"],
    make: () => buildPreset("wasm", "WebAssembly build of the tests", ["pst_tests"]),
  },
  package: {
    groups: ["build", "wasm"],
    needs: ["wasm"],
    make: buildPackage,
  },
};

/** Builds the targets and what they need, each once. Expects that their groups have been set up. */
export async function build(names) {
  const wanted = new Set(names.flatMap((name) => [...(targets[name].needs ?? []), name]));
  for (const [name, target] of Object.entries(targets)) {
    if (wanted.has(name)) await target.make();
  }
}

export function groupsOf(names) {
  return [...new Set(names.flatMap((name) => targets[name].groups))];
}
