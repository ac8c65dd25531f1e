/** Usage: node tools/demo.mjs [options of the server]: sets up, builds the package, and serves the demo page. */
import { join } from "node:path";
import { main } from "./lib/failure.mjs";
import { root } from "./lib/paths.mjs";
import { runForeground } from "./lib/process.mjs";
import { ensureSetup } from "./setup/ensure.mjs";
import { build, groupsOf } from "./targets/targets.mjs";

await main(async () => {
  await ensureSetup(groupsOf(["package"]));
  await build(["package"]);
  return runForeground(process.execPath, [join(root, "demo-web", "serve.mjs"), ...process.argv.slice(2)]);
});
