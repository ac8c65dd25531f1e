/** A loaded settings document, to decide and to run sessions without a page. */
import { Core, CorePolicy } from "./core.js";
import { sessionText, settingsText } from "./documents.js";
import { DisposedError } from "./errors.js";
import type { Platform } from "./platform.js";
import { runSession } from "./run.js";
import type {
  Decision,
  Policy,
  PolicyOptions,
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
  options.signal?.throwIfAborted();
  const [text, compiled] = await Promise.all([
    settingsText(settings, platform, options),
    platform.compile(options.wasm ?? {}),
  ]);
  const core = await Core.start(compiled);
  options.signal?.throwIfAborted();
  return new LoadedPolicy(new CorePolicy(core, text));
}

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
    return this.#policy.evaluateText(session);
  }

  async run(session: SessionFacts | string, options: RunOptions = {}): Promise<RunResult> {
    if (this.#disposed) throw new DisposedError("policy");
    options.signal?.throwIfAborted();
    const stop = new AbortController();
    const abort = () => stop.abort(options.signal?.reason);
    options.signal?.addEventListener("abort", abort);
    this.#running.add(stop);
    try {
      return await runSession(this.#policy, sessionText(session), options, stop.signal);
    } finally {
      options.signal?.removeEventListener("abort", abort);
      this.#running.delete(stop);
    }
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    // Each ends as cancelled, before the core's memory goes.
    for (const running of this.#running) running.abort(new DisposedError("policy"));
    this.#policy.dispose();
  }
}
