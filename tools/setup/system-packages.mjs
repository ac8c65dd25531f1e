import { Failure } from "../lib/failure.mjs";
import { findCommand } from "../lib/files.mjs";
import { capture, runLogged } from "../lib/process.mjs";
import { systemPackages } from "./system-package-list.mjs";

/** Makes sure that the system packages of the groups are there. @returns {Promise<string>} what was found or done */
export async function ensureSystemPackages(groups, say) {
  const wanted = systemPackages.filter((entry) => groups.includes(entry.group));
  if (!isDebianLike()) return checkCommands(wanted);
  const missing = missingPackages(wanted);
  if (missing.length === 0) return `${wanted.length} there`;
  await install(missing, say);
  return `${missing.length} installed`;
}

export function isDebianLike() {
  return Boolean(findCommand("dpkg-query") && findCommand("apt-get"));
}

function checkCommands(wanted) {
  const missing = wanted.filter((entry) => entry.command && !findCommand(entry.command));
  if (missing.length > 0) {
    throw new Failure(
      "This system has no apt-get, and some programs are missing.",
      `Install these and see that they are on PATH:\n${list(missing, (entry) => entry.command)}`,
    );
  }
  return "not Debian; programs found on PATH";
}

function missingPackages(wanted) {
  const names = wanted.map((entry) => entry.package);
  const { stdout } = capture("dpkg-query", ["--show", "--showformat", "${Package} ${db:Status-Status}\n", ...names]);
  const installed = new Set(
    stdout
      .split("\n")
      .filter((line) => line.endsWith(" installed"))
      .map((line) => line.split(" ")[0]),
  );
  return wanted.filter((entry) => !installed.has(entry.package));
}

async function install(missing, say) {
  const names = missing.map((entry) => entry.package);
  const byHand = `apt-get update && apt-get install --yes --no-install-recommends ${names.join(" ")}`;
  const prefix = becomeRoot();
  if (!prefix) {
    throw new Failure(
      `${names.length} system packages are missing, and this user may not install them.`,
      `Missing:\n${list(missing, (entry) => entry.package)}\nRun this once:\n  sudo sh -c '${byHand}'\nThen start again.`,
    );
  }
  const environment = ["env", "DEBIAN_FRONTEND=noninteractive"];
  const aptGet = (args, log) => {
    const [command, ...rest] = [...prefix, ...environment, "apt-get", ...args];
    return runLogged(command, [...rest, "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=2"], { log });
  };

  say("reading the package lists");
  // One broken third-party source must not stop the set-up: whether the lists are good enough shows when installing.
  const update = await aptGet(["update", "-o", "APT::Update::Error-Mode=any"], "apt-update").catch((error) => error);
  say(`installing ${names.join(", ")}`);
  try {
    await aptGet(["install", "--yes", "--no-install-recommends", ...names], "apt-install");
  } catch (error) {
    throw explain(error, update, missing, byHand);
  }
}

function explain(error, update, missing, byHand) {
  const unreachable = update instanceof Failure;
  const cause = unreachable ? update : error;
  return new Failure(
    unreachable
      ? "System packages: the package mirror could not be reached, or apt-get update failed for another reason."
      : "System packages: apt-get could not install what is missing.",
    `${cause.remedy}\nMissing:\n${list(missing, (entry) => entry.package)}\nWhen that is put right, start again, or run as root:\n  ${byHand}`,
  );
}

/** The words to put before a command so that it runs as root; undefined if there is no way without a password. */
function becomeRoot() {
  if (process.getuid?.() === 0) return [];
  if (findCommand("sudo") && capture("sudo", ["-n", "true"], { timeout: 5_000 }).status === 0) return ["sudo", "-n"];
  return undefined;
}

function list(entries, name) {
  return entries.map((entry) => `  ${name(entry).padEnd(24)} ${entry.reason}`).join("\n");
}
