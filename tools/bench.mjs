/** Usage: node tools/bench.mjs [options]: sets up, builds the package, and runs the benchmark with the options. */
import { join } from "node:path";
import { main } from "./lib/failure.mjs";
import { root } from "./lib/paths.mjs";
import { runForeground } from "./lib/process.mjs";
import { ensureSetup } from "./setup/ensure.mjs";
import { build, groupsOf } from "./targets/targets.mjs";

await main(async () => {
  await ensureSetup(groupsOf(["package"]));
  await build(["package"]);
  return runForeground(process.execPath, [join(root, "tests", "bench", "bench.mjs"), ...process.argv.slice(2)]);
});
