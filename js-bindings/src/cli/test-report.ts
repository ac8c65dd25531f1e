/** How test results are shown: for people, as JSON lines, and as TAP 14. */
import { harmless } from "../findings.js";
import type { Output } from "./output.js";
import type { Problem, TestResult } from "./test-file.js";
import { plural } from "./text.js";

interface Sum {
  readonly passed: number;
  readonly failed: number;
  readonly files: number;
}

interface Reporter {
  begin?(): Promise<void>;
  result(result: TestResult): Promise<void>;
  end(sum: Sum): Promise<void>;
}

export function reporterOf(format: string, out: Output): Reporter {
  if (format === "json") return jsonReporter(out);
  return format === "tap" ? tapReporter(out) : textReporter(out);
}

const shown = (value: unknown): string => (value === undefined ? "nothing" : harmless(JSON.stringify(value)));

function textReporter(out: Output): Reporter {
  const { style } = out;
  return {
    async result({ file, name, problems }) {
      const label = `${harmless(file)}: ${harmless(name)}`;
      if (problems.length === 0) return out.line(`${style.good("PASS")} ${label}`);
      await out.line(`${style.bad("FAIL")} ${label}`);
      for (const problem of problems) {
        if (typeof problem === "string") {
          await out.line(`     ${problem}`);
          continue;
        }
        await out.line(`     ${style.strong(harmless(problem.at))}`);
        await out.line(`       ${style.good(`expected ${shown(problem.expected)}`)}`);
        await out.line(`       ${style.bad(`got      ${shown(problem.actual)}`)}`);
        if (problem.hint !== undefined) await out.line(`       ${problem.hint}`);
      }
    },
    async end({ passed, failed, files }) {
      const failures = failed > 0 ? style.bad(`${failed} failed`) : "none failed";
      await out.line(`${plural(passed + failed, "test")} in ${plural(files, "file")}: ${passed} passed, ${failures}.`);
    },
  };
}

function jsonReporter(out: Output): Reporter {
  return {
    async result({ file, name, problems }) {
      const differences = problems.filter((problem): problem is Problem => typeof problem !== "string");
      const message = problems.find((problem) => typeof problem === "string");
      const details = message === undefined ? { differences } : { message };
      await out.json({ file, name, passed: problems.length === 0, ...(problems.length > 0 ? details : {}) });
    },
    end: async () => undefined,
  };
}

function tapReporter(out: Output): Reporter {
  let number = 0;
  const escaped = (text: string) => harmless(text).replaceAll("\\", "\\\\").replaceAll("#", "\\#");
  return {
    begin: () => out.line("TAP version 14"),
    async result({ file, name, problems }) {
      number += 1;
      await out.line(`${problems.length > 0 ? "not ok" : "ok"} ${number} - ${escaped(`${file}: ${name}`)}`);
      if (problems.length === 0) return;
      await out.line("  ---");
      for (const problem of problems) {
        // JSON is YAML.
        const value =
          typeof problem === "string" ? { message: problem } : { ...problem, actual: problem.actual ?? null };
        await out.line(`  - ${shown(value)}`);
      }
      await out.line("  ...");
    },
    end: () => out.line(`1..${number}`),
  };
}
