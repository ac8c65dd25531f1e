import { closeSync, lstatSync, openSync, readdirSync, readSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";
import { Failure } from "../lib/failure.mjs";
import { inParallel } from "../lib/pool.mjs";
import { runLogged } from "../lib/process.mjs";

const llvm = join("usr", "lib", "llvm-19");

/**
 * Makes the programs unpacked in `folder` use the C library and the other libraries unpacked beside them, whatever the
 * system's own are. `finalFolder` is where `folder` will be moved to: the loader's path must be absolute.
 */
export async function relocate(folder, finalFolder) {
  const multiarch = findMultiarch(folder);
  const loader = find(folder, multiarch, (name) => name.startsWith("ld-linux"));
  const libraryFolders = [multiarch, join(llvm, "lib")];
  const searchPath = (from) => libraryFolders.map((to) => `$ORIGIN/${relative(from, to)}`).join(":");

  const jobs = [];
  for (const from of [join(llvm, "bin"), join("usr", "bin")]) {
    for (const file of elfFiles(join(folder, from))) {
      jobs.push(["--set-interpreter", join(finalFolder, loader), "--set-rpath", searchPath(from), file]);
    }
  }
  for (const from of libraryFolders) {
    for (const file of elfFiles(join(folder, from)).filter(isPatchableLibrary)) {
      jobs.push(["--set-rpath", searchPath(from), file]);
    }
  }
  await inParallel(jobs, availableParallelism(), (args) =>
    runLogged("patchelf", args, { log: `patchelf-${args.at(-1).split("/").at(-1)}` }),
  );
}

function findMultiarch(folder) {
  const name = readdirSync(join(folder, "usr", "lib")).find((entry) => entry.endsWith("-linux-gnu"));
  if (!name) throw new Failure("The unpacked packages hold no C library.", "Remove the folder and start again.");
  return join("usr", "lib", name);
}

function find(folder, inside, accept) {
  const name = readdirSync(join(folder, inside)).find(accept);
  if (!name)
    throw new Failure(`The unpacked packages hold no loader in ${inside}.`, "Remove the folder and start again.");
  return join(inside, name);
}

/** The loader and the C library's own parts belong together as they are. */
function isPatchableLibrary(file) {
  return /\.so(\.|$)/.test(file) && !/\/(ld-linux|libc\.so|libm\.so|libpthread|libdl|librt|libmvec)[^/]*$/.test(file);
}

/** Regular files (no links) that start with ELF's magic number. */
function elfFiles(folder) {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((file) => lstatSync(file).isFile() && startsAsElf(file));
}

function startsAsElf(file) {
  const magic = Buffer.alloc(4);
  const descriptor = openSync(file, "r");
  readSync(descriptor, magic, 0, 4, 0);
  closeSync(descriptor);
  return magic.equals(Buffer.from("\x7fELF", "latin1"));
}
