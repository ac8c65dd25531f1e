import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { Failure } from "./failure.mjs";
import { findCommand } from "./files.mjs";

const patienceSeconds = 900;

/**
 * Runs `body` while nobody else holds `file`. The lock is the kernel's and is held by a helper that lives as long as
 * our end of its pipe is open, so a killed run leaves no stale lock behind. Where `flock` is missing there is no lock;
 * what is done inside must then still be safe, only wasteful.
 */
export async function withLock(file, onWait, body) {
  if (!findCommand("flock")) return body();
  mkdirSync(dirname(file), { recursive: true });
  let helper = await acquire(file, ["--nonblock"]);
  if (!helper) {
    onWait();
    helper = await acquire(file, ["--wait", String(patienceSeconds)]);
  }
  if (!helper) {
    throw new Failure(
      `Another run has been at work for more than ${patienceSeconds / 60} minutes.`,
      "Wait for it or end it, then start again.",
    );
  }
  try {
    return await body();
  } finally {
    helper.stdin.end();
    await once(helper, "close");
  }
}

async function acquire(file, options) {
  const helper = spawn("flock", [...options, file, "sh", "-c", "echo held; exec cat >/dev/null"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const held = await Promise.race([
    once(helper.stdout, "data").then(() => true),
    once(helper, "close").then(() => false),
  ]);
  return held ? helper : undefined;
}
