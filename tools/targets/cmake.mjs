import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { digestFiles, filesUnder, readIfExists } from "../lib/files.mjs";
import { buildDir, root } from "../lib/paths.mjs";
import { runLogged } from "../lib/process.mjs";
import { step } from "../lib/steps.mjs";

/** Configures a preset if needed and builds targets of it; says nothing of its own when all is up to date. */
export async function buildPreset(preset, title, targets) {
  await step(title, async (say) => {
    await configure(preset, say);
    const args = ["--build", join(buildDir, preset), "--target", ...targets];
    const output = await runLogged("cmake", args, { log: `build-${preset}` });
    showWarnings(output);
    return /no work to do/.test(output) ? "up to date" : "built";
  });
}

/** Ninja sees changed CMakeLists by itself, but not changed presets or toolchains; those start from a fresh cache. */
async function configure(preset, say) {
  const folder = join(buildDir, preset);
  const stamp = join(folder, "configured-with");
  const inputs = [
    join(root, "CMakePresets.json"),
    ...filesUnder(join(root, "tools", "cmake")),
    join(buildDir, "emscripten.cmake"),
  ].filter(existsSync);
  const wanted = digestFiles(inputs);
  if (existsSync(join(folder, "build.ninja")) && readIfExists(stamp) === wanted) return;
  say("configuring");
  await runLogged("cmake", ["--preset", preset, "--fresh"], { log: `configure-${preset}` });
  writeFileSync(stamp, wanted);
}

function showWarnings(output) {
  if (/\bwarning:/.test(output)) console.error(output.trimEnd());
}
