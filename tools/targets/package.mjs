import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { digestFiles, filesUnder, readIfExists } from "../lib/files.mjs";
import { buildDir, root } from "../lib/paths.mjs";
import { runLogged } from "../lib/process.mjs";
import { step } from "../lib/steps.mjs";
import { bundle, bundleCommandLine, bundleExtras, bundleReceiver, bundleReplay } from "./bundle.mjs";

const source = join(root, "js-bindings", "src");
const schemas = filesUnder(join(root, "js-bindings", "schemas"));
const dist = join(root, "dist");
const glue = ["pst.mjs", "pst.wasm"].map((name) => join(buildDir, "wasm", "bin", name));

/** Makes `dist/`: the bundled TypeScript, its declarations, the WebAssembly with its glue beside them, and the JSON Schemas. */
export async function buildPackage() {
  await step("Package in dist/", async (say) => {
    const stamp = join(buildDir, "package.digest");
    const wanted = digestFiles(inputs());
    if (existsSync(dist) && readIfExists(stamp) === wanted) return "up to date";
    say("bundling");
    const staging = join(buildDir, "package");
    rmSync(staging, { recursive: true, force: true });
    mkdirSync(staging, { recursive: true });
    const sourceMaps = join(buildDir, "sourcemaps");
    await bundle(source, staging, sourceMaps);
    await bundleReplay(source, staging, sourceMaps);
    await bundleReceiver(source, staging, sourceMaps);
    await bundleExtras(source, staging, sourceMaps);
    await declarations(staging);
    await bundleCommandLine(source, staging, sourceMaps);
    for (const file of glue) writeFileSync(join(staging, basename(file)), readFileSync(file));
    mkdirSync(join(staging, "schemas"));
    for (const file of schemas) writeFileSync(join(staging, "schemas", basename(file)), readFileSync(file));
    rmSync(stamp, { force: true });
    rmSync(dist, { recursive: true, force: true });
    renameSync(staging, dist);
    writeFileSync(stamp, wanted);
    return "built";
  });
}

function inputs() {
  const own = filesUnder(join(root, "tools", "targets"));
  return [
    ...filesUnder(source),
    ...schemas,
    ...glue,
    ...own,
    join(root, "tsconfig.json"),
    join(root, "package.json"),
    join(root, "package-lock.json"),
  ];
}

async function declarations(staging) {
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  const args = [compiler, "--project", root, "--outDir", staging];
  await runLogged(process.execPath, args, { log: "tsc-declarations" });
  // Nobody imports the command line.
  rmSync(join(staging, "cli"), { recursive: true });
  // The compiler makes declarations of sources only; hand-written ones are copied.
  for (const file of filesUnder(source, (name) => /\.d\.m?ts$/.test(name))) {
    const copy = join(staging, relative(source, file));
    mkdirSync(join(copy, ".."), { recursive: true });
    writeFileSync(copy, readFileSync(file));
  }
}
