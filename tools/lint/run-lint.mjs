import { join } from "node:path";
import { Failure, indent } from "../lib/failure.mjs";
import { root } from "../lib/paths.mjs";
import { runLogged } from "../lib/process.mjs";
import { step } from "../lib/steps.mjs";
import { checkFormat } from "./clang-format.mjs";
import { runClangTidy } from "./clang-tidy.mjs";

export const lintGroups = ["build", "native", "lint"];

const npmTool = (...path) => join(root, "node_modules", ...path);
const node = (log, ...args) => runLogged(process.execPath, args, { log });

const checks = [
  ["Generated names are current", () => node("generate-names", join(root, "tools", "generate-names.mjs"), "--check")],
  [
    "Generated texts are current",
    () => node("generate-messages", join(root, "tools", "generate-messages.mjs"), "--check"),
  ],
  [
    "Schemas name what the table of names does",
    () => node("generate-schemas", join(root, "tools", "generate-schemas.mjs"), "--check"),
  ],
  ["Format of C++", checkFormat],
  ["Static analysis of C++", runClangTidy],
  [
    "Format and lint of JavaScript",
    () => node("biome", npmTool("@biomejs", "biome", "bin", "biome"), "check", "--error-on-warnings", root),
  ],
  [
    "Types",
    () =>
      node("tsc", npmTool("typescript", "bin", "tsc"), "--project", root, "--noEmit", "--emitDeclarationOnly", "false"),
  ],
];

/** Runs every check even if one fails. @returns {Promise<number>} an exit status */
export async function runLint() {
  let status = 0;
  for (const [title, check] of checks) {
    try {
      await step(title, async (say) => {
        const detail = await check(say);
        return detail?.summary;
      });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      console.error(indent(`${error.message}\n${error.remedy}`));
      status = 1;
    }
  }
  return status;
}
