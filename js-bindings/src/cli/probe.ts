import { harmless } from "../findings.js";
import type { Arguments } from "./args.js";
import type { ExitCode } from "./commands.js";
import type { Output } from "./output.js";
import { judge, type Result, type Status } from "./probe-checks.js";
import { gather } from "./probe-gather.js";
import { readTarget, type Target } from "./probe-target.js";
import { plural } from "./text.js";

export async function run(args: Arguments, out: Output): Promise<ExitCode> {
  const target = await readTarget(args);
  const checks = judge(await gather(target));
  const findings = count(checks, "fail") + (args.flag("strict") ? count(checks, "warn") : 0);
  const { shownUrl: url, origin, kind } = target;
  if (args.format === "json") await out.json({ url, origin, kind, passed: findings === 0, checks });
  else await writeText(out, target, checks);
  return findings === 0 ? 0 : 1;
}

const count = (checks: readonly Result[], status: Status): number =>
  checks.filter((check) => check.status === status).length;

async function writeText(out: Output, { shownUrl, origin, kind }: Target, checks: readonly Result[]): Promise<void> {
  const { style } = out;
  const marks: Readonly<Record<Status, string>> = {
    pass: style.good("✓"),
    fail: style.bad("✗ FAIL"),
    warn: style.warn("! WARN"),
    skipped: style.dim("–"),
  };
  await out.line(style.strong(harmless(`${shownUrl} (${kind}), from a page on ${origin}:`)));
  for (const { code, status, message, do: todo } of checks) {
    await out.line(`  ${marks[status]} ${code}: ${harmless(message)}${todo === undefined ? "" : ` ${todo}`}`);
  }
  const sum = [
    `${count(checks, "pass")} passed`,
    `${count(checks, "fail")} failed`,
    plural(count(checks, "warn"), "warning"),
    `${count(checks, "skipped")} skipped`,
  ];
  await out.line(`${sum.join(", ")}.`);
}
