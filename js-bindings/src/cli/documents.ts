/** Settings documents and sessions, judged by the core; findings with their place in the text. */
import { readFile } from "node:fs/promises";
import { Core, CorePolicy } from "../core.js";
import { SessionError, SettingsError } from "../errors.js";
import { worded, wordedWarnings } from "../findings.js";
import type { Finding, Warning } from "../types.js";
import { Refused } from "./failure.js";
import { readDocument, shownName } from "./input.js";
import { childOf, follow, type JsonNode, lineAndColumn, nodeOf, parsePositions, tokensOf } from "./positions.js";

export async function startCore(): Promise<Core> {
  const bytes = await readFile(new URL("../pst.wasm", import.meta.url));
  return Core.start(await WebAssembly.compile(bytes));
}

export type Judged =
  | { readonly type: "success"; readonly policy: CorePolicy; readonly warnings: readonly Warning[] }
  | { readonly type: "failure"; readonly errors: readonly Finding[] };

export function judgeSettings(core: Core, bytes: Uint8Array): Judged {
  try {
    const policy = new CorePolicy(core, bytes);
    const warnings = placed(policy.warnings, bytes);
    return { type: "success", policy, warnings: wordedWarnings(warnings) };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return { type: "failure", errors: worded(placed(error.errors, bytes)) };
  }
}

/** Loaded settings and their text. Throws `Refused`. */
export async function openSettings(core: Core, name: string): Promise<{ policy: CorePolicy; bytes: Buffer }> {
  const bytes = await readDocument(name);
  const judged = judgeSettings(core, bytes);
  if (judged.type === "failure") throw new Refused(shownName(name), judged.errors);
  return { policy: judged.policy, bytes };
}

/** What the core says to one session. Throws `Refused`. */
export function ask<Answer>(name: string, bytes: Uint8Array, question: () => Answer): Answer {
  try {
    return question();
  } catch (error) {
    if (!(error instanceof SessionError)) throw error;
    throw new Refused(shownName(name), worded(placed(error.errors, bytes).map(withoutValue)));
  }
}

/** Codes whose `found` is a name, or an id that was refused: everything else in a session may be the consumer's. */
const SHOWN = new Set(["field_missing", "type_mismatch", "value_invalid", "json_duplicate_key"]);

/** A session's values may be sensitive: a finding about one names its place. */
export function withoutValue<F extends Pick<Finding, "code" | "found">>(finding: F): F {
  return SHOWN.has(finding.code) ? finding : { ...finding, found: "" };
}

/** With line and column, and without the values of parameters that are marked sensitive. */
function placed<F extends Finding | Warning>(findings: readonly F[], bytes: Uint8Array): readonly F[] {
  if (findings.every((finding) => "line" in finding)) return findings;
  const { root } = parsePositions(bytes);
  return findings.map((finding) => {
    if ("line" in finding) return finding;
    const named = finding.code === "field_unknown" || finding.code === "field_missing";
    const masked = !named && isSensitive(root, finding.pointer) && finding.found ? { found: "***" } : {};
    const found = follow(root, finding.pointer);
    const { at } = AT_ITS_NAME.has(finding.code) ? found : nodeOf(found);
    return { ...finding, ...masked, ...lineAndColumn(bytes, at) };
  });
}

/** Findings about a field that should not be there; all others are about what stands in it. */
const AT_ITS_NAME = new Set<string>([
  "field_unknown",
  "json_duplicate_key",
  "opt_in_not_for_calls",
  "queue_not_for_calls",
]);

/** `/chat/data_parameters/3/value` and the like, beside `"sensitive": true`. */
function isSensitive(root: JsonNode, pointer: string): boolean {
  const tokens = tokensOf(pointer);
  const list = tokens.lastIndexOf("data_parameters");
  const field = tokens[list + 2];
  if (list < 0 || (field !== "value" && field !== "default")) return false;
  const parameter = nodeOf(follow(root, pointer.slice(0, pointer.lastIndexOf(`/${field}`))));
  const sensitive = childOf(parameter, "sensitive");
  return sensitive !== undefined && nodeOf(sensitive).raw === "true";
}
