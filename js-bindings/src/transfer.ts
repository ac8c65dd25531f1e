/** The runner: one for the life of a page. Loaded when the page is idle, or when a chat has ended. */
import { Adapter } from "./adapter/adapter.js";
import { inThisPage, restoredFacts, sessionFacts } from "./adapter/facts.js";
import type { Ear, Heard } from "./adapter/listen.js";
import { postSessionSdk } from "./adapter/post-session.js";
import { type BeginFacts, Core, type CoreFlow, CorePolicy } from "./core.js";
import { sessionText, settingsText } from "./documents.js";
import { ConfigurationError, CoreTrappedError, DisposedError, PostSessionError } from "./errors.js";
import { EventLog } from "./event-log.js";
import { type Doers, FlowRun, type Told } from "./flow-run.js";
import { Handlers } from "./handlers.js";
import { sensitiveFields } from "./log-masks.js";
import { checkModes } from "./modes.js";
import type { ActionName, Phase } from "./names.js";
import { Outbox } from "./outbox.js";
import { plainObject } from "./plain.js";
import type { Platform } from "./platform.js";
import type { PromptView } from "./prompt/view.js";
import { Records, redactedLog, sinkFacts } from "./sinks.js";
import { type Kept, type PageStorage, pageLocks, pageStorage } from "./storage.js";
import { Tabs } from "./tabs.js";
import { systemClock } from "./timers.js";
import { Tries } from "./tries.js";
import type {
  Answered,
  Diagnostic,
  EventData,
  EventHandler,
  EventName,
  LogEntry,
  PostSessionTransfer,
  Prompt,
  PromptValues,
  SessionFacts,
  TransferOptions,
  TransferOutcome,
  Warning,
} from "./types.js";
import { allowedOrigins } from "./urls.js";
import { Dictionary } from "./words.js";

/** Makes the transfer from what is loaded by now. What was heard meanwhile is delivered after the caller has had it. */
export async function openTransfer(
  options: TransferOptions,
  ear: Ear,
  platform: Platform,
): Promise<PostSessionTransfer> {
  options.signal?.throwIfAborted();
  if (options.client !== undefined && !ear.recognised)
    throw new ConfigurationError(
      "client_unrecognised",
      "The client is neither a headless Client nor a UJET widget: it has no on() of its own, nor a client with one.",
    );
  checkModes(options);
  const origins = allowedOrigins(options.endpoints);
  const sinks = sinkFacts(options.records);
  const [settings, compiled, view] = await Promise.all([
    settingsText(options.settings, platform, options),
    platform.compile(options.wasm ?? {}),
    loadView(options),
  ]);
  const core = await Core.start(compiled);
  const policy = new CorePolicy(core, settings);
  if (options.signal?.aborted) {
    policy.dispose();
    throw options.signal.reason;
  }
  const transfer = new Transfer(options, ear, policy, { origins, sinks });
  if (view !== undefined && options.mount !== undefined)
    transfer.attach(
      new view(
        options.mount,
        {
          theme: options.theme ?? "auto",
          layout: ear.widget === undefined ? "inline" : "card",
          presentation: options.presentation,
          accent: options.accent,
        },
        (action, values) => transfer.act(action, values),
      ),
    );
  // A macrotask: handlers that are registered right after the `await` see everything.
  setTimeout(() => transfer.start(), 0);
  return transfer;
}

async function loadView(options: TransferOptions): Promise<typeof PromptView | undefined> {
  if (options.mount === undefined) return undefined;
  if (typeof options.mount?.ownerDocument?.createElement !== "function")
    throw new ConfigurationError("mount_unusable", "mount must be an element of a page.");
  return (await import("./prompt/view.js")).PromptView;
}

/** How long the SDK has to say which chat is going on, before a session of the page before is gone on with. */
const GRACE_MS = 300;

const isOffline = (): boolean => (globalThis.navigator as Navigator | undefined)?.onLine === false;

/** Where anything may be sent. */
interface Allowed {
  readonly origins: readonly string[];
  readonly sinks: BeginFacts["sinks"];
}

class Transfer implements PostSessionTransfer {
  readonly warnings: readonly Warning[];
  readonly #options: TransferOptions;
  readonly #policy: CorePolicy;
  readonly #allowed: Allowed;
  readonly #ear: Ear;
  readonly #adapter: Adapter;
  readonly #handlers = new Handlers();
  readonly #outbox = new Outbox();
  readonly #log: EventLog;
  readonly #doers: Omit<Doers, "records" | "emit" | "show">;
  readonly #dictionary: Dictionary;
  readonly #tries: Tries;
  readonly #storage: PageStorage | undefined;
  /** This page's name among the tabs. */
  readonly #owner: string;
  readonly #network = new AbortController();
  #view: PromptView | undefined;
  #run: FlowRun | undefined;
  /** Ids of the sessions before it, in this page. */
  readonly #past = new Set<string>();
  /** Runs of those, whose records are still on their way. */
  readonly #recording = new Set<FlowRun>();
  /** The session that the run is about. */
  #session: string | undefined;
  #outcome: TransferOutcome | null = null;
  #started = false;
  #logFailed = false;
  readonly #early: Diagnostic[] = [];
  #disposed = false;

  constructor(options: TransferOptions, ear: Ear, policy: CorePolicy, allowed: Allowed) {
    this.#ear = ear;
    this.#options = options;
    this.#policy = policy;
    this.#allowed = allowed;
    this.warnings = policy.warnings;
    this.#log = new EventLog(policy.settings);
    this.#owner = globalThis.crypto?.randomUUID?.() ?? String((options.random ?? Math.random)());
    this.#storage = pageStorage(options.storage, (code, message) => this.#diagnostic({ code, message }));
    const clock = options.clock ?? systemClock;
    const diagnostic = (said: Diagnostic) => this.#diagnostic(said);
    this.#dictionary = new Dictionary({
      locale: options.locale,
      messages: options.messages,
      mount: options.mount,
      seconds: policy.promptTimeoutS,
      clock,
      diagnostic,
    });
    this.#tries = new Tries(clock);
    this.#doers = {
      clock,
      random: options.random ?? Math.random,
      fetch: options.fetch ?? ((url, init) => globalThis.fetch(url, init)),
      authorize: options.authorize,
      provide: options.provide,
      words: (lang) => this.#dictionary.words(lang),
      sdk: postSessionSdk(ear, () => this.#session),
      log: this.#log,
      outbox: this.#outbox,
      offline: isOffline,
    };
    const facts = (end: Heard, signals: readonly Heard[], diagnostic: (said: Diagnostic) => void) =>
      sessionFacts(ear, end, signals, options.session, diagnostic);
    this.#adapter = new Adapter(ear, {
      ended: (end, signals) => {
        this.#begin(facts(end, signals, diagnostic)).catch((error: unknown) => this.#beginFailed(error));
      },
      more: (end, signals) => {
        // What there is to say of these facts has been said.
        if (this.#run?.open) this.#begin(facts(end, signals, () => {})).catch(() => {});
      },
      signal: (signal) => this.#run?.dispatch({ type: "signal", ...signal }),
      newConversation: () => this.#run?.dispatch({ type: "new_conversation" }),
    });
    options.signal?.addEventListener(
      "abort",
      () => {
        this.cancel();
        this.dispose();
      },
      { once: true, signal: this.#network.signal },
    );
  }

  attach(view: PromptView): void {
    this.#view = view;
  }

  start(): void {
    if (this.#disposed) return;
    this.#started = true;
    for (const diagnostic of this.#early.splice(0)) this.#diagnostic(diagnostic);
    if (typeof globalThis.addEventListener === "function") {
      const listening = { signal: this.#network.signal };
      const tell = (offline: boolean) => {
        for (const run of [this.#run, ...this.#recording]) run?.tellNetwork(offline);
      };
      globalThis.addEventListener("online", () => tell(false), listening);
      globalThis.addEventListener("offline", () => tell(true), listening);
      // A page in the back/forward cache is told nothing. Later than that it is back: whoever has to wait for the lead again must not send before.
      const back = ({ persisted }: PageTransitionEvent) => persisted && setTimeout(() => tell(isOffline()), 0);
      globalThis.addEventListener("pageshow", back, listening);
    }
    // Which language it will be is known already: not loaded only when somebody waits for it.
    if (this.#options.locale !== undefined) void this.#dictionary.words(undefined);
    this.#adapter.start();
    this.#goOn();
  }

  get state(): Phase {
    return this.#run?.phase ?? "idle";
  }

  get outcome(): TransferOutcome | null {
    return this.#outcome;
  }

  on<Name extends EventName>(name: Name, handler: EventHandler<Name>): () => void {
    if (this.#disposed) throw new DisposedError("transfer");
    return this.#handlers.on(name, handler);
  }

  off<Name extends EventName>(name: Name, handler: EventHandler<Name>): void {
    this.#handlers.off(name, handler);
  }

  act(action: ActionName, values: PromptValues = {}): Answered {
    return this.#tell((run) => {
      const throttled = action === "try_again" && run.phase === "stalled" && !this.#tries.take();
      const given = plainObject(values) as PromptValues;
      return run.dispatch({ type: "action", action, values: given, ...(throttled && { throttled }) });
    });
  }

  conversationEnded(by: "virtual_agent" | "end_user" | "unknown"): Answered {
    return this.#tell((run) => run.dispatch({ type: "conversation_ended", by }));
  }

  cancel(): Answered {
    return this.#tell((run) => run.dispatch({ type: "cancel" }));
  }

  async sessionEnded(facts: SessionFacts | string): Promise<Answered> {
    if (this.#disposed) throw new DisposedError("transfer");
    const text = sessionText(facts);
    // The core judges the text itself; only one that it takes is read here.
    this.#policy.evaluate(text);
    return this.#begin(inThisPage(JSON.parse(text) as SessionFacts, undefined));
  }

  log(): readonly LogEntry[] {
    return redactedLog(this.#log.entries(), this.#options.redact, (said) => {
      // Once: whoever reads the log at every diagnostic would never come to an end.
      if (this.#logFailed) return;
      this.#logFailed = true;
      this.#diagnostic(said);
    });
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#adapter.stop();
    this.#network.abort();
    this.#run?.dispose();
    for (const run of this.#recording) run.dispose();
    this.#policy.dispose();
    this.#outbox.clear();
    this.#handlers.clear();
    this.#view?.dispose();
  }

  #tell(tell: (run: FlowRun) => Answered): Answered {
    if (this.#disposed) return { accepted: false, ignored: "disposed" };
    return this.#run === undefined ? { accepted: false, ignored: "no_session" } : tell(this.#run);
  }

  /** `calledOff`: what has happened to the session before it could be gone on with. */
  async #begin(facts: SessionFacts, calledOff?: "new_conversation" | "chat_resumed"): Promise<Answered> {
    const session = String(facts.id);
    const before = this.#run;
    const told = this.#told(facts);
    // One session is taken through once; told again, the core says what it makes of it.
    if (before !== undefined && session === this.#session && !before.calledOffUnasked) {
      if (!before.open) return before.sessionEnded();
      before.begin(told);
      return before.start();
    }
    // Nor is one that was taken through before another one came: one question a session, whatever the answer.
    if (this.#past.has(session)) return { accepted: false, ignored: "not_expected" };
    let run: FlowRun;
    try {
      run = this.#newRun(session, told, this.#policy.flow());
    } catch (error) {
      if (!(error instanceof CoreTrappedError)) throw error;
      this.#diagnostic({ code: "core_replaced", message: `${error.message} Another instance takes the session.` });
      run = this.#newRun(session, told, await this.#policy.flowAgain());
    }
    // A session that is over never holds up the next one.
    before?.dispatch({ type: "new_conversation" });
    if (before?.recording) this.#recording.add(before);
    else before?.dispose();
    if (this.#session !== undefined) this.#past.add(this.#session);
    this.#run = run;
    this.#session = session;
    this.#outcome = null;
    return calledOff === undefined ? run.start() : run.dispatch({ type: calledOff });
  }

  #told(facts: SessionFacts): Told {
    const { mode = "enforce", prompt = "module", conversation = "module" } = this.#options;
    const { origins, sinks } = this.#allowed;
    return { session: facts, mode, prompt, conversation, allowed_origins: origins, sinks };
  }

  /** @param aside of a session before the one in progress: the host hears of its records, and of nothing else */
  #newRun(session: string, told: Told, flow: CoreFlow, aside = false): FlowRun {
    const flowAgain = () => this.#policy.flowAgain();
    const { records, redact } = this.#options;
    const run: FlowRun = new FlowRun(flow, {
      ...this.#doers,
      emit: (name, data) => {
        if (!aside || name === "record" || name === "diagnostic") this.#emit(run, name, data);
      },
      show: (prompt) => {
        if (!aside) this.#show(prompt);
      },
      records: new Records(records, redact, (said) => this.#diagnostic(said)),
      tabs: this.#tabs(session),
      flowAgain,
      settled: () => {
        if (run.over && this.#recording.delete(run)) run.dispose();
      },
    });
    try {
      run.begin(told);
      return run;
    } catch (error) {
      run.dispose();
      throw error;
    }
  }

  #emit<Name extends EventName>(run: FlowRun, name: Name, data: EventData[Name]): void {
    if (name === "outcome" && run === this.#run) {
      this.#outcome = data as TransferOutcome;
      // A chat that goes on before anybody was asked comes to its end another time.
      if (run.calledOffUnasked) this.#adapter.reopen();
    }
    this.#handlers.emit(name, data);
  }

  /** What keeps this session across tabs and reloads. Where nothing is done, nothing is kept. */
  #tabs(session: string): Tabs | undefined {
    const { mode = "enforce", prompt = "module" } = this.#options;
    if (this.#storage === undefined || mode !== "enforce" || prompt !== "module") return undefined;
    const { clock, random } = this.#doers;
    const run = () => (this.#session === session ? this.#run : undefined);
    return new Tabs(
      { storage: this.#storage, locks: pageLocks(), clock, random, owner: this.#owner },
      {
        lost: () => run()?.yieldLead(),
        handled: (connected) => run()?.dispatch({ type: "handled_elsewhere", connected }).accepted === true,
        get idle() {
          return run()?.waiting === true;
        },
      },
      session,
      sensitiveFields(this.#log.settings),
    );
  }

  /** A page before this one had not come to the end of its sessions. The SDK may be silent about a chat that is over. */
  #goOn(): void {
    const storage = this.#storage;
    if (storage === undefined || this.#options.mode === "observe" || this.#options.prompt === "platform") return;
    const kept = storage.own();
    if (kept === undefined && storage.aside().length === 0) return;
    const { clock } = this.#doers;
    const timer = clock.setTimeout(() => {
      if (this.#disposed) return;
      for (const over of storage.aside()) this.#goOnRecording(over);
      if (kept === undefined || this.#run !== undefined) return;
      const chat = this.#adapter.takeUp(kept.facts.id);
      const facts = restoredFacts(this.#ear, kept.facts, this.#options.session, (said) => this.#diagnostic(said));
      const calledOff = {
        another: "new_conversation",
        goes_on: "chat_resumed",
        gone: undefined,
        virtual_agent: undefined,
      } as const;
      // What is over but for its records is not called off.
      const isOver = plainObject(kept.state).phase === "done";
      this.#begin(facts, isOver ? undefined : calledOff[chat])
        .then(() => {
          if (chat === "virtual_agent" && !isOver)
            this.#run?.dispatch({ type: "signal", signal: "virtual_agent.message" });
        })
        .catch((error: unknown) => this.#beginFailed(error));
    }, GRACE_MS);
    this.#network.signal.addEventListener("abort", () => clock.clearTimeout(timer), { once: true });
  }

  /** Beside the session in progress: all that is left to do is to write its records. */
  #goOnRecording({ facts: kept }: Kept): void {
    const session = String(kept.id);
    // Told meanwhile, it has a run of its own.
    if (session === this.#session || this.#past.has(session)) return;
    const facts = restoredFacts(this.#ear, kept, this.#options.session, (said) => this.#diagnostic(said));
    try {
      const run = this.#newRun(session, this.#told(facts), this.#policy.flow(), true);
      this.#past.add(session);
      this.#recording.add(run);
      void run.start();
    } catch (error) {
      this.#beginFailed(error);
    }
  }

  /** The end of a chat came from the SDK: there is no caller to tell but the host. */
  #beginFailed(error: unknown): void {
    if (this.#disposed) return;
    const code = error instanceof PostSessionError ? error.code : "internal_error";
    this.#diagnostic({ code, message: error instanceof Error ? error.message : String(error) });
  }

  #show(prompt: Prompt | null): void {
    this.#view?.show(prompt);
    this.#handlers.emit("prompt", prompt);
  }

  #diagnostic(diagnostic: Diagnostic): void {
    // Before the start nobody can have asked to be told.
    if (!this.#started) {
      this.#early.push(diagnostic);
      return;
    }
    this.#outbox.put(() => this.#handlers.emit("diagnostic", diagnostic));
    this.#outbox.flush();
  }
}
