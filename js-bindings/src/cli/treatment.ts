/** What a change of settings does to a session, apart from what the decision itself shows. Reads the documents; decides nothing. */
import type { Simulated } from "./lines.js";

type Fields = Readonly<Record<string, unknown>>;

export interface Document extends Fields {
  readonly virtual_agents: readonly (Fields & { readonly id: string; readonly endpoint: Fields })[];
  readonly chat?: Fields;
  readonly call?: Fields;
  readonly queues?: readonly (Fields & { readonly id: string | number })[];
  readonly rules?: Fields;
}

export const readSettings = (bytes: Buffer): Document => JSON.parse(bytes.toString()) as Document;

/** Equal for values that are equal as JSON, whatever the order of their fields. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

const ENDPOINT_DEFAULTS: Readonly<Record<string, Fields>> = {
  ccaip: { statuses: ["ready", "in_progress"], declined_status: "ready" },
  dialogflow_cx: { idempotent: true },
};

/** The agents whose endpoint differs: the hand-off goes elsewhere, or differently. */
export function changedEndpoints(old: Document, current: Document): ReadonlySet<string> {
  const before = new Map(old.virtual_agents.map(({ id, endpoint }) => [id, endpointText(endpoint)]));
  const changed = current.virtual_agents.filter(
    ({ id, endpoint }) => before.has(id) && before.get(id) !== endpointText(endpoint),
  );
  return new Set(changed.map(({ id }) => id));
}

const endpointText = (endpoint: Fields): string =>
  canonical({ ...ENDPOINT_DEFAULTS[String(endpoint.kind)], ...endpoint });

export const promptTimeout = ({ rules }: Document): number => Number(rules?.prompt_timeout_s ?? 0);

/** The fields in which two answers differ, `endpoint` and `prompt_timeout_s` among them. */
export class Comparison {
  readonly #endpoints: ReadonlySet<string>;
  readonly #timeout: boolean;
  /** Whether equal answers can mean different treatment. */
  readonly isHidden: boolean;

  constructor(old: Document, current: Document) {
    this.#endpoints = changedEndpoints(old, current);
    this.#timeout = promptTimeout(old) !== promptTimeout(current);
    this.isHidden = this.#endpoints.size > 0 || this.#timeout;
  }

  changed(before: Simulated, after: Simulated): string[] {
    const fields = new Set([...Object.keys(before), ...Object.keys(after)]) as ReadonlySet<keyof Simulated>;
    const changed: string[] = [...fields].filter((field) => !isSame(before[field], after[field]));
    const { virtual_agent: agent } = after;
    if (agent !== null && agent === before.virtual_agent && this.#endpoints.has(agent)) changed.push("endpoint");
    if (this.#timeout && before.outcome === "ask" && after.outcome === "ask") changed.push("prompt_timeout_s");
    return changed;
  }
}

/** Of two values that the core has written: it writes equal ones alike. */
const isSame = (a: unknown, b: unknown): boolean =>
  a === b || (typeof a === "object" && typeof b === "object" && JSON.stringify(a) === JSON.stringify(b));

/** `transfer → skip (queue_disabled)`, and what else differs. */
export function changeText(before: Simulated, after: Simulated, changed: readonly string[]): string {
  const said = new Set(["outcome", "reason", "opt_in"]);
  const parts: string[] = [];
  if (changed.includes("outcome")) parts.push(`${before.outcome} → ${after.outcome} (${after.reason})`);
  else if (changed.includes("reason")) parts.push(`${after.outcome} (${before.reason} → ${after.reason})`);
  else parts.push(`still ${after.outcome}`);
  const goes = ({ outcome }: Simulated) => outcome === "transfer" || outcome === "ask";
  // Between going and not going all of it differs, and goes without saying.
  if (goes(before) !== goes(after)) return parts.join("");
  if (changed.includes("virtual_agent"))
    parts.push(
      `virtual agent ${before.virtual_agent ?? "of the platform"} → ${after.virtual_agent ?? "of the platform"}`,
    );
  const rest = changed.filter((field) => !said.has(field) && field !== "virtual_agent");
  if (changed.includes("level")) parts.push(`level ${before.level ?? "none"} → ${after.level ?? "none"}`);
  const others = rest.filter((field) => field !== "level");
  if (others.length > 0) parts.push(`other ${others.join(", ")}`);
  return parts.join("; ");
}
