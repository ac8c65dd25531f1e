/** Usage: node tools/lint.mjs: every check of the sources that needs no test run. */
import { main } from "./lib/failure.mjs";
import { lintGroups, runLint } from "./lint/run-lint.mjs";
import { ensureSetup } from "./setup/ensure.mjs";
import { build } from "./targets/targets.mjs";

await main(async () => {
  await ensureSetup(lintGroups);
  // The analysis reads the native build's compile commands.
  await build(["native"]);
  return runLint();
});
