/** Findings, one a line as compilers write them. */
import { harmless } from "../findings.js";
import type { Finding, Warning } from "../types.js";
import type { Output } from "./output.js";

export async function reportFindings(
  out: Output,
  file: string,
  severity: "error" | "warning",
  findings: readonly (Finding | Warning)[],
): Promise<void> {
  const { style } = out;
  const paint = severity === "error" ? style.bad : style.warn;
  for (const finding of findings) {
    const { line, column } = finding as Finding;
    const place = [file, line, column].filter((part) => part !== undefined).join(":");
    const at = finding.pointer === "" ? "" : ` at ${harmless(finding.pointer)}`;
    await out.line(
      `${style.strong(harmless(place))}: ${paint(severity)} ${finding.code}${at}: ${harmless(finding.message)}`,
    );
  }
}
