/** Usage: node tools/build.mjs [target…]: sets up what the targets need and builds them; all of them by default. */
import { Failure, main } from "./lib/failure.mjs";
import { ensureSetup } from "./setup/ensure.mjs";
import { build, groupsOf, targets } from "./targets/targets.mjs";

await main(async () => {
  const named = process.argv.slice(2);
  const unknown = named.find((name) => !Object.hasOwn(targets, name));
  if (unknown) throw new Failure(`There is no target "${unknown}".`, `Targets: ${Object.keys(targets).join(", ")}`);
  const wanted = named.length > 0 ? named : Object.keys(targets);
  await ensureSetup(groupsOf(wanted));
  await build(wanted);
});
