/** Usage: node tools/check.mjs: the inner loop: both builds, the native tests, and lint; no browser. */
import { main } from "./lib/failure.mjs";
import { lintGroups, runLint } from "./lint/run-lint.mjs";
import { ensureSetup } from "./setup/ensure.mjs";
import { build, groupsOf } from "./targets/targets.mjs";
import { layers } from "./test/layers.mjs";
import { runLayers } from "./test/run-layers.mjs";

await main(async () => {
  const targets = ["native", "wasm"];
  await ensureSetup([...groupsOf(targets), ...lintGroups]);
  await build(targets);
  const tests = await runLayers(layers.filter((layer) => layer.targets.includes("native")));
  const lint = await runLint();
  return tests || lint;
});
