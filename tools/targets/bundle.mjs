import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { Failure } from "../lib/failure.mjs";
import { filesUnder } from "../lib/files.mjs";
import { root } from "../lib/paths.mjs";

/** Bundles the package's two entries as ES modules that share their chunks; source maps go to a folder of their own. */
export async function bundle(source, target, sourceMaps) {
  rmSync(sourceMaps, { recursive: true, force: true });
  const metafile = await esbuild(target, sourceMaps, {
    // A language is an entry of its own so that its file has a readable name: the chunks import it as `./locales/de.js`.
    entryPoints: [join(source, "index.ts"), join(source, "node.ts"), ...languageFiles(source)],
    // Modules are UTF-8 wherever they are loaded, and letters that are no ASCII take a third of the bytes of their escapes.
    charset: "utf8",
    platform: "browser",
    plugins: [externals("./pst.mjs")],
  });
  refuseNodeInBrowser(metafile, "index.js");
}

/** The languages' files: `de.ts`, `pt-BR.ts`, `zh-Hans.ts`, beside modules whose names are words. */
export const languageFiles = (source) =>
  filesUnder(join(source, "locales"), (name) => /^[a-z]{2}(-[A-Z]\w+)?\.ts$/.test(basename(name)));

/** Bundles the two entries for replays: their entries beside the package's, their chunks in `replay/`. A bundle of its own, as the command line is. */
export async function bundleReplay(source, target, sourceMaps) {
  const metafile = await esbuild(target, sourceMaps, {
    entryPoints: [join(source, "replay.ts"), join(source, "replay-node.ts")],
    chunkNames: "replay/[name]-[hash]",
    platform: "browser",
    plugins: [externals("../pst.mjs")],
  });
  refuseNodeInBrowser(metafile, "replay.js");
}

/** Bundles the receiver for back ends and workers, with its helper for Node, into `receiver/`. It needs no core, so neither imports the glue. */
export async function bundleReceiver(source, target, sourceMaps) {
  const metafile = await esbuild(target, sourceMaps, {
    entryPoints: [join(source, "receiver", "index.ts"), join(source, "receiver", "node.ts")],
    outbase: source,
    chunkNames: "receiver/[name]-[hash]",
    platform: "browser",
    plugins: [externals("../pst.mjs")],
  });
  refuseNodeInBrowser(metafile, "index.js");
}

/** Bundles the entries that stand for themselves, each into one file: nothing of them is loaded unless a page asks for it. */
export async function bundleExtras(source, target, sourceMaps) {
  for (const name of ["dialogflow", "opentelemetry"]) {
    const metafile = await esbuild(target, sourceMaps, {
      entryPoints: [join(source, `${name}.ts`)],
      platform: "browser",
    });
    refuseNodeInBrowser(metafile, `${name}.js`);
  }
}

/**
 * Bundles `pst`: its entry beside the package's, and its chunks, one for each command, in `cli/`. A bundle of its own, so that what it shares with
 * the package cuts no other chunks out of what a page loads.
 */
export async function bundleCommandLine(source, target, sourceMaps) {
  await esbuild(target, sourceMaps, {
    entryPoints: [join(source, "cli", "pst.ts")],
    chunkNames: "cli/[name]-[hash]",
    platform: "node",
    plugins: [externals("../pst.mjs")],
  });
  chmodSync(join(target, "pst.js"), 0o755);
}

async function esbuild(target, sourceMaps, options) {
  const { build } = await import("esbuild");
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    outdir: target,
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    minify: true,
    define: { PST_VERSION: JSON.stringify(version) },
    sourcemap: "external",
    legalComments: "none",
    metafile: true,
    write: false,
    logLevel: "silent",
    ...options,
  }).catch((error) => {
    throw new Failure("The TypeScript could not be bundled.", error.message);
  });
  for (const { path, contents } of outputFiles) {
    const file = join(path.endsWith(".map") ? sourceMaps : target, relative(target, path));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, contents);
  }
  return metafile;
}

/** The glue lies where the build puts it, whatever folder imports it, and Node brings its own modules. */
const externals = (glue) => ({
  name: "externals",
  setup(build) {
    build.onResolve({ filter: /\/pst\.mjs$/ }, () => ({ path: glue, external: true }));
    build.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, external: true, sideEffects: false }));
  },
});

/** A page that loads the browser entry must never meet an import it cannot resolve. */
function refuseNodeInBrowser({ outputs }, name) {
  const entry = Object.keys(outputs).find((path) => basename(path) === name);
  const seen = new Set([entry]);
  for (const path of seen) {
    for (const imported of outputs[path]?.imports ?? []) {
      if (imported.path.startsWith("node:")) {
        throw new Failure(
          `The browser entry ${name} imports ${imported.path} (in ${basename(path)}).`,
          "Import it only below an entry for Node.",
        );
      }
      if (!imported.external) seen.add(imported.path);
    }
  }
}
