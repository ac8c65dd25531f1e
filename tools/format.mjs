/** Usage: node tools/format.mjs: brings C++, JavaScript, TypeScript and JSON into the project's format. */
import { join } from "node:path";
import { main } from "./lib/failure.mjs";
import { root } from "./lib/paths.mjs";
import { runShown } from "./lib/process.mjs";
import { format } from "./lint/clang-format.mjs";
import { ensureSetup } from "./setup/ensure.mjs";

await main(async () => {
  await ensureSetup(["lint"]);
  await format();
  return runShown(process.execPath, [
    join(root, "node_modules", "@biomejs", "biome", "bin", "biome"),
    "check",
    "--write",
    root,
  ]);
});
