import { runLogged } from "../lib/process.mjs";
import { cppFiles } from "./cpp-files.mjs";

export async function checkFormat() {
  const files = cppFiles();
  if (files.length > 0) {
    await runLogged("clang-format-19", ["--dry-run", "-Werror", ...files], {
      log: "clang-format",
      remedy: "Run: npm run format",
    });
  }
  return { summary: `${files.length} files` };
}

export async function format() {
  const files = cppFiles();
  if (files.length > 0) await runLogged("clang-format-19", ["-i", ...files], { log: "clang-format" });
}
