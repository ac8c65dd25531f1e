import { spawn, spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { Failure, indent } from "./failure.mjs";
import { logDir, root } from "./paths.mjs";

const minute = 60_000;
const children = new Set();

/** Runs a short command and returns what it printed. A command that does not exist has status 127. */
export function capture(command, args, { env, cwd = root, timeout = 30_000 } = {}) {
  const done = spawnSync(command, args, {
    cwd,
    timeout,
    env: { ...process.env, ...env },
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const status = done.error?.code === "ENOENT" ? 127 : (done.status ?? 1);
  return { status, stdout: done.stdout ?? "", stderr: done.stderr ?? "" };
}

/**
 * Runs a command to its end with its output in `build/logs/<log>.log`. On failure throws a Failure that shows the end
 * of that log, or what `excerpt` makes of it. The command has its own process group, so that a time-out or Ctrl-C ends everything it started.
 * @returns {Promise<string>} what it printed
 */
export async function runLogged(
  command,
  args,
  { log, env, cwd = root, timeout = 15 * minute, remedy = "", excerpt = tail },
) {
  mkdirSync(logDir, { recursive: true });
  const file = join(logDir, `${log}.log`);
  const descriptor = openSync(file, "w");
  let ended;
  try {
    ended = await start(command, args, {
      cwd,
      env,
      timeout,
      stdio: ["ignore", descriptor, descriptor],
      ownGroup: true,
    });
  } finally {
    closeSync(descriptor);
  }
  const output = readFileSync(file, "utf8");
  if (ended.status !== 0) {
    throw new Failure(`${describe(command, args)} ${ended.reason}.`, `${indent(excerpt(output))}\n${remedy}`.trimEnd());
  }
  return output;
}

/** Runs a command whose output goes straight to the console. @returns {Promise<number>} its exit status */
export async function runShown(command, args, { env, cwd = root, timeout = 15 * minute } = {}) {
  const ended = await start(command, args, {
    cwd,
    env,
    timeout,
    stdio: ["ignore", "inherit", "inherit"],
    ownGroup: true,
  });
  if (ended.timedOut) console.error(`✗ ${describe(command, args)} ${ended.reason}.`);
  return ended.status;
}

/** Runs a command that takes over the console until it ends by itself or by Ctrl-C. @returns its exit status */
export async function runForeground(command, args, { env, cwd = root } = {}) {
  const ended = await start(command, args, { cwd, env, timeout: 0, stdio: "inherit", ownGroup: false });
  return ended.status;
}

function start(command, args, { cwd, env, timeout, stdio, ownGroup }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio, detached: ownGroup, env: { ...process.env, ...env } });
    const entry = { child, ownGroup };
    children.add(entry);
    let timedOut = false;
    const timer = timeout
      ? setTimeout(() => {
          timedOut = true;
          end(entry, "SIGKILL");
        }, timeout)
      : undefined;
    const finish = (status, reason) => {
      clearTimeout(timer);
      children.delete(entry);
      resolve({ status, reason, timedOut });
    };
    child.on("error", (error) =>
      finish(127, error.code === "ENOENT" ? "was not found" : `could not be started (${error.message})`),
    );
    child.on("close", (code, signal) => {
      if (timedOut) finish(124, `did not finish within ${timeout / minute} minutes`);
      else if (signal) finish(128 + (constants.signals[signal] ?? 0), `was ended by ${signal}`);
      else finish(code, `failed with exit status ${code}`);
    });
  });
}

function end({ child, ownGroup }, signal) {
  try {
    process.kill(ownGroup ? -child.pid : child.pid, signal);
  } catch {
    // It has ended in the meantime.
  }
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    for (const entry of children) end(entry, "SIGTERM");
    process.exit(128 + constants.signals[signal]);
  });
}

function describe(command, args) {
  const text = [command, ...args].join(" ");
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}

function tail(text) {
  return text.trimEnd().split("\n").slice(-60).join("\n");
}
