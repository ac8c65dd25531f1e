import { join } from "node:path";
import { filesUnder } from "../lib/files.mjs";
import { root } from "../lib/paths.mjs";

/** Our own C++ files: sources and headers of the core, the bindings and the tests. */
export function cppFiles() {
  return ["wasm", "tests"].flatMap((folder) => filesUnder(join(root, folder), (file) => /\.(cpp|hpp|h)$/.test(file)));
}
