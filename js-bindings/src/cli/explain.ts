import type { CorePolicy } from "../core.js";
import { harmless } from "../findings.js";
import { CHECKS, DECISION_OUTCOMES, LEVELS, PREVIEW_REASONS, REASONS } from "../name-lists.js";
import type { Level, PreviewReason, Reason } from "../names.js";
import { withClaims } from "../signed.js";
import { systemClock } from "../timers.js";
import type { Decision, PreviewRow, SessionFacts, TraceRow } from "../types.js";
import type { Arguments } from "./args.js";
import type { ExitCode } from "./commands.js";
import { ask, startCore } from "./documents.js";
import { readDocument } from "./input.js";
import { readAnswer, type Simulated } from "./lines.js";
import type { Output } from "./output.js";
import { childOf, type JsonNode, nodeOf, parsePositions, tokensOf } from "./positions.js";
import { openSettingsOrNone } from "./settings-or-none.js";

interface Named {
  readonly name: string;
  readonly means: string;
  readonly do?: string;
}

const find = (list: readonly Named[], name: string): Named =>
  list.find((entry) => entry.name === name) ?? { name, means: name };

export async function run(args: Arguments, out: Output): Promise<ExitCode> {
  if (args.files.length === 1 && !args.flag("no-settings")) {
    const { explainLog } = await import("./explain-log.js");
    return explainLog(args, out);
  }
  const core = await startCore();
  const { policy, bytes: settings, file } = await openSettingsOrNone(core, args);
  const session = await readDocument(file);
  const decision = ask(file, session, () => policy.evaluate(session));
  const facts = withClaims(JSON.parse(session.toString()) as SessionFacts, systemClock.now(), () => {});
  const preview = policy.preview(JSON.stringify(facts));
  if (args.format === "json") {
    await out.json({ ...decision, preview });
    return 0;
  }
  const simulated = simulate(policy, JSON.stringify(facts));
  const root = settings === null ? null : parsePositions(settings).root;
  await out.write(explanation(out, decision, simulated, root, preview));
  return 0;
}

/** The document may have line breaks between its values; in them there are none. */
export function simulate(policy: CorePolicy, session: string): Simulated {
  const line = Buffer.from(session.replaceAll(/[\r\n]/g, " "));
  return readAnswer(Buffer.from(policy.simulateBytes(line)), 1) as Simulated;
}

export function explanation(
  { style }: Output,
  decision: Decision,
  simulated: Simulated,
  root: JsonNode | null,
  preview: readonly PreviewRow[],
): string {
  const lines = [style.strong(`Session ${harmless(String(simulated.id))}`), ""];
  for (const row of decision.trace) {
    const mark = row.passed ? style.good("✓ yes") : style.bad("✗ NO ");
    lines.push(`  ${mark}  ${find(CHECKS, row.check).means}`);
    lines.push(`         ${style.dim(seen(row, root))}`);
  }
  const failed = decision.trace.filter((row) => !row.passed);
  const goes = decision.outcome === "transfer" || decision.outcome === "ask";
  if (goes && failed.length > 0)
    lines.push("", "  What failed stops nothing here: the platform itself says that this chat is to be transferred.");
  const outcome = find(DECISION_OUTCOMES, decision.outcome);
  const reason = find(REASONS, decision.reason);
  lines.push("", `Outcome:     ${goes ? style.good(outcome.name) : style.bad(outcome.name)}. ${outcome.means}`);
  lines.push(`Reason:      ${reason.name}. ${reason.means}`);
  if (reason.do !== undefined && reason.do !== "Nothing.") lines.push(`What to do:  ${reason.do}`);
  if (decision.level !== null)
    lines.push(`Decided by:  ${decision.level}. ${levelMeans(decision.level, decision.reason)}`);
  if (goes) lines.push(...handOff(decision, simulated, preview));
  if (decision.conflicts?.includes("endpoint_conflict"))
    lines.push(
      "Note:        The platform hands this chat off itself, so the virtual agent's own endpoint is not used (endpoint_conflict).",
    );
  return `${lines.join("\n")}\n`;
}

/** A chat without flags, and a call, which has none, are the platform's too where there are no settings. */
const levelMeans = (level: Level, reason: Reason): string =>
  reason === "not_configured"
    ? "There are no settings, and without flags of the platform nothing is transferred."
    : find(LEVELS, level).means;

/** What the session carried, and the setting that took part. */
function seen({ check, value, pointer }: TraceRow, root: JsonNode | null): string {
  const what =
    check === "block" ? [] : [value === null ? "the session says nothing" : `seen: ${harmless(String(value))}`];
  if (pointer === null) {
    if (check === "queue" && value !== null && root !== null) what.push("no queue of the settings has this id");
  } else {
    what.push(`setting: ${harmless(pointer)} ${setting(pointer, root)}`.trimEnd());
  }
  return what.join("; ");
}

/** What applies where nothing is set. */
const DEFAULTS: Readonly<Record<string, string>> = {
  "/rules/min_sdk_version": '"3.0.0"',
  "/rules/ended_by": '["agent","end_user"]',
  "/chat/enabled": "false",
  "/call/enabled": "false",
};

function setting(pointer: string, root: JsonNode | null): string {
  let node: JsonNode | undefined = root ?? undefined;
  for (const token of tokensOf(pointer)) {
    const child: ReturnType<typeof childOf> = node && childOf(node, token);
    node = child && nodeOf(child);
  }
  if (node === undefined) {
    const standard = DEFAULTS[pointer];
    return standard === undefined ? "is not set" : `is not set, so it is ${standard}`;
  }
  if (node.members) {
    const kind = childOf(node, "kind");
    return kind === undefined ? "" : `of kind ${scalarText(nodeOf(kind))}`;
  }
  if (node.items) return `is [${node.items.map(scalarText).join(", ")}]`;
  return `is ${scalarText(node)}`;
}

const scalarText = (node: JsonNode): string =>
  node.members || node.items ? "…" : harmless(Buffer.from(node.raw, "latin1").toString());

function handOff(decision: Decision, simulated: Simulated, preview: readonly PreviewRow[]): string[] {
  const agent = decision.virtual_agent;
  const lines = [`Goes to:     ${agent === null ? "the virtual agent that the platform holds" : harmless(agent)}`];
  const { in_metadata, in_crm_record } = decision.data_records;
  const records = [in_metadata ? "session metadata" : "", in_crm_record ? "CRM record" : ""].filter(
    (sink) => sink !== "",
  );
  lines.push(`Recorded in: ${records.join(" and ") || "nothing"}`);
  // Without a preview the platform passes its own, and asks nobody.
  const parameters = preview.length > 0 ? preview.map(previewed) : listed(simulated);
  if (parameters.length > 0) lines.push("Data parameters:", ...parameters.map((text) => `  ${harmless(text)}`));
  return lines;
}

const listed = ({ data_parameters }: Simulated): string[] =>
  Object.entries(data_parameters).map(([field, value]) => `${field} = ${JSON.stringify(value)}`);

const ASKED: Partial<Record<PreviewReason, string>> = {
  asked_of_consumer: "asked of the consumer",
  asked_of_page: "asked of the page",
};

/** `order_id = "A-1"   (unsigned: order_id)`: as the portal's dialog shows it, and why there is no value. */
function previewed(row: PreviewRow): string {
  const { field, value, from, source, source_field, required, reason } = row;
  const ask = reason === null ? undefined : ASKED[reason];
  const is = value === null ? "" : ` = ${JSON.stringify(value)}`;
  const origin = source === null ? "fixed" : `${source}: ${source_field}`;
  if (ask !== undefined) return `${field}, ${ask}${value === null ? "" : `; otherwise ${JSON.stringify(value)}`}`;
  if (reason === "reserved") return `${field}${is}   (reserved: custom data goes before ${origin})`;
  if (from === "default") return `${field}${is}   (default: ${meaning(reason)} ${origin})`;
  if (value !== null) return `${field}${is}   (${origin})`;
  const lack = required ? "required, but the session carries no value" : "left out";
  return `${field}, ${lack}   (${meaning(reason)} ${origin})`;
}

const meaning = (reason: PreviewRow["reason"]): string => (reason === null ? "" : find(PREVIEW_REASONS, reason).means);
