/** Usage: node tools/clean.mjs: removes what the build made; set-up (npm packages, the compiler) stays. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "./lib/paths.mjs";

for (const name of ["build", "dist"]) rmSync(join(root, name), { recursive: true, force: true });
