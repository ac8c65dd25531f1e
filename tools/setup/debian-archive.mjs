import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../lib/failure.mjs";
import { capture, runLogged } from "../lib/process.mjs";

const keyrings = ["gpg", "pgp"].map((ending) => `/usr/share/keyrings/debian-archive-keyring.${ending}`);

/**
 * Downloads packages of another Debian release, from the mirror this machine uses, verified against Debian's keyring.
 * apt runs on a private configuration and state; a download that was interrupted goes on where it stopped.
 * @param {{release: string, packages: string[], folder: string, expect: Record<string, string>, say: Function}} options
 *   `expect` names upstream versions that the release must have
 * @returns {Promise<string[]>} the package files
 */
export async function downloadPackages({ release, packages, folder, expect, say }) {
  const keyring = keyrings.find(existsSync);
  if (!keyring) throw new Failure("Debian's archive keyring is missing.", "apt-get install debian-archive-keyring");
  const archive = await openArchive(release, keyring, folder, say);
  for (const [name, version] of Object.entries(expect)) checkVersion(archive, release, name, version);

  const packageFolder = join(folder, "packages");
  mkdirSync(packageFolder, { recursive: true });
  say(`downloading ${packages.length} Debian packages (about 320 MB)`);
  await aptGet(archive, ["download", ...packages], "emscripten-download", packageFolder);
  return readdirSync(packageFolder)
    .filter((name) => name.endsWith(".deb"))
    .map((name) => join(packageFolder, name));
}

/** Reads the release's package lists from the first mirror that has it. @returns the private configuration's path */
async function openArchive(release, keyring, folder, say) {
  const candidates = mirrors();
  if (candidates.length === 0) throw new Failure("apt's configuration names no Debian mirror.");
  let lastFailure;
  for (const mirror of candidates) {
    const archive = configure(mirror, release, keyring, join(folder, "apt"));
    try {
      say(`reading the package lists of Debian ${release}`);
      await aptGet(archive, ["update", "--option", "APT::Update::Error-Mode=any"], "emscripten-apt-update", folder);
      return archive;
    } catch (error) {
      lastFailure = error;
    }
  }
  throw new Failure(
    `Emscripten: the package lists of Debian ${release} could not be read from this machine's Debian mirror.`,
    `${lastFailure.remedy}\nSee that the mirror can be reached and has ${release}, or install Emscripten with emsdk; then start again.`,
  );
}

/** The mirrors in this machine's own configuration. Before the first `apt-get update` only their addresses are known. */
function mirrors() {
  const known = capture("apt-get", [
    "indextargets",
    "--format",
    "$(ORIGIN)|$(LABEL)|$(REPO_URI)",
    "Identifier: Packages",
  ]);
  const fromLists = known.stdout
    .split("\n")
    .filter((line) => line.startsWith("Debian|Debian|"))
    .map((line) => line.split("|")[2]);
  if (fromLists.length > 0) return [...new Set(fromLists)];
  const configured = capture("apt-get", ["update", "--print-uris"]).stdout.matchAll(/^'(\S+?\/)dists\//gm);
  return [...new Set([...configured].map((match) => match[1]))].filter((address) => !address.includes("security"));
}

/** Writes an apt configuration that shares nothing with the system's but its proxy and its credentials. */
function configure(mirror, release, keyring, folder) {
  rmSync(join(folder, "lists"), { recursive: true, force: true });
  for (const name of ["state", join("lists", "partial"), join("cache", "archives", "partial")]) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  const at = (name) => JSON.stringify(join(folder, name));
  const settings = [
    `Dir::State ${at("state")};`,
    `Dir::State::lists ${at("lists")};`,
    `Dir::State::status ${at("status")};`,
    `Dir::Cache ${at("cache")};`,
    `Dir::Etc::SourceList ${at("sources.list")};`,
    'Dir::Etc::SourceParts "/dev/null";',
    'Dir::Etc::Preferences "/dev/null";',
    'Dir::Etc::PreferencesParts "/dev/null";',
    'Acquire::Languages "none";',
    'Acquire::Retries "2";',
    'Acquire::http::Timeout "20";',
    'Acquire::https::Timeout "20";',
    "// The files are this user's, so apt's own user could not write them.",
    'APT::Sandbox::User "";',
    "// The system's hooks would look after the system's state.",
    "#clear APT::Update::Pre-Invoke;",
    "#clear APT::Update::Post-Invoke;",
    "#clear APT::Update::Post-Invoke-Success;",
  ];
  writeFileSync(join(folder, "status"), "");
  writeFileSync(join(folder, "sources.list"), `deb [signed-by=${keyring}] ${mirror} ${release} main\n`);
  const file = join(folder, "apt.conf");
  writeFileSync(file, `${settings.join("\n")}\n`);
  return file;
}

function checkVersion(archive, release, name, wanted) {
  const { stdout } = capture("apt-cache", ["--config-file", archive, "show", "--no-all-versions", name]);
  const found = stdout.match(/^Version: (?:\d+:)?(\d+(?:\.\d+)*)/m)?.[1];
  if (found === wanted) return;
  throw new Failure(
    `Debian ${release} has ${name} ${found ?? "not at all"}, but this project is built with ${wanted}.`,
    `Install it with emsdk and put it on PATH: emsdk install ${wanted} && emsdk activate ${wanted}`,
  );
}

function aptGet(archive, args, log, cwd) {
  return runLogged("apt-get", ["--config-file", archive, "--quiet", ...args], { log, cwd });
}
