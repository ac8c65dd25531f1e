import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { digest, readIfExists } from "../lib/files.mjs";
import { withLock } from "../lib/lock.mjs";
import { buildDir, root } from "../lib/paths.mjs";
import { runLogged } from "../lib/process.mjs";

const stamp = join(root, "node_modules", ".lock-digest");

// Install scripts stay off: none of the packages needs one, and nothing foreign runs during set-up. Waiting for an
// unreachable registry is cut short.
const install = [
  "ci",
  "--ignore-scripts",
  "--no-audit",
  "--no-fund",
  "--fetch-retry-maxtimeout=4000",
  "--fetch-retry-mintimeout=1000",
];

/** Makes node_modules match package-lock.json. The stamp goes when `npm ci` empties the folder. */
export async function ensureNpmPackages(say) {
  const wanted = digest(readFileSync(join(root, "package-lock.json")), process.platform, process.arch);
  if (readIfExists(stamp) === wanted) return "there";
  const wait = () => say("waiting for another run that is installing them");
  return withLock(join(buildDir, "npm-packages.lock"), wait, async () => {
    if (readIfExists(stamp) === wanted) return "there";
    say("installing what package-lock.json names");
    await runLogged("npm", install, { log: "npm-ci", excerpt, remedy });
    writeFileSync(stamp, wanted);
    return "installed";
  });
}

const remedy = [
  "If npm speaks of the network, see that its registry can be reached, then start again.",
  "If it says that package.json and package-lock.json differ, run: npm install",
].join("\n");

/** npm says what is wrong first and explains all of its options after that. */
function excerpt(output) {
  const errors = output.split("\n").filter((line) => /^npm error ./.test(line));
  return errors.slice(0, 15).join("\n");
}
