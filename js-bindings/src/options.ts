/** What can be passed as an option. Misuse is told before anything is done. */
import { ConfigurationError } from "./errors.js";
import { harmless, suggestion } from "./findings.js";
import { refuseSecrets } from "./signed.js";
import type { PolicyOptions, RunOptions, TransferOptions } from "./types.js";

interface Rule {
  readonly fits: (value: unknown) => boolean;
  /** What it must be, for people. */
  readonly must: string;
  /** The names in it, where there are no others. */
  readonly names?: readonly string[];
}

/** A table has every option of its type: another one does not compile. */
type Rules<Options = object> = Readonly<Record<keyof Options, Rule>>;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isFunction = (value: unknown): boolean => typeof value === "function";
const can =
  (...methods: string[]) =>
  (value: unknown): boolean =>
    isObject(value) && methods.every((method) => isFunction(value[method]));

const isStorage = can("key", "getItem", "setItem", "removeItem");
const isStorageOrNone = (value: unknown): boolean => value === undefined || value === null || isStorage(value);

/** Judged elsewhere, with a code of its own. */
const elsewhere: Rule = { fits: () => true, must: "" };
const callable: Rule = { fits: isFunction, must: "a function" };
const text: Rule = { fits: (value) => typeof value === "string", must: "a text" };
const object: Rule = { fits: isObject, must: "an object" };

const anywhere = {
  fetch: callable,
  signal: { fits: can("addEventListener", "throwIfAborted"), must: "an AbortSignal" },
} satisfies Rules<Pick<TransferOptions & RunOptions & PolicyOptions, "fetch" | "signal">>;

const wasm: Rule = { ...object, names: ["url", "bytes", "integrity"] };

const ofSessions = {
  ...anywhere,
  endpoints: elsewhere,
  mode: elsewhere,
  authorize: callable,
  provide: callable,
  records: { ...object, names: ["metadata", "crm"] },
  redact: callable,
  locale: text,
  messages: object,
  clock: {
    fits: can("now", "setTimeout", "clearTimeout"),
    must: "an object with now(), setTimeout() and clearTimeout()",
  },
  random: callable,
} satisfies Partial<Rules<RunOptions>>;

const TRANSFER: Rules<TransferOptions> = {
  ...ofSessions,
  client: elsewhere,
  session: { fits: (value) => isObject(value) || isFunction(value), must: "an object of facts, or a function" },
  settings: elsewhere,
  mount: elsewhere,
  prompt: elsewhere,
  storage: {
    fits: (value) =>
      value === null ||
      isStorage(value) ||
      (isObject(value) && isStorageOrNone(value.session) && isStorageOrNone(value.local)),
    must: "a Storage, { session, local } of such, or null",
  },
  theme: {
    fits: (value) => value === "light" || value === "dark" || value === "auto",
    must: '"light", "dark" or "auto"',
  },
  conversation: elsewhere,
  presentation: elsewhere,
  accent: text,
  wasm,
};

const RUN: Rules<RunOptions> = { ...ofSessions, act: callable };

const POLICY: Rules<PolicyOptions> = { ...anywhere, wasm };

/** One object of options may serve for several calls: what is another one's is nothing here. */
const ANY = Object.keys({ ...TRANSFER, ...RUN, ...POLICY });

/** Throws `ConfigurationError`: `option_invalid`, `option_unknown`, `secret_refused`. */
export const checkTransferOptions = (options: unknown): void => check(options, TRANSFER);
export const checkRunOptions = (options: unknown): void => check(options, RUN);
export const checkPolicyOptions = (options: unknown): void => check(options, POLICY);

/** As for the web platform's own functions. */
const NULL_IS_NONE: readonly string[] = ["signal", "records", "theme", "clock", "random", "fetch"];

function check(options: unknown, rules: Readonly<Record<string, Rule>>): void {
  if (!isObject(options)) throw new ConfigurationError("option_invalid", "The options must be an object.");
  refuseSecrets(options);
  refuseUnknown(options, Object.keys(rules), "", ANY);
  for (const [name, { fits, must, names }] of Object.entries(rules)) {
    const value = options[name];
    if (value === undefined || (value === null && NULL_IS_NONE.includes(name))) continue;
    if (!fits(value)) throw new ConfigurationError("option_invalid", `${name} must be ${must}.`);
    if (names !== undefined) refuseUnknown(value as object, names, `${name}.`);
  }
}

/** A misspelt option would be one that is left out, without a word. */
function refuseUnknown(given: object, known: readonly string[], before: string, ignored = known): void {
  const name = Object.keys(given).find((one) => !ignored.includes(one));
  if (name === undefined) return;
  throw new ConfigurationError(
    "option_unknown",
    `There is no option "${before}${harmless(name.slice(0, 64))}". ${suggestion(name, known, "Options here")}`,
  );
}
