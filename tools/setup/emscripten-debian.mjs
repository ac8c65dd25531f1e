import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../lib/failure.mjs";
import { findCommand, readIfExists } from "../lib/files.mjs";
import { withLock } from "../lib/lock.mjs";
import { newPartialFolder, removePartialFolders, userCacheDir } from "../lib/paths.mjs";
import { capture } from "../lib/process.mjs";
import { downloadPackages } from "./debian-archive.mjs";
import { unpackPackages } from "./debian-unpack.mjs";
import { relocate } from "./elf-relocate.mjs";
import { isDebianLike } from "./system-packages.mjs";

/** The stable Debian release whose `emscripten` package has the pinned version. */
const release = "trixie";

/** Raise it when what is unpacked or how it is patched changes, so that older caches are made anew. */
const recipe = 1;

/** Emscripten, its compiler and optimiser, and every library these need, down to the C library. */
const packages = [
  ...["emscripten", "binaryen", "node-acorn"],
  ...["clang-19", "libclang-cpp19", "libclang-common-19-dev", "lld-19", "llvm-19", "llvm-19-linker-tools", "libllvm19"],
  ...[
    "libc6",
    "libgcc-s1",
    "libstdc++6",
    "zlib1g",
    "libzstd1",
    "libz3-4",
    "libedit2",
    "libtinfo6",
    "libbsd0",
    "libmd0",
  ],
  ...["libxml2", "libffi8", "liblzma5"],
];

export function canUnpackDebian() {
  return isDebianLike();
}

export function cachedDebianEmscripten(version) {
  if (readIfExists(stampFile(version)) !== stampText(version)) return undefined;
  return describe(version, "Debian packages, cached");
}

/**
 * Unpacks Debian's packages of another release into the user's cache, without root and without touching the system's
 * own package state. Everything happens in a folder beside the final one; the stamp is written last.
 */
export async function unpackDebianEmscripten(version, say) {
  if (!isDebianLike()) throw new Failure("Debian packages can be unpacked only on a Debian system.");
  if (!findCommand("patchelf")) throw new Failure("patchelf is missing.", "Install it: apt-get install patchelf");
  const target = home(version);
  await withLock(
    `${target}.lock`,
    () => say("waiting for another run that is unpacking it"),
    async () => {
      if (!cachedDebianEmscripten(version)) await make(version, target, say);
    },
  );
  return describe(version, "Debian packages, unpacked now");
}

async function make(version, target, say) {
  rmSync(target, { recursive: true, force: true });
  removePartialFolders(target);
  const partial = newPartialFolder(target);
  const downloads = `${target}.downloads`;

  const files = await downloadPackages({ release, packages, folder: downloads, expect: { emscripten: version }, say });
  say("unpacking");
  await unpackPackages(files, partial);
  say("making its programs find their own libraries");
  await relocate(partial, target);
  configure(partial, target);

  renameSync(partial, target);
  verify(version);
  writeFileSync(stampFile(version), stampText(version));
  rmSync(downloads, { recursive: true, force: true });
  removePartialFolders(target);
}

/** Emscripten reads `.emscripten` beside itself; `NODE_JS` is left out, so that it takes the one on PATH. */
function configure(partial, target) {
  const emscripten = join(partial, emscriptenFolder);
  const quoted = (...parts) => JSON.stringify(join(target, ...parts));
  const config = [
    `LLVM_ROOT = ${quoted("usr", "lib", "llvm-19", "bin")}`,
    `BINARYEN_ROOT = ${quoted("usr")}`,
    "# The libraries come prebuilt; building them anew would take minutes.",
    "FROZEN_CACHE = True",
  ];
  writeFileSync(join(emscripten, ".emscripten"), `${config.join("\n")}\n`);
  // Its scripts are CommonJS, also when a folder above says otherwise in a package.json.
  writeFileSync(join(emscripten, "package.json"), '{ "type": "commonjs" }\n');
  // Debian's own Node finds acorn in a folder of the system; any other Node looks in node_modules.
  mkdirSync(join(emscripten, "node_modules"), { recursive: true });
  symlinkSync("../../nodejs/acorn", join(emscripten, "node_modules", "acorn"));
}

function verify(version) {
  const { root, env } = describe(version, "");
  const answer = capture(join(root, "emcc"), ["-v"], { env, timeout: 60_000 });
  if (answer.status === 0 && answer.stderr.includes(version)) return;
  throw new Failure(
    `The unpacked Emscripten ${version} does not run.`,
    `${answer.stdout}${answer.stderr}\nRemove ${home(version)} and start again, or install it with emsdk.`,
  );
}

const emscriptenFolder = join("usr", "share", "emscripten");

function describe(version, origin) {
  const root = join(home(version), emscriptenFolder);
  // The interpreter of the distribution, not one of a version manager, whose shims cost more than the work.
  const python = existsSync("/usr/bin/python3") ? { EMSDK_PYTHON: "/usr/bin/python3" } : {};
  return { version, origin, root, env: { EM_CONFIG: join(root, ".emscripten"), ...python } };
}

function home(version) {
  return join(userCacheDir(), `emscripten-${version}`);
}

function stampFile(version) {
  return join(home(version), "complete.json");
}

function stampText(version) {
  return `${JSON.stringify({ version, release, recipe })}\n`;
}
