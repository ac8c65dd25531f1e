import { statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { inParallel } from "../lib/pool.mjs";
import { runLogged } from "../lib/process.mjs";

/** More than half of the bytes: documents, Emscripten's own tests, libraries for threads, workers and old graphics. */
const unused = [
  "usr/share/doc",
  "usr/share/man",
  "usr/share/lintian",
  "usr/share/emscripten/docs",
  "usr/share/emscripten/media",
  "usr/share/emscripten/test",
  "usr/share/emscripten/cache/sysroot/lib/wasm32-emscripten/pic",
  "usr/share/emscripten/cache/sysroot/lib/wasm32-emscripten/*-mt.a",
  "usr/share/emscripten/cache/sysroot/lib/wasm32-emscripten/*-mt-*",
  "usr/share/emscripten/cache/sysroot/lib/wasm32-emscripten/*-ww.a",
  "usr/share/emscripten/cache/sysroot/lib/wasm32-emscripten/*-ww-*",
  "usr/share/emscripten/cache/sysroot/lib/wasm32-emscripten/*libGL-emu*",
];

/** Unpacks package files over one another into a folder; nothing of them is run. */
export async function unpackPackages(files, folder) {
  const excludes = unused.map((path) => `--exclude=./${path}`);
  const script =
    'set -o pipefail; dpkg-deb --fsys-tarfile "$1" | tar --extract --no-same-owner --directory "$2" "${@:3}"';
  // The largest first: it decides how long the whole takes.
  const largestFirst = [...files].sort((one, other) => statSync(other).size - statSync(one).size);
  await inParallel(largestFirst, availableParallelism(), (file) =>
    runLogged("bash", ["-c", script, "unpack", file, folder, ...excludes], { log: `unpack-${basename(file, ".deb")}` }),
  );
}
