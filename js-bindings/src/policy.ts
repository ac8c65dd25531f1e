/** A loaded settings document, to decide and to run sessions without a page. */
import { Core, CorePolicy } from "./core.js";
import { coreText } from "./core-text.js";
import { sessionText, settingsText } from "./documents.js";
import { DisposedError } from "./errors.js";
import { type RawFinding, sessionError } from "./findings.js";
import { checkPolicyOptions, checkRunOptions } from "./options.js";
import type { Platform } from "./platform.js";
import { runSession } from "./run.js";
import { withClaims } from "./signed.js";
import { systemClock } from "./timers.js";
import type {
  Decision,
  Diagnostic,
  Policy,
  PolicyOptions,
  PreviewRow,
  RunOptions,
  RunResult,
  SessionFacts,
  SettingsSource,
  Warning,
} from "./types.js";

export async function openPolicy(
  settings: SettingsSource | undefined,
  options: PolicyOptions,
  platform: Platform,
): Promise<Policy> {
  checkPolicyOptions(options);
  options.signal?.throwIfAborted();
  const [text, compiled] = await Promise.all([
    settingsText(settings, platform, options),
    platform.compile(options.wasm ?? {}),
  ]);
  const core = await Core.start(compiled);
  options.signal?.throwIfAborted();
  return new LoadedPolicy(new CorePolicy(core, text));
}

const noText = (given: unknown): RawFinding => ({
  code: "type_mismatch",
  pointer: "",
  found: `a value of type ${typeof given}`,
  expected: ["JSON text"],
});

class LoadedPolicy implements Policy {
  readonly #policy: CorePolicy;
  readonly #running = new Set<AbortController>();
  #disposed = false;

  constructor(policy: CorePolicy) {
    this.#policy = policy;
  }

  get warnings(): readonly Warning[] {
    return this.#policy.warnings;
  }

  evaluate(session: SessionFacts | string): Decision {
    if (this.#disposed) throw new DisposedError("policy");
    return this.#policy.evaluate(sessionText(session));
  }

  evaluateText(session: string): string {
    if (this.#disposed) throw new DisposedError("policy");
    if (typeof session !== "string") throw sessionError([noText(session)]);
    return this.#policy.evaluateText(session);
  }

  preview(session: SessionFacts | string): readonly PreviewRow[] {
    if (this.#disposed) throw new DisposedError("policy");
    return this.#policy.preview(this.#read(session, systemClock.now(), () => {}));
  }

  async run(session: SessionFacts | string, options: RunOptions = {}): Promise<RunResult> {
    if (this.#disposed) throw new DisposedError("policy");
    checkRunOptions(options);
    options.signal?.throwIfAborted();
    const said: Diagnostic[] = [];
    const text = this.#read(session, (options.clock ?? systemClock).now(), (diagnostic) => said.push(diagnostic));
    const stop = new AbortController();
    const abort = () => stop.abort(options.signal?.reason);
    options.signal?.addEventListener("abort", abort);
    this.#running.add(stop);
    try {
      const result = await runSession(this.#policy, text, options, stop.signal);
      return { ...result, events: [...said.map((data) => ({ event: "diagnostic" as const, data })), ...result.events] };
    } finally {
      options.signal?.removeEventListener("abort", abort);
      this.#running.delete(stop);
    }
  }

  /** The session as text, with the claims of its token. Throws `SessionError`: the core judges the text as it was given. */
  #read(session: SessionFacts | string, now: number, diagnostic: (diagnostic: Diagnostic) => void): string {
    const text = sessionText(session);
    this.#policy.evaluate(text);
    const given = JSON.parse(text) as SessionFacts;
    const facts = withClaims(given, now, diagnostic);
    return facts === given ? text : coreText(facts);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    // Each ends as cancelled, before the core's memory goes.
    for (const running of this.#running) running.abort(new DisposedError("policy"));
    this.#policy.dispose();
  }
}
