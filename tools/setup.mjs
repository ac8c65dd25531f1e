/** Usage: node tools/setup.mjs [group…]: brings everything the project needs, or only what the groups need. */
import { Failure, main } from "./lib/failure.mjs";
import { ensureSetup } from "./setup/ensure.mjs";
import { systemGroups } from "./setup/system-package-list.mjs";

await main(async () => {
  const groups = process.argv.slice(2);
  const unknown = groups.find((group) => !systemGroups.includes(group));
  if (unknown) throw new Failure(`There is no group "${unknown}".`, `Groups: ${systemGroups.join(", ")}`);
  await ensureSetup(groups.length > 0 ? groups : systemGroups);
});
