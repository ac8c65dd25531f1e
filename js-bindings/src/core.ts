/**
 * The compiled core behind typed calls. Text goes in on the heap, and answers come out of it: Embind's own strings cost sixty times as much.
 * After a trap an instance is never used again.
 */
import { coreText } from "./core-text.js";
import type { FlowEvent, StepAnswer } from "./effects.js";
import { CoreLoadError, CoreTrappedError, DisposedError } from "./errors.js";
import { type RawFinding, type RawWarning, sessionError, settingsError, wordedWarnings } from "./findings.js";
import type { Address, CoreModule } from "./glue.js";
import { ABI } from "./names.js";
import createModule from "./pst.mjs";
import type { SinkFact } from "./sinks.js";
import type { Decision, Json, PreviewRow, Warning } from "./types.js";
import { urlFact } from "./urls.js";

/** Text, or its bytes as UTF-8. */
export type CoreText = string | Uint8Array;

/** How a decision's answer begins; after the decision there is one brace. */
const DECISION = '{"type":"success","decision":';

type Success<Fields> = { readonly type: "success" } & Fields;

interface Failure {
  readonly type: "failure";
  readonly errors: readonly RawFinding[];
}

/** Twice the longest document that the core takes: what is longer is cut here, and is refused there all the same. */
const MOST_UNITS = 8 * 1024 * 1024;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * Encoding would replace a lone surrogate silently, so that a broken text would pass as another one. Escaped, it reaches the core, which refuses it.
 */
function keepLoneSurrogates(text: string): string {
  if (text.isWellFormed?.()) return text;
  return text.replace(/\p{Surrogate}/gu, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);
}

async function instantiate(compiled: WebAssembly.Module): Promise<CoreModule> {
  const module = await new Promise<CoreModule>((resolve, reject) => {
    createModule({
      instantiateWasm(imports, receive) {
        WebAssembly.instantiate(compiled, imports).then((instance) => receive(instance, compiled), reject);
        return {};
      },
    }).then(resolve, reject);
  }).catch((error: unknown) => {
    throw new CoreLoadError("wasm_unavailable", `The core could not be started: ${String(error)}`, error);
  });
  const abi = module.abi();
  if (abi !== ABI)
    throw new CoreLoadError(
      "abi_mismatch",
      `The core has ABI ${abi}, but this package needs ${ABI}: take pst.wasm, pst.mjs and the package from one build.`,
    );
  return module;
}

type CoreCall = (module: CoreModule, bytes: number) => Address;

/** Writes a text on the heap; returns its length in bytes. */
function write(module: CoreModule, text: CoreText, reserve: CoreCall): number {
  if (typeof text !== "string") {
    const bytes = text.subarray(0, MOST_UNITS);
    // `reserve` first: the memory may grow.
    const address = reserve(module, bytes.length);
    module.HEAPU8.set(bytes, address);
    return bytes.length;
  }
  const whole = keepLoneSurrogates(text.length > MOST_UNITS ? text.slice(0, MOST_UNITS) : text);
  // No UTF-16 unit takes more than three bytes. Texts are short, and need no second look.
  const room = whole.length * 3;
  const address = reserve(module, room);
  return encoder.encodeInto(whole, module.HEAPU8.subarray(address, address + room)).written;
}

/** The answer where it stands on the heap, until the next call. */
function answerTo(module: CoreModule, text: CoreText, reserve: CoreCall, method: CoreCall): Uint8Array {
  const answer = method(module, write(module, text, reserve));
  // Not before the call: the memory may have grown.
  const heap = module.HEAPU8;
  const length = module.HEAPU32[answer >>> 2] as number;
  return heap.subarray(answer + 4, answer + 4 + length);
}

/** One core and, after a trap, the next. */
export class Core {
  /** Counts the instances. */
  generation = 0;
  readonly #compiled: WebAssembly.Module;
  #module: CoreModule | undefined;
  /** Resolves when an instance that trapped has been replaced, as far as that is possible. */
  replaced: Promise<void> = Promise.resolve();

  private constructor(compiled: WebAssembly.Module, module: CoreModule) {
    this.#compiled = compiled;
    this.#module = module;
  }

  static async start(compiled: WebAssembly.Module): Promise<Core> {
    return new Core(compiled, await instantiate(compiled));
  }

  get module(): CoreModule {
    if (this.#module === undefined) throw new CoreTrappedError();
    return this.#module;
  }

  /** Calls into the core: writes the text where `reserve` says, runs `method` on so many bytes, and reads the answer. */
  call(text: CoreText, reserve: CoreCall, method: CoreCall): unknown {
    return JSON.parse(this.callText(text, reserve, method));
  }

  /** The same, with the answer as it is. */
  callText(text: CoreText, reserve: CoreCall, method: CoreCall): string {
    return this.guard((module) => decoder.decode(answerTo(module, text, reserve, method)));
  }

  /** The same, with the answer's bytes: a copy, because the next call writes over them. */
  callBytes(text: CoreText, reserve: CoreCall, method: CoreCall): Uint8Array {
    return this.guard((module) => answerTo(module, text, reserve, method).slice());
  }

  /** Uses the core. Whatever is thrown in there is a trap. */
  guard<T>(use: (module: CoreModule) => T): T {
    const module = this.module;
    try {
      return use(module);
    } catch (error) {
      throw this.#trapped(error);
    }
  }

  #trapped(error: unknown): CoreTrappedError {
    this.#module = undefined;
    this.generation += 1;
    this.replaced = instantiate(this.#compiled).then(
      (module) => {
        this.#module = module;
      },
      () => {
        // It stays trapped, and every use says so.
      },
    );
    return new CoreTrappedError(error);
  }
}

type PolicyMethod = "policy_open" | "policy_accept" | "policy_evaluate" | "policy_preview" | "policy_simulate";

/** Settings in the core. */
export class CorePolicy {
  readonly #core: Core;
  #policy: Address = 0;
  #generation = -1;
  #settings: CoreText | undefined;
  #disposed = false;
  warnings: readonly Warning[] = [];
  /** `rules.prompt_timeout_s`; 0 = none. */
  promptTimeoutS = 0;

  /** Throws `SettingsError`. */
  constructor(core: Core, settings: CoreText | undefined) {
    this.#core = core;
    this.#settings = settings;
    try {
      this.#live();
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  /** Throws `SessionError`. */
  evaluate(session: CoreText): Decision {
    const answer = this.#call(session, "policy_evaluate") as Success<{ decision: Decision }> | Failure;
    if (answer.type === "failure") throw sessionError(answer.errors);
    return answer.decision;
  }

  /** The decision as the core wrote it. Throws `SessionError`. */
  evaluateText(session: CoreText): string {
    const answer = this.#callText(session, "policy_evaluate");
    if (answer.startsWith(DECISION)) return answer.slice(DECISION.length, -1);
    throw sessionError((JSON.parse(answer) as Failure).errors);
  }

  /** Throws `SessionError`. */
  preview(session: CoreText): readonly PreviewRow[] {
    const answer = this.#call(session, "policy_preview") as Success<{ preview: readonly PreviewRow[] }> | Failure;
    if (answer.type === "failure") throw sessionError(answer.errors);
    return answer.preview;
  }

  /** One session a line in, one line of JSON out for each. */
  simulateLines(sessions: CoreText): string {
    return this.#callText(sessions, "policy_simulate");
  }

  /** The same in UTF-8, for those who pass the lines on as they are. */
  simulateBytes(sessions: Uint8Array): Uint8Array {
    const policy = this.#live();
    return this.#core.callBytes(
      sessions,
      (module, bytes) => module.policy_reserve(policy, bytes),
      (module, bytes) => module.policy_simulate(policy, bytes),
    );
  }

  /** After a trap: a flow in the instance that takes the place of the one that trapped. */
  async flowAgain(): Promise<CoreFlow> {
    await this.#core.replaced;
    return this.flow();
  }

  /** The document as it was given; nothing where there is none. */
  get settings(): CoreText | undefined {
    return this.#settings;
  }

  flow(): CoreFlow {
    const policy = this.#live();
    return new CoreFlow(
      this.#core,
      this.#core.guard((module) => module.flow_new(policy)),
    );
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#settings = undefined;
    free(this.#core, this.#generation, this.#policy, "policy_delete");
  }

  /** The handle in the present instance; after a trap the settings are loaded again. */
  #live(): Address {
    if (this.#disposed) throw new DisposedError("policy");
    if (this.#generation === this.#core.generation) return this.#policy;
    this.#policy = this.#core.guard((module) => module.policy_new());
    this.#generation = this.#core.generation;
    if (this.#settings !== undefined) this.warnings = this.#open(this.#settings);
    return this.#policy;
  }

  #open(settings: CoreText): readonly Warning[] {
    const opened = this.#call(settings, "policy_open") as { type: "facts_needed"; urls: readonly string[] } | Failure;
    if (opened.type === "failure") throw settingsError(opened.errors);
    const facts = JSON.stringify({ urls: opened.urls.map(urlFact) });
    const accepted = this.#call(facts, "policy_accept") as
      | Success<{ warnings: readonly RawWarning[]; prompt_timeout_s: number }>
      | Failure;
    if (accepted.type === "failure") throw settingsError(accepted.errors);
    this.promptTimeoutS = accepted.prompt_timeout_s;
    return wordedWarnings(accepted.warnings);
  }

  #callText(text: CoreText, method: PolicyMethod): string {
    const policy = this.#live();
    return this.#core.callText(
      text,
      (module, bytes) => module.policy_reserve(policy, bytes),
      (module, bytes) => module[method](policy, bytes),
    );
  }

  #call(text: CoreText, method: PolicyMethod): unknown {
    return JSON.parse(this.#callText(text, method));
  }
}

export interface BeginFacts {
  readonly session: unknown;
  readonly mode: "enforce" | "observe";
  readonly prompt: "module" | "platform";
  readonly conversation?: "module" | "host";
  readonly allowed_origins: readonly string[] | null;
  readonly sinks: { readonly metadata: SinkFact; readonly crm: SinkFact };
  /** Where a page before this one, or another tab, had got to: what a `persist` effect said; `null` if there is nothing. */
  readonly saved: Json;
  readonly saved_age_ms: number;
  /** An IANA name; `null` where it is not known. */
  readonly time_zone: string | null;
  readonly at: string;
}

export interface Begun {
  readonly decision: Decision;
  /** The text whose SHA-256 the core needs; `null` where it needs none. */
  readonly digest_of: string | null;
}

/** One session's flow in the core. It keeps the settings that were in force when it was made. */
export class CoreFlow {
  readonly #core: Core;
  readonly #flow: Address;
  readonly #generation: number;
  #disposed = false;

  constructor(core: Core, flow: Address) {
    this.#core = core;
    this.#flow = flow;
    this.#generation = core.generation;
  }

  /** Throws `SessionError`. */
  begin(facts: BeginFacts): Begun {
    const answer = this.#call(facts, "flow_begin") as Success<Begun> | Failure;
    if (answer.type === "failure") throw sessionError(answer.errors);
    return answer;
  }

  /** The core answers every event; what it cannot read it reports as ignored. */
  step(event: FlowEvent): StepAnswer {
    return this.#call(event, "flow_step") as StepAnswer;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    free(this.#core, this.#generation, this.#flow, "flow_delete");
  }

  #call(value: object, method: "flow_begin" | "flow_step"): unknown {
    if (this.#disposed) throw new DisposedError("flow");
    // What the flow knew went with its instance.
    if (this.#generation !== this.#core.generation) throw new CoreTrappedError();
    return this.#core.call(
      coreText(value, 1),
      (module, bytes) => module.flow_reserve(this.#flow, bytes),
      (module, bytes) => module[method](this.#flow, bytes),
    );
  }
}

// INVARIANT: a handle is deleted once, and never used in another instance than its own: it is an address.
function free(core: Core, generation: number, handle: Address, method: "policy_delete" | "flow_delete"): void {
  // A trapped instance goes as a whole.
  if (generation !== core.generation) return;
  try {
    core.guard((module) => module[method](handle));
  } catch {
    // Trapped while freeing: the instance is being replaced.
  }
}
