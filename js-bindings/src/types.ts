/**
 * The public types. They are written by hand for those who read them; the unions of names come from `names.ts`.
 */
import type {
  ActionName,
  Channel,
  Check,
  DecisionOutcome,
  DeliveryName,
  DeliveryState,
  EndedBy,
  EndpointKind,
  ErrorCode,
  FormInput,
  HostEvent,
  Level,
  Outcome,
  ParameterType,
  Phase,
  PreviewFrom,
  PreviewReason,
  PromptKind,
  Reason,
  Source,
  WarningCode,
} from "./names.js";

/** A value as JSON has it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** One error in a document. */
export interface Finding {
  readonly code: ErrorCode;
  /** JSON Pointer (RFC 6901) to the value, `""` for the whole document. */
  readonly pointer: string;
  /** For people, in English. */
  readonly message: string;
  /** What stands there, shortened; `""` where there is nothing to show. */
  readonly found?: string;
  /** What may stand there: names, types or patterns. */
  readonly expected?: readonly string[];
  /** What was exceeded, in `unit`s. */
  readonly limit?: number;
  readonly unit?: string;
  /** Counted from 1; only where the text itself is at fault. */
  readonly line?: number;
  /** Counted from 1. */
  readonly column?: number;
}

/** Something in a settings document that loads but will surprise. */
export interface Warning {
  readonly code: WarningCode;
  readonly pointer: string;
  readonly message: string;
  readonly found?: string;
  readonly expected?: readonly string[];
  readonly limit?: number;
  readonly unit?: string;
}

/**
 * A settings document: an object, JSON text (string or UTF-8 bytes), or where to fetch it from: a `URL`, or a string that is an absolute
 * http(s) URL or, in a page, a relative one that begins with `/`, `./` or `../`.
 */
export type SettingsSource = object | string | URL | Uint8Array;

/** Where the core's bytes come from, when not from beside the package's own files. */
export interface WasmOptions {
  readonly url?: string | URL;
  /** The bytes themselves; nothing is fetched. */
  readonly bytes?: ArrayBuffer | Uint8Array;
  /** A digest that the bytes must have, as in HTML's `integrity`: `sha256-…`, `sha384-…` or `sha512-…`, base64. */
  readonly integrity?: string;
}

/**
 * What is known about a session, as the core reads it. Only `id` is required; every other field may be missing, `null` or of a wrong type,
 * and then counts as missing. Fields that are not listed are ignored, but `ujet_metadata` parameters can read them.
 */
export interface SessionFacts {
  readonly id: string | number;
  readonly channel?: Channel | null;
  readonly tenant?: string | null;
  readonly sdk?: {
    readonly platform?: string | null;
    readonly version?: string | null;
    readonly name?: string | null;
    readonly can?: readonly string[] | null;
  } | null;
  readonly chat_type?: string | null;
  readonly call_type?: string | null;
  /** Given by back ends that know it; otherwise derived from `signals`. */
  readonly ended_by?: EndedBy | null;
  /** What the SDK was heard to say, oldest first: `at` in milliseconds, `human` false for a member known to be none. */
  readonly signals?: readonly { readonly signal: string; readonly at?: number; readonly human?: boolean }[] | null;
  readonly status?: string | null;
  /** BCP 47. */
  readonly lang?: string | null;
  readonly queue?: {
    readonly id?: string | number | null;
    readonly name?: string | null;
    readonly path?: string | null;
  } | null;
  readonly agent?: { readonly id?: string | number | null; readonly name?: string | null } | null;
  readonly end_user?: { readonly id?: string | number | null; readonly identifier?: string | null } | null;
  /** ISO 8601. */
  readonly created_at?: string | null;
  /** ISO 8601. */
  readonly ended_at?: string | null;
  /** `signed`: the claims, or the server's token (a JWT) itself, of which only the claim `custom_data` is read. */
  readonly custom_data?: { readonly unsigned?: object | null; readonly signed?: object | string | null } | null;
  readonly session_variables?: object | null;
  /** Of a call: plain values, or items. */
  readonly sip_headers?: object | null;
  readonly post_session?: {
    readonly required?: boolean | null;
    readonly opt_in_required?: boolean | null;
    readonly status?: string | null;
  } | null;
  readonly [field: string]: unknown;
}

/** Part of the facts: what the host knows better than the SDK tells. */
export type PartialSessionFacts = Partial<SessionFacts>;

/** One check of a decision. */
export interface TraceRow {
  readonly check: Check;
  readonly passed: boolean;
  /** What the session carried, in canonical form; `null` where it carried nothing. */
  readonly value: string | boolean | null;
  /** The signals that the value was derived from; there only where it was derived. */
  readonly because?: readonly string[];
  /** The setting that decided; `null` where none takes part. */
  readonly pointer: string | null;
}

/** What the policy says about a session. */
export interface Decision {
  readonly outcome: DecisionOutcome;
  readonly reason: Reason;
  readonly level: Level | null;
  /** The agent's id; `null` unless the outcome is `transfer` or `ask`, or where the platform holds it. */
  readonly virtual_agent: string | null;
  readonly opt_in: boolean;
  readonly data_records: { readonly in_metadata: boolean; readonly in_crm_record: boolean };
  readonly trace: readonly TraceRow[];
  /** There only when there is a conflict. */
  readonly conflicts?: readonly string[];
}

/** One data parameter as the portal's dialog shows it. */
export interface PreviewRow {
  /** The destination field. */
  readonly field: string;
  readonly type: ParameterType;
  /** `null` for a fixed one. */
  readonly source: Source | null;
  /** The incoming field; `null` for a fixed one. */
  readonly source_field: string | null;
  /** What a form calls it; `null` where it is not said. */
  readonly label: string | null;
  readonly required: boolean;
  readonly sensitive: boolean;
  /** What it would be now; `"***"` for a value that is sensitive, `null` where there is none. */
  readonly value: string | number | boolean | null;
  /** What the value comes from; `null` where there is none. */
  readonly from: PreviewFrom | null;
  /** Why the source has no value, or what gives it instead. */
  readonly reason: PreviewReason | null;
}

export interface PromptAction {
  readonly action: ActionName;
  readonly label: string;
}

/** A data parameter that is asked of the person. */
export interface PromptField {
  /** Its key in the values of an answer. */
  readonly name: string;
  /** Says where it is optional. */
  readonly label: string;
  /** Empty: none. */
  readonly hint: string;
  readonly input: FormInput;
  readonly required: boolean;
  /** What can be chosen; empty for every input but `choice`. */
  readonly choices: readonly string[];
  /** What stands in the list while nothing has been chosen. */
  readonly placeholder: string;
  /** What stands in it at first. Never that of a sensitive one. */
  readonly value: string;
  readonly sensitive: boolean;
  /** What is wrong with what was given; empty: nothing. */
  readonly error: string;
}

/** What would leave the page if the person agrees. */
export interface PromptShared {
  readonly title: string;
  /** Values as text. Those of sensitive parameters are not among them. */
  readonly items: readonly { readonly label: string; readonly value: string }[];
}

export interface PromptLink {
  /** Absolute, and of an origin that the host has allowed. */
  readonly url: string;
  readonly label: string;
}

/** What a person is to see now, as one flat value; texts are already in the person's language. */
export interface Prompt {
  readonly kind: PromptKind;
  readonly title: string;
  /** Empty: none. */
  readonly body: string;
  /** A quiet line: the time that is left, or that fields are to be checked. Empty: none. */
  readonly note: string;
  readonly fields: readonly PromptField[];
  readonly shared: PromptShared | null;
  /** What the virtual agent says right away: `connected` only. Empty: nothing, or it is the host's to show. */
  readonly messages: readonly string[];
  /** Where the virtual agent answers: `connected` only. */
  readonly link: PromptLink | null;
  readonly actions: readonly PromptAction[];
  /** To be spoken once per `seq`. */
  readonly announce: { readonly seq: number; readonly text: string } | null;
  /** `none`, `title`, an action's name, or `invalid`: the first field with an error. */
  readonly focus: "none" | "title" | "invalid" | ActionName;
  readonly busy: boolean;
  /** BCP 47. */
  readonly lang: string;
  readonly dir: "ltr" | "rtl";
  readonly reason?: Reason | null;
}

/** What a person gave beside the answer, by the name of the field. */
export type PromptValues = Readonly<Record<string, string | number | boolean>>;

/** How a transfer ended. After `core_trapped` the two names are all that is told. */
export interface TransferOutcome {
  readonly outcome: Outcome;
  readonly reason: Reason | "core_trapped";
  readonly session_id?: string | null;
  /** `null` where nothing was to be handed off, or where the platform holds it. */
  readonly virtual_agent?: string | null;
  readonly handoff_id?: string | null;
}

// Types, where interfaces would do: a host can pass these on to what takes records of fields, such as its own log.

/** What the person has answered. */
export type ConsentEvent = {
  readonly required: boolean;
  readonly selected: "Yes" | "No";
  /** Which text was read, such as `en-1`. */
  readonly text_version: string;
  /** BCP 47. */
  readonly locale: string;
  /** ISO 8601. */
  readonly at: string;
};

/** Where the hand-off is on its way. */
export type HandoffEvent = {
  /** `""` where there is no SHA-256: then the hand-off goes through the platform, which needs no key. */
  readonly handoff_id: string;
  /** `null` where the platform holds it. */
  readonly virtual_agent: string | null;
  readonly endpoint: EndpointKind;
  readonly state: DeliveryState;
  /** From 1; 0 = nothing was tried. */
  readonly attempt: number;
  /** HTTP; `null` where there was no answer yet. */
  readonly status: number | null;
  /** Why the attempt before failed; `null` once delivered. */
  readonly reason: Reason | null;
  /** What the endpoint says once delivered. `url` is there only where its origin is allowed. */
  readonly conversation: { readonly id: string | null; readonly url: string | null } | null;
  /** As the endpoint gave them: hostile texts. Empty until delivered. */
  readonly messages: readonly Json[];
};

/** An event that says nothing but that it is. */
export type BareEvent = Readonly<Record<never, never>>;

/** Something that the host's developers should know. Never personal data. */
export interface Diagnostic {
  /** Stable. */
  readonly code: string;
  /** For people. */
  readonly message?: string;
  readonly [field: string]: unknown;
}

/** Where a record is on its way. One sink may fail while the other works: each says so for itself. */
export interface RecordEvent {
  readonly handoff_id: string;
  readonly record: "metadata" | "crm" | "consent";
  readonly sink: "metadata" | "crm";
  readonly state: DeliveryState;
  /** From 1; 0 = nothing was tried. */
  readonly attempt: number;
  /** HTTP; `null` where there was no answer yet. */
  readonly status: number | null;
  readonly reason: Reason | null;
}

/** The data of each event that a host can listen to. */
export interface EventData {
  decision: Decision;
  /** The prompt now on screen, or `null` when it goes away. */
  prompt: Prompt | null;
  consent: ConsentEvent;
  /** Each step of the hand-off's way. */
  handoff: HandoffEvent;
  /** Each step of a record's way into a sink. */
  record: RecordEvent;
  /** Other post-session experiences should wait. */
  hold: BareEvent;
  /** Other post-session experiences may begin. */
  release: BareEvent;
  outcome: TransferOutcome;
  diagnostic: Diagnostic;
}

// Fails to compile when the table of names and the events above differ.
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
export type EventsAreComplete = Same<HostEvent, keyof EventData>;

export type EventName = keyof EventData;
export type EventHandler<Name extends EventName> = (data: EventData[Name]) => void;

/** How an event was answered: nothing traps, nothing is undefined. */
export interface Answered {
  readonly accepted: boolean;
  /** Why it was ignored; a name of the `Ignored` table, or `disposed`, `busy`, `no_session`, `session_ended`. */
  readonly ignored?: string;
}

/**
 * One entry of the log. First the settings, then each session's entries, in order: what was told when it began (again, when more became known),
 * and each event with the answer to it. `replayLog` of `post-session-transfer/replay` does it all again.
 */
export type LogEntry = LogSettings | LogBegin | LogEvent | LogCut;

export interface LogSettings {
  readonly type: "settings";
  /** The log's format. */
  readonly version: 1;
  /** The package's version. */
  readonly package: string;
  /** The settings document, or `null`; values and defaults of sensitive parameters, and long ones, are masked. */
  readonly settings: Json;
}

export interface LogBegin {
  readonly type: "begin";
  /** Counts the sessions of the page from 1. One that another instance of the core had to take up counts again. */
  readonly session: number;
  /** ISO 8601, from the host's clock. */
  readonly at: string;
  /** What was told. Of the session only what decides; all else is masked: `"***"`, 0 and false, with its shape. */
  readonly facts: { readonly [field: string]: Json };
  /** The body that was to be sent was too large. Masks are short, so a replay has to be told. */
  readonly too_large?: true;
  readonly decision: Pick<Decision, "outcome" | "reason" | "level" | "virtual_agent" | "opt_in">;
  /** Whether the core asked for a digest. */
  readonly digest: boolean;
}

export interface LogEvent {
  readonly type: "event";
  readonly session: number;
  /** ISO 8601, from the host's clock. */
  readonly at: string;
  /** What was sent to the core; given values and answers' bodies are masked. `unreadable` stands for one that the core could not read. */
  readonly event: { readonly type: string; readonly [field: string]: Json };
  readonly accepted: boolean;
  readonly ignored?: string;
  readonly phase: Phase;
  /** The state's hash, 16 hex digits. */
  readonly hash: string;
  /** The kinds of effects, in order; `emit:` and the event for what was told to the host. */
  readonly effects: readonly string[];
}

/** Entries of a session that did not fit. What follows cannot be replayed. */
export interface LogCut {
  readonly type: "cut";
  readonly session: number;
  /** How many are missing. */
  readonly entries: number;
}

/** Time, for tests. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  setTimeout(callback: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** What `authorize` is told. */
export interface AuthorizeRequest {
  readonly url: string;
  readonly origin: string;
  readonly handoff_id: string;
  readonly delivery: DeliveryName | (string & {});
  /** From 1. */
  readonly attempt: number;
  /** True when the endpoint has just answered 401: cached credentials are of no use. */
  readonly again: boolean;
  readonly signal: AbortSignal;
}

/** Returns headers for one request (such as `Authorization`). Throwing, or rejecting, counts as a failed attempt. */
export type Authorize = (
  request: AuthorizeRequest,
) => Record<string, string> | null | undefined | Promise<Record<string, string> | null | undefined>;

/**
 * Gives the value of a `host` parameter: a string, number or boolean, or `{ value, type }`. `undefined`, throwing, rejecting, and what comes later
 * than ten seconds after the question count as nothing: the default is taken, or the parameter is left out, or the transfer fails
 * (`parameter_missing`) if it is required.
 */
export type Provide = (
  parameter: { readonly field: string; readonly source_field: string },
  context: { readonly signal: AbortSignal },
) => unknown;

/** What a record sink gets. `fragment` is merged into the session metadata; `text` goes into a CRM record. */
export interface TransferRecord {
  readonly schema: 1;
  readonly handoff_id: string;
  readonly record: "metadata" | "crm" | "consent";
  readonly fragment?: { readonly [field: string]: Json };
  readonly text?: string;
  /** ISO 8601. */
  readonly written_at: string;
}

/**
 * A function, or the URL, that takes a record. A function that throws or rejects is called again with the same record, as a URL is posted to again:
 * `handoff_id` and `record` tell one that was taken already.
 */
export type RecordSink =
  | string
  | URL
  | ((record: TransferRecord, context: { readonly signal: AbortSignal }) => unknown);

/**
 * The host's last look at what goes on record, and at the log: returns what may stand there. Of a record it sees the content (`fragment` or `text`).
 * One that throws keeps the record back, and is reported.
 */
export type Redact = (
  content: Json,
  about: { readonly kind: "record"; readonly record: string } | { readonly kind: "log" },
) => Json;

export type FetchLike = (url: string, init: RequestInit) => Promise<Response>;

/** A headless `Client` or a `UJET` widget object: recognised by what it offers. */
export type SdkClient = object;

/** What is needed of a `Storage`. */
export interface StorageLike {
  readonly length: number;
  key(index: number): string | null;
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  removeItem(name: string): void;
}

/** What a page gives to `createPostSessionTransfer`. */
export interface TransferOptions {
  /** The headless `Client`, or the `UJET` widget. Without one, say yourself when a session ends: `transfer.sessionEnded(facts)`. */
  readonly client?: SdkClient;
  /** Facts laid over those read from the SDK: an object, or a function called when the session ends with what is known so far. */
  readonly session?: PartialSessionFacts | ((facts: SessionFacts) => PartialSessionFacts | null | undefined);
  /** Left out: the platform's own flags decide. */
  readonly settings?: SettingsSource;
  /** Where the prompt is drawn. Left out: the host draws from `prompt` events and answers with `act()`. */
  /** `null`, as `document.querySelector()` says that there is none, is refused when it runs: `mount_unusable`. */
  readonly mount?: Element | null | undefined;
  /** Origins to which anything may be sent, such as `https://bots.example.com`. Left out: none. */
  readonly endpoints?: readonly (string | URL)[];
  /** `observe` decides and reports, and does nothing else. Default `enforce`. */
  readonly mode?: "enforce" | "observe";
  /** `platform`: the stock widget asks, and we follow. Default `module`. */
  readonly prompt?: "module" | "platform";
  /** `host`: the page shows in its own way what the virtual agent says, and the card does not. Default `module`. */
  readonly conversation?: "module" | "host";
  readonly authorize?: Authorize;
  readonly provide?: Provide;
  readonly records?: { readonly metadata?: RecordSink; readonly crm?: RecordSink };
  readonly redact?: Redact;
  /** BCP 47. Left out: the chat's language, then the page's, then the browser's. */
  readonly locale?: string;
  /** Texts of the host's own: `{ de: { yes: "Gern" } }`; keys as in docs/languages.md. */
  readonly messages?: object;
  /**
   * Where the transfer is kept, so that a reload goes on with it and two tabs ask once: `sessionStorage` and `localStorage` of the page if left
   * out, nowhere if `null`. One storage alone serves as both.
   */
  readonly storage?:
    | StorageLike
    | { readonly session?: StorageLike | null; readonly local?: StorageLike | null }
    | null;
  /** Default `auto`: as the person's system says. */
  readonly theme?: "light" | "dark" | "auto";
  /**
   * `inline`: the prompt is part of the page, which stays usable. `modal`: a question takes the page until it is answered; Escape gives the answer
   * that commits to nothing. Default `inline`.
   */
  readonly presentation?: "inline" | "modal";
  /**
   * The colour of signs and focus rings: any CSS colour, such as the SDK's own `accent`. It is moved towards the colour of the text where it would
   * not stand out. A colour that the browser does not know is none.
   */
  readonly accent?: string;
  readonly fetch?: FetchLike;
  readonly clock?: Clock;
  /** A number from 0 up to, not including, 1. */
  readonly random?: () => number;
  /** Aborting it cancels what is going on and disposes of the transfer. */
  readonly signal?: AbortSignal;
  readonly wasm?: WasmOptions;
}

/** A running transfer: one for the life of the page, whatever number of sessions it sees. */
export interface PostSessionTransfer {
  /** Calls `handler` for each later event. Returns what unsubscribes it. Handlers that throw are reported, and disturb nothing. */
  on<Name extends EventName>(name: Name, handler: EventHandler<Name>): () => void;
  off<Name extends EventName>(name: Name, handler: EventHandler<Name>): void;
  /** Answers the prompt, as its buttons do. */
  act(action: ActionName, values?: PromptValues): Answered;
  /** A session has ended: for hosts without an SDK client. Rejects with `SessionError` when `facts` are none. */
  sessionEnded(facts: SessionFacts | string): Promise<Answered>;
  /** The conversation with the virtual agent is over. */
  conversationEnded(by: "virtual_agent" | "end_user" | "unknown"): Answered;
  cancel(): Answered;
  /** Removes every listener, timer, node and request of ours, and frees the core's memory. Safe to call twice. */
  dispose(): void;
  readonly state: Phase;
  /** How the last session's transfer ended; `null` until one has. */
  readonly outcome: TransferOutcome | null;
  readonly warnings: readonly Warning[];
  /** What happened so far, for `pst replay` and `pst explain`: at most 500 entries, of the latest sessions. Empty until a session has ended. */
  log(): readonly LogEntry[];
}

export interface PolicyOptions {
  readonly wasm?: WasmOptions;
  /** Used to fetch the settings document. */
  readonly fetch?: FetchLike;
  readonly signal?: AbortSignal;
}

export interface PromptAnswer {
  readonly action: ActionName;
  readonly values?: PromptValues;
}

/** How one session is run without a page. */
export interface RunOptions {
  /** Origins to which anything may be sent. Left out: none. */
  readonly endpoints?: readonly (string | URL)[];
  readonly mode?: "enforce" | "observe";
  /** Answers a prompt. Left out, or `null` returned: nobody answers, which is never a Yes. */
  readonly act?: (
    prompt: Prompt,
    context: { readonly signal: AbortSignal },
  ) => ActionName | PromptAnswer | null | undefined | Promise<ActionName | PromptAnswer | null | undefined>;
  readonly authorize?: Authorize;
  readonly provide?: Provide;
  readonly records?: { readonly metadata?: RecordSink; readonly crm?: RecordSink };
  readonly redact?: Redact;
  /** BCP 47. Left out: the session's language. */
  readonly locale?: string;
  readonly messages?: object;
  readonly fetch?: FetchLike;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly signal?: AbortSignal;
}

/** What came of one session. */
export interface RunResult {
  readonly decision: Decision;
  readonly outcome: Outcome;
  readonly reason: TransferOutcome["reason"];
  /** What became of each record, one entry a sink that the settings select. */
  readonly records: readonly RecordEvent[];
  /** Everything that was reported on the way, in order. */
  readonly events: readonly { readonly event: EventName; readonly data: unknown }[];
  readonly log: readonly LogEntry[];
}

/** A loaded settings document. */
export interface Policy {
  readonly warnings: readonly Warning[];
  /** Decides about one session: pure, takes microseconds. Throws `SessionError`. */
  evaluate(session: SessionFacts | string): Decision;
  /** The same from JSON text to JSON text, for programs that pass sessions on as text: spares two conversions. Throws `SessionError`. */
  evaluateText(session: string): string;
  /**
   * What each data parameter of the block in force would be for a session now, in the order of the settings, whether or not the session is
   * transferred. Empty where the parameters are off, and where the platform passes its own. Throws `SessionError`.
   */
  preview(session: SessionFacts | string): readonly PreviewRow[];
  /** Decides and, where the decision says so, hands off. Rejects with `SessionError`. */
  run(session: SessionFacts | string, options?: RunOptions): Promise<RunResult>;
  /** Frees the core's memory. Safe to call twice. */
  dispose(): void;
}
