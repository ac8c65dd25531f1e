import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Failure } from "../lib/failure.mjs";
import { root } from "../lib/paths.mjs";

/** Bundles the package's two entries as ES modules that share their chunks; source maps go to a folder of their own. */
export async function bundle(source, target, sourceMaps) {
  const { build } = await import("esbuild");
  const result = await build({
    absWorkingDir: root,
    entryPoints: [join(source, "index.ts"), join(source, "node.ts")],
    outdir: target,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    sourcemap: "external",
    legalComments: "none",
    metafile: true,
    write: false,
    logLevel: "silent",
    plugins: [externals],
  }).catch((error) => {
    throw new Failure("The TypeScript could not be bundled.", error.message);
  });
  refuseNodeInBrowser(result.metafile);
  rmSync(sourceMaps, { recursive: true, force: true });
  mkdirSync(sourceMaps, { recursive: true });
  for (const file of result.outputFiles) {
    const folder = file.path.endsWith(".map") ? sourceMaps : target;
    writeFileSync(join(folder, basename(file.path)), file.contents);
  }
}

/** The glue lies beside the bundle whatever folder imports it, and Node brings its own modules. */
const externals = {
  name: "externals",
  setup(build) {
    build.onResolve({ filter: /\/pst\.mjs$/ }, () => ({ path: "./pst.mjs", external: true }));
    build.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, external: true, sideEffects: false }));
  },
};

/** A page that loads the browser entry must never meet an import it cannot resolve. */
function refuseNodeInBrowser({ outputs }) {
  const entry = Object.keys(outputs).find((path) => basename(path) === "index.js");
  const seen = new Set([entry]);
  for (const path of seen) {
    for (const imported of outputs[path]?.imports ?? []) {
      if (imported.path.startsWith("node:")) {
        throw new Failure(
          `The browser entry imports ${imported.path} (in ${basename(path)}).`,
          "Import it only below node.ts.",
        );
      }
      if (!imported.external) seen.add(imported.path);
    }
  }
}
