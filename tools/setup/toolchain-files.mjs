import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { writeIfChanged } from "../lib/files.mjs";
import { buildDir, root } from "../lib/paths.mjs";
import { cmakeToolchain } from "./emscripten-installed.mjs";

const systemNlohmann = "/usr/include/nlohmann";

/** Writes down which toolchain was taken: as JSON for scripts, as a CMake file for the `wasm` preset. */
export function writeToolchainFiles(emscripten) {
  const env = { ...emscripten.env, ...closureCompiler() };
  const description = { emscripten: { ...emscripten, origin: emscripten.origin.split(",")[0], env } };
  writeIfChanged(join(buildDir, "toolchain.json"), `${JSON.stringify(description, null, 2)}\n`);
  writeIfChanged(join(buildDir, "emscripten.cmake"), cmakeText(emscripten.root, env));
  // Emscripten's glue of test programs is CommonJS with the name .js, and the project's package says "type": "module".
  writeIfChanged(join(buildDir, "package.json"), '{ "type": "commonjs" }\n');
}

/**
 * A folder that holds only `nlohmann/`: with all of /usr/include on its path the wasm compiler would read the host's C
 * headers. Elsewhere than on Debian there is none, and CMake fetches the library.
 */
export function linkNlohmann() {
  const link = join(buildDir, "deps", "nlohmann-json", "include", "nlohmann");
  if (existsSync(link) || !existsSync(systemNlohmann)) return;
  rmSync(link, { force: true });
  mkdirSync(join(link, ".."), { recursive: true });
  symlinkSync(systemNlohmann, link);
}

/** The native closure compiler from npm, so that the glue is the same whichever Emscripten was taken. */
function closureCompiler() {
  const platform = { linux: "linux", darwin: "macos" }[process.platform];
  const names = [`google-closure-compiler-${platform}-${process.arch}`, `google-closure-compiler-${platform}`];
  const file = names.map((name) => join(root, "node_modules", name, "compiler")).find(existsSync);
  return file ? { EM_CLOSURE_COMPILER: file } : {};
}

function cmakeText(emscriptenRoot, env) {
  const assignments = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const launcher = ["${CMAKE_COMMAND}", "-E", "env", ...assignments].map(quote).join(" ");
  return [
    "# Written by tools/setup. The environment is set for configuring and put before every compiler and linker call, so",
    "# that a plain `cmake --build` works too.",
    ...Object.entries(env).map(([name, value]) => `set(ENV{${name}} ${quote(value)})`),
    `set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})`,
    `set(CMAKE_CXX_LINKER_LAUNCHER ${launcher})`,
    `include(${quote(join(emscriptenRoot, cmakeToolchain))})`,
    "",
  ].join("\n");
}

/** A CMake string; variable references stay, everything else that CMake reads specially does not occur in paths. */
function quote(text) {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
