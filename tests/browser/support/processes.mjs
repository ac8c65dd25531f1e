import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Starts a program at the head of a process group of its own. */
export function startGroup(command, args, options = {}) {
  return spawn(command, args, { detached: true, stdio: "ignore", ...options });
}

/** A shell that collects numbers of process groups until its input ends; then it ends them all and removes the folder. */
const script = `
  while read -r group; do groups="$groups $group"; done
  for group in $groups; do kill -TERM "-$group" 2>/dev/null && wait=0.1; done
  sleep "\${wait:-0}"
  for group in $groups; do kill -KILL "-$group" 2>/dev/null; done
  for attempt in 1 2 3 4 5; do rm -rf -- "$1" 2>/dev/null && break; sleep 0.1; done`;

/**
 * The folder and the processes of one browser. All of it goes when `clean` is called, and also when this process dies, however it dies: that is when
 * the cleaner's input ends.
 */
export class Premises {
  #cleaner;
  #ended;

  /** @param {string} name */
  constructor(name) {
    /** For the profile, and as a home. */
    this.folder = mkdtempSync(join(tmpdir(), `pst-${name}-`));
    this.#cleaner = startGroup("/bin/sh", ["-c", script, "clean", this.folder], {
      stdio: ["pipe", "ignore", "ignore"],
    });
    this.#ended = once(this.#cleaner, "exit");
    this.#cleaner.unref();
    this.#cleaner.stdin.unref();
  }

  /** @param {number} group The number of its first process. */
  add(group) {
    this.#cleaner.stdin.write(`${group}\n`);
  }

  async clean() {
    this.#cleaner.ref();
    this.#cleaner.stdin.end();
    await this.#ended;
  }
}
