/** One session: takes events to the core one at a time, and carries out what it answers. */

import { withSafeLink } from "./conversation-link.js";
import type { BeginFacts, CoreFlow } from "./core.js";
import { sha256 } from "./digest.js";
import type {
  Effect,
  FlowEvent,
  SendEffect,
  StepAnswer,
  UntimedEvent,
  UpdatePostSessionEffect,
  WriteRecordEffect,
} from "./effects.js";
import { CoreTrappedError } from "./errors.js";
import type { EventLog } from "./event-log.js";
import type { DeliveryName, Phase, TimerName } from "./names.js";
import type { Outbox } from "./outbox.js";
import { type Asked, askHost } from "./provide.js";
import { type SendFailure, type SendResponse, send } from "./send.js";
import type { Records } from "./sinks.js";
import type { Tabs } from "./tabs.js";
import { isoTime, Timers } from "./timers.js";
import type {
  Answered,
  Authorize,
  Clock,
  Decision,
  Diagnostic,
  EventData,
  EventName,
  FetchLike,
  Json,
  Prompt,
  Provide,
  SessionFacts,
  TransferOutcome,
} from "./types.js";
import type { Words } from "./words.js";

/** What the effects are done with. */
export interface Doers {
  readonly clock: Clock;
  readonly random: () => number;
  readonly fetch: FetchLike;
  /** Whether the page is known to be off the network. */
  readonly offline?: () => boolean;
  readonly authorize: Authorize | undefined;
  readonly provide: Provide | undefined;
  readonly records: Records;
  /** The texts for a session's language. */
  readonly words: (lang: unknown) => Promise<Words>;
  /** The SDK's part of a hand-off through the platform; nothing where there is no SDK that can. */
  readonly sdk: PostSessionSdk | undefined;
  readonly log: EventLog;
  /** Other tabs, and what outlives the page; nothing where nothing can be kept. */
  readonly tabs?: Tabs | undefined;
  /** After a trap: a flow in a new instance. Without it a trap ends the session. */
  readonly flowAgain?: () => Promise<CoreFlow>;
  /** What reaches the host goes through here, after the effects of an event. */
  readonly outbox: Outbox;
  readonly emit: <Name extends EventName>(event: Name, data: EventData[Name]) => void;
  readonly show: (prompt: Prompt | null) => void;
  /** An event has been answered and its effects carried out. */
  readonly settled?: () => void;
}

/** What a hand-off through the platform needs of the SDK. */
export interface PostSessionSdk {
  /** May throw, reject, answer with anything, or never. */
  updatePostSession(status: string, optIn?: boolean): unknown;
  /** The chat's post-session status, where the SDK tells it. */
  status(): string | undefined;
  /** Shows the stock widget, where there is one that is hidden. Never throws. */
  showWidget(): void;
}

/** What is told of a session that has ended. */
export type Told = Omit<BeginFacts, "at" | "time_zone" | "saved" | "saved_age_ms">;

/** Each delivery has timers of its own. */
const timerName = ({ timer, delivery }: { readonly timer: TimerName; readonly delivery?: DeliveryName }): string =>
  delivery === undefined ? timer : `${delivery} ${timer}`;

function timerEvent(name: string): UntimedEvent & { type: "timer" } {
  const [first, second] = name.split(" ");
  return second === undefined
    ? { type: "timer", timer: first as TimerName }
    : { type: "timer", timer: second as TimerName, delivery: first as DeliveryName };
}

export class FlowRun {
  #core: CoreFlow;
  readonly #doers: Doers;
  readonly #timers: Timers<string>;
  readonly #sending = new Map<DeliveryName, AbortController>();
  /** Those of them that still wait for `authorize()`. */
  readonly #unsent = new Set<DeliveryName>();
  readonly #waiting: UntimedEvent[] = [];
  #busy = false;
  #disposed = false;
  #started = false;
  /** As the core knows it. */
  #offline = false;
  #told: Told | undefined;
  #telling = 0;
  /** What the core wanted kept last, for an instance that takes over. */
  #kept: { readonly state: Json; readonly at: number } = { state: null, at: 0 };
  #replaced = false;
  readonly #said = new Set<EventName>();
  #shown = "";
  #digestOf: string | null = null;
  #digest: string | null = null;
  #words: Words | undefined;
  #providing: AbortController | undefined;
  #origins: readonly string[] = [];
  phase: Phase = "idle";
  /** Records are on their way; also when all else is over. */
  recording = false;
  decision: Decision | null = null;
  outcome: TransferOutcome | null = null;

  constructor(core: CoreFlow, doers: Doers) {
    this.#core = core;
    this.#doers = doers;
    this.#timers = new Timers(doers.clock, doers.random, (name) => this.#due(timerEvent(name)));
  }

  /** Gives the session to the core, which decides. Throws `SessionError` before anything is done. */
  begin(facts: Told): void {
    this.#telling += 1;
    this.#told = facts;
    const own = this.#doers.tabs?.own;
    this.#tell(own?.state ?? null, own?.ageMs ?? 0);
  }

  #tell(saved: Json, savedAgeMs: number): void {
    const facts = this.#told as Told;
    const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
    const at = isoTime(this.#doers.clock);
    const told = { ...facts, saved, saved_age_ms: savedAgeMs, time_zone: timeZone ?? null, at };
    const begun = this.#core.begin(told);
    this.#doers.log.begin(at, told, begun, this.#core);
    this.decision = begun.decision;
    this.#origins = facts.allowed_origins ?? [];
    this.#digestOf = begun.digest_of;
  }

  /** Tells the core that the session has ended: from here on, things happen. */
  async start(): Promise<Answered> {
    const telling = this.#telling;
    const goesAhead = this.#digestOf !== null;
    const words = goesAhead ? this.#doers.words((this.#told?.session as Partial<SessionFacts>)?.lang) : undefined;
    const digest = this.#digestOf === null ? null : await sha256(this.#digestOf);
    if (words !== undefined) this.#words = await words;
    // Told again meanwhile: the later telling goes on.
    if (telling !== this.#telling) return { accepted: false, ignored: "busy" };
    if (this.#disposed) return { accepted: false, ignored: "disposed" };
    if (this.#digestOf !== null && digest === null)
      this.diagnostic({
        code: "digest_unavailable",
        message: "No SHA-256 here: WebCrypto needs a secure context (https).",
      });
    this.#digest = digest;
    this.#started = true;
    // Not before now: the network may have come back while the words were loaded.
    this.tellNetwork(this.#doers.offline?.() ?? false);
    const { tabs } = this.#doers;
    if (tabs === undefined || digest === null || this.phase !== "idle") return this.sessionEnded();
    const turn = await tabs.turn(digest, () => this.dispatch({ type: "lead_awaited" }));
    if (telling !== this.#telling || this.#disposed) return { accepted: false, ignored: "busy" };
    if (turn.type === "given_up") return { accepted: false, ignored: "busy" };
    if (turn.type === "handled") return this.dispatch({ type: "handled_elsewhere", connected: turn.connected });
    if (turn.state !== null) this.#tell(turn.state, turn.ageMs);
    return this.sessionEnded();
  }

  tellNetwork(isOffline: boolean): void {
    if (isOffline === this.#offline) return;
    this.#offline = isOffline;
    this.dispatch({ type: isOffline ? "offline" : "online" });
  }

  /** Another tab may be in charge now: wait for the turn again, and go on where it has got to. */
  yieldLead(): void {
    this.dispatch({ type: "lead_lost" });
    if (this.phase !== "idle" || this.#told === undefined) return;
    this.begin(this.#told);
    void this.start();
  }

  /** The chat went on before anybody was asked: its next end is the first that counts. */
  get calledOffUnasked(): boolean {
    return this.outcome?.reason === "chat_resumed" && !this.#said.has("hold");
  }

  /** Nothing more will happen. */
  get over(): boolean {
    return this.phase === "done" && !this.recording;
  }

  /** A person, or nobody, is waited for: another tab may go on. */
  get waiting(): boolean {
    return this.open || this.phase === "stalled" || (this.phase === "collecting" && this.#providing === undefined);
  }

  /** Whether facts that come later still count. */
  get open(): boolean {
    return this.phase === "idle" || this.phase === "asking";
  }

  /** Told again, the core says what it makes of it. */
  sessionEnded(): Answered {
    // The digest is still being made: the first telling will do.
    if (!this.#started) return { accepted: false, ignored: "busy" };
    const words = this.#words === undefined ? {} : { words: this.#words };
    return this.dispatch({ type: "session_ended", digest: this.#digest, ...words });
  }

  /** Sends an event to the core, and carries out the effects. Never throws. */
  dispatch(event: UntimedEvent): Answered {
    if (this.#disposed) return { accepted: false, ignored: "disposed" };
    if (this.#busy) {
      // Only what we started ourselves can come while effects are carried out, from a clock or a network that answers at once.
      this.#waiting.push(event);
      return { accepted: false, ignored: "busy" };
    }
    this.#busy = true;
    const answered = this.#step(event);
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) this.#step(next);
    this.#busy = false;
    this.#doers.outbox.flush();
    this.#doers.settled?.();
    return answered;
  }

  #due(event: UntimedEvent & { type: "timer" }): void {
    this.dispatch(this.#unsent.has(event.delivery ?? "handoff") ? { ...event, unsent: true } : event);
  }

  /** True while a request is on its way, or another try is due. */
  get delivering(): boolean {
    return this.#sending.size > 0 || this.#timers.running.some((name) => name.endsWith("retry"));
  }

  diagnostic(diagnostic: Diagnostic): void {
    this.#doers.outbox.put(() => this.#doers.emit("diagnostic", diagnostic));
    if (!this.#busy) this.#doers.outbox.flush();
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#halt();
    this.#doers.tabs?.dispose();
    this.#core.dispose();
  }

  #halt(): void {
    this.#waiting.length = 0;
    this.#timers.stopAll();
    for (const controller of this.#sending.values()) controller.abort();
    this.#sending.clear();
    this.#unsent.clear();
    this.#stopProviding();
  }

  #step(event: UntimedEvent): Answered {
    const at = isoTime(this.#doers.clock);
    let answer: StepAnswer;
    try {
      answer = this.#core.step({ ...event, at } as FlowEvent);
    } catch (error) {
      return this.#trapped(error, event);
    }
    this.phase = answer.state.phase;
    this.recording = answer.state.recording;
    this.#doers.log.add(at, event, answer, this.#core);
    for (const effect of answer.effects) this.#carryOut(effect);
    if (this.over) this.#doers.tabs?.finished();
    return answer.ignored === undefined
      ? { accepted: answer.accepted }
      : { accepted: answer.accepted, ignored: answer.ignored };
  }

  #carryOut(effect: Effect): void {
    switch (effect.type) {
      case "emit":
        // A new instance begins anew, and the host knows already.
        if (this.#replaced && (effect.event === "decision" || effect.event === "hold") && this.#said.has(effect.event))
          break;
        this.#said.add(effect.event);
        if (effect.event === "outcome") this.outcome = effect.data as TransferOutcome;
        this.#doers.outbox.put(() => this.#doers.emit(effect.event, effect.data as never));
        break;
      case "show_prompt": {
        const { announce, ...seen } = effect.prompt ?? { announce: null };
        const shown = JSON.stringify(seen);
        const again = this.#replaced && shown === this.#shown && announce !== null;
        this.#shown = shown;
        if (again) break;
        this.#doers.outbox.put(() => this.#doers.show(effect.prompt));
        break;
      }
      case "start_timer":
        this.#timers.start(timerName(effect), effect.ms, effect.jitter_ms);
        break;
      case "stop_timer":
        this.#timers.stop(timerName(effect));
        break;
      case "persist":
        this.#kept = { state: effect.state, at: this.#doers.clock.now() };
        if (this.#told !== undefined)
          this.#doers.tabs?.keep(this.#told.session as unknown as SessionFacts, effect.state, effect.connected);
        break;
      case "show_widget":
        this.#doers.sdk?.showWidget();
        break;
      case "abort":
        this.#sending.get(effect.delivery)?.abort();
        this.#sending.delete(effect.delivery);
        this.#unsent.delete(effect.delivery);
        break;
      case "send":
        void this.#send(effect);
        break;
      case "write_record":
        void this.#writeRecord(effect);
        break;
      case "provide":
        this.#provide(effect.parameters);
        break;
      case "stop_providing":
        this.#stopProviding();
        break;
      case "update_post_session":
        void this.#updatePostSession(effect);
        break;
      default:
        // A core that is newer than these bindings has another ABI number, and was refused.
        effect satisfies never;
    }
  }

  #provide(parameters: readonly Asked[]): void {
    this.#providing = new AbortController();
    askHost(parameters, {
      provide: this.#doers.provide,
      signal: this.#providing.signal,
      given: (field, value) => this.dispatch({ type: "provided", field, ...(value !== undefined && { value }) }),
      diagnostic: (diagnostic) => this.diagnostic(diagnostic),
    });
  }

  #stopProviding(): void {
    this.#providing?.abort();
    this.#providing = undefined;
  }

  /** In a turn of its own: what is done for a delivery until it is aborted, or another attempt takes its place. */
  async #attempt<T>(delivery: DeliveryName, make: (signal: AbortSignal) => Promise<T>): Promise<{ readonly made?: T }> {
    this.#sending.get(delivery)?.abort();
    const controller = new AbortController();
    this.#sending.set(delivery, controller);
    this.#unsent.delete(delivery);
    const made = await make(controller.signal);
    // Aborted meanwhile: nothing more is reported for it.
    if (this.#sending.get(delivery) !== controller) return {};
    this.#sending.delete(delivery);
    this.#unsent.delete(delivery);
    return { made };
  }

  async #writeRecord({ delivery, attempt, body }: WriteRecordEffect): Promise<void> {
    const { made } = await this.#attempt(delivery, (signal) => this.#doers.records.write(delivery, body, signal));
    if (made === undefined) return;
    if (made) this.dispatch({ type: "response", delivery, attempt, status: 200, retry_after_ms: null, body: null });
    else this.dispatch({ type: "network_error", delivery, attempt, cause: "sink" });
  }

  async #send(effect: SendEffect): Promise<void> {
    const { delivery, attempt } = effect;
    const body = delivery === "handoff" ? effect.body : this.#doers.records.body(delivery, effect.body);
    const { fetch, clock, authorize } = this.#doers;
    const { made: response } = await this.#attempt<SendResponse | SendFailure>(delivery, async (signal) => {
      if (body === null) return { failed: "sink" };
      this.#unsent.add(delivery);
      const sending = () => {
        if (!signal.aborted) this.#unsent.delete(delivery);
      };
      const diagnostic = (said: Diagnostic) => this.diagnostic(said);
      return send({ ...effect, body }, { fetch, clock, authorize, diagnostic, sending }, signal);
    });
    if (response === undefined) return;
    if ("failed" in response) {
      const cause = response.failed === "network" ? {} : { cause: response.failed };
      this.dispatch({ type: "network_error", delivery, attempt, ...cause });
      return;
    }
    if (delivery !== "handoff") {
      this.dispatch({ type: "response", delivery, attempt, ...response, body: null });
      return;
    }
    const refused = () =>
      this.diagnostic({
        code: "conversation_link_refused",
        message: "The endpoint's answer links to an origin that is not on the endpoints list.",
      });
    const safe = withSafeLink(response, effect, this.#origins, refused);
    this.dispatch({ type: "response", delivery, attempt, ...safe });
  }

  async #updatePostSession(effect: UpdatePostSessionEffect): Promise<void> {
    const { delivery, attempt, status, opt_in: optIn, reached } = effect;
    const { sdk } = this.#doers;
    const controller = new AbortController();
    if (attempt > 0) this.#sending.set(delivery, controller);
    let taken: boolean;
    try {
      const now = sdk?.status();
      // Before a retry: the call before may have reached the platform although its answer did not reach us.
      if (now === undefined || !reached.includes(now))
        // SDKs before 4.26 take the status alone.
        await (optIn === null ? sdk?.updatePostSession(status) : sdk?.updatePostSession(status, optIn));
      taken = true;
    } catch {
      taken = false;
    }
    if (attempt === 0) {
      if (!taken) this.diagnostic({ code: "refusal_untold", message: "The platform did not take the answer No." });
      return;
    }
    // Aborted meanwhile: nothing more is reported for it.
    if (this.#sending.get(delivery) !== controller) return;
    this.#sending.delete(delivery);
    if (sdk === undefined) {
      this.diagnostic({ code: "sdk_missing", message: "A hand-off through the platform needs an SDK client." });
      this.dispatch({ type: "response", delivery, attempt, status: 405, retry_after_ms: null, body: null });
    } else if (taken) {
      this.dispatch({ type: "response", delivery, attempt, status: 200, retry_after_ms: null, body: null });
    } else this.dispatch({ type: "network_error", delivery, attempt });
  }

  /** What the instance knew is lost. Another one goes on from what was kept; if that traps too, the session ends. */
  #trapped(error: unknown, event: UntimedEvent): Answered {
    this.#halt();
    if (!(error instanceof CoreTrappedError) || this.phase === "done" || this.#disposed)
      return { accepted: false, ignored: "core_trapped" };
    const { flowAgain } = this.#doers;
    if (this.#replaced || flowAgain === undefined) return this.#giveUp(error);
    this.#replaced = true;
    this.diagnostic({ code: "core_replaced", message: `${error.message} Another instance goes on.` });
    flowAgain()
      .then((flow) => this.#goOn(flow, event))
      .catch(() => {
        if (this.#disposed) return;
        this.#giveUp(error);
        this.#doers.outbox.flush();
        this.#doers.settled?.();
      });
    return { accepted: false, ignored: "busy" };
  }

  async #goOn(flow: CoreFlow, event: UntimedEvent): Promise<void> {
    if (this.#disposed) return flow.dispose();
    this.#core = flow;
    this.#offline = false;
    this.phase = "idle";
    const { state, at } = this.#kept;
    this.#telling += 1;
    this.#tell(state, state === null ? 0 : this.#doers.clock.now() - at);
    await this.start();
    // What a person has pressed is not lost.
    if (event.type === "action") this.dispatch(event);
  }

  #giveUp(error: CoreTrappedError): Answered {
    this.#halt();
    this.phase = "done";
    this.recording = false;
    const outcome: TransferOutcome = { outcome: "failed", reason: "core_trapped" };
    this.outcome = outcome;
    const { outbox, emit, show } = this.#doers;
    outbox.put(() => show(null));
    outbox.put(() => emit("diagnostic", { code: "core_trapped", message: error.message }));
    outbox.put(() => emit("release", {}));
    outbox.put(() => emit("outcome", outcome));
    return { accepted: false, ignored: "core_trapped" };
  }
}
