/** Usage: node tools/test.mjs: sets up, builds, and runs every layer of tests. */
import { main } from "./lib/failure.mjs";
import { ensureSetup } from "./setup/ensure.mjs";
import { build, groupsOf } from "./targets/targets.mjs";
import { layers } from "./test/layers.mjs";
import { runLayers } from "./test/run-layers.mjs";

await main(async () => {
  const targets = [...new Set(layers.flatMap((layer) => layer.targets))];
  await ensureSetup([...groupsOf(targets), ...layers.flatMap((layer) => layer.groups ?? [])]);
  await build(targets);
  return runLayers(layers);
});
