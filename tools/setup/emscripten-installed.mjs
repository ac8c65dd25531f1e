import { existsSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Failure } from "../lib/failure.mjs";
import { findCommand, readIfExists } from "../lib/files.mjs";
import { capture } from "../lib/process.mjs";

/** Emscripten's CMake toolchain file, seen from its root. */
export const cmakeToolchain = join("cmake", "Modules", "Platform", "Emscripten.cmake");

/** The Emscripten that the person has on PATH or in EMSDK. Another version than the wanted one is an error. */
export function installedEmscripten(wanted) {
  const onPath = findCommand("emcc");
  if (onPath) return accept(onPath, "on PATH", wanted, "take that folder off PATH");
  const inEmsdk = process.env.EMSDK && findCommand("emcc", join(process.env.EMSDK, "upstream", "emscripten"));
  if (inEmsdk) return accept(inEmsdk, "in EMSDK", wanted, "unset EMSDK");
  return undefined;
}

function accept(emcc, where, wanted, leaveOut) {
  const found = versionOf(emcc);
  if (found === wanted) return complete({ version: found, origin: where, root: rootOf(emcc), env: {} });
  const ways = [
    [`emsdk install ${wanted} && emsdk activate ${wanted}`, "switch your emsdk to the wanted version"],
    [leaveOut, "then set-up brings its own"],
    ["PST_EMSCRIPTEN=debian npm run setup", "ignore it: use Debian's packages (or =emsdk)"],
  ];
  throw new Failure(
    `Emscripten ${found ?? "of an unknown version"} was found ${where} (${emcc}), but this project is built with ${wanted}.`,
    ["Do one of these:", ...ways.map(([what, why]) => `  ${what.padEnd(50)} ${why}`)].join("\n"),
  );
}

/** A distribution's Emscripten may count on the distribution's own Node to find acorn, which optimising needs. */
function complete(emscripten) {
  try {
    createRequire(join(emscripten.root, "tools", "acorn-optimizer.mjs")).resolve("acorn");
    return emscripten;
  } catch {
    throw new Failure(
      `The Emscripten in ${emscripten.root} cannot find its npm package acorn with this Node.`,
      "Let set-up bring one that is complete: PST_EMSCRIPTEN=debian npm run setup (or =emsdk)",
    );
  }
}

/** Most installations keep everything beside `emcc`; packages that put only a wrapper on PATH can be asked. */
function rootOf(emcc) {
  const beside = dirname(realpathSync(emcc));
  if (existsSync(join(beside, cmakeToolchain))) return beside;
  return capture(join(dirname(emcc), "em-config"), ["EMSCRIPTEN_ROOT"]).stdout.trim() || beside;
}

/** The version file beside the program answers at once; the program itself takes a second. */
export function versionOf(emcc) {
  const text =
    readIfExists(join(dirname(realpathSync(emcc)), "emscripten-version.txt")) ??
    capture(emcc, ["--version"], { timeout: 20_000 }).stdout;
  return text.match(/\d+\.\d+\.\d+/)?.[0];
}
