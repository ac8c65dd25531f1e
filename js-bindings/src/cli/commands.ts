/** What commands there are. Each is loaded when it is called. */
import type { Arguments } from "./args.js";
import type { Output } from "./output.js";

export interface Option {
  /** What it may be set to; without them, and without `value`, it is a flag. */
  readonly choices?: readonly string[];
  /** What its value is called in the help. It may stand there several times. */
  readonly value?: string;
  readonly short?: string;
  readonly help: string;
}

/** Fine, findings, could not run. What throws a `Failure` could not run either. */
export type ExitCode = 0 | 1 | 2;
export type Run = (args: Arguments, out: Output, err: Output) => Promise<ExitCode>;

export interface Command {
  readonly name: string;
  readonly usage: string;
  /** How many files: at least, at most. */
  readonly files: readonly [number, number];
  readonly summary: string;
  readonly about: string;
  readonly options: Readonly<Record<string, Option>>;
  /** Executed by tests/cli/usage.test.mjs, and those of probe by probe.test.mjs. */
  readonly examples: readonly string[];
  load(): Promise<{ readonly run: Run }>;
}

const FORMAT: Option = { choices: ["text", "json"], help: "text for people (default), json for programs" };
const NO_SETTINGS: Option = { help: "without SETTINGS: the platform's own flags decide" };

export const COMMON_OPTIONS: Readonly<Record<string, Option>> = {
  format: FORMAT,
  help: { short: "h", help: "this help" },
};

export const COMMANDS: readonly Command[] = [
  {
    name: "validate",
    usage: "SETTINGS…",
    files: [1, Number.POSITIVE_INFINITY],
    summary: "check settings documents",
    about: `Reports every error of each document, with line, column, JSON Pointer and what to write instead.
With --format json, one line for each document: {"type":"success","warnings":[…]} or
{"type":"failure","errors":[{"code","pointer","message","line","column",…}]}; of several, with "file".`,
    options: { strict: { help: "warnings are findings, too (exit 1)" } },
    examples: ["pst validate settings.json", "pst validate --strict --format json settings.json new.json"],
    load: () => import("./validate.js"),
  },
  {
    name: "explain",
    usage: "SETTINGS SESSION | LOG",
    files: [1, 2],
    summary: "say why a session is transferred, or why not",
    about: `Every check in the order it ran: whether it passed, what was seen, and the setting that decided; then the outcome,
the reason, and what to do; then each data parameter. SESSION is one JSON document. With --format json, the decision with
its trace, and beside it "preview": each data parameter with its value now, where that comes from, or why there is none.
Of a LOG (what transfer.log() gave, as JSON) the same for each session in it, and then what happened, one line an event; with
--format json, one line a session: {"session","decision","happened":[{"at","event","answer"}]}.`,
    options: { "no-settings": NO_SETTINGS },
    examples: [
      "pst explain settings.json session.json",
      "pst explain settings.json - --format json < session.json",
      "pst explain log.json",
    ],
    load: () => import("./explain.js"),
  },
  {
    name: "replay",
    usage: "LOG",
    files: [1, 1],
    summary: "do again what an event log tells, and say where it first comes out differently",
    about: `LOG is what transfer.log() gave, as JSON. Every entry is given to the core again: the decision, whether the event was
accepted, the phase, the state's hash and the kinds of effects have to be the same. With --format json,
{"type":"success","entries","sessions","incomplete"} or {"type":"difference","at","session","entry","fields","expected",
"actual"}. Exit code 1 where something differs, 2 where the log is damaged.`,
    options: {},
    examples: ["pst replay log.json", "cat log.json | pst replay - --format json"],
    load: () => import("./replay.js"),
  },
  {
    name: "simulate",
    usage: "SETTINGS SESSIONS",
    files: [1, 2],
    summary: "decide about many past sessions",
    about: `SESSIONS is NDJSON, one session a line, of any length: it is streamed. With --format json, one line for each session, in
the order of the input: {"id","outcome","reason","level","virtual_agent","opt_in","data_parameters","data_records"}, with
"missing" and "asks" where there are any; {"line","error"} for a line that is no session. Blank lines are skipped. Sensitive
values are shown as "***".`,
    options: {
      summary: { help: "only the counts, by outcome and reason" },
      "no-settings": NO_SETTINGS,
    },
    examples: [
      "pst simulate settings.json sessions.ndjson --format json",
      "cat sessions.ndjson | pst simulate settings.json - --summary",
    ],
    load: () => import("./simulate.js"),
  },
  {
    name: "diff",
    usage: "OLD NEW [SESSIONS]",
    files: [2, 3],
    summary: "say which sessions a change of settings treats differently",
    about: `With SESSIONS (NDJSON, streamed): one line for each session that would be treated differently; exit 1 where there is one.
Without: which classes of session, over every combination of SDK version, type, ender, queue and platform flag that the
two documents tell apart. With --format json, one line for each: {"id","before","after","changed"} or
{"class","before","after","changed"}. Sensitive values are masked on both sides, so a change of nothing else is not seen.`,
    options: { summary: { help: "only the counts" } },
    examples: ["pst diff settings.json settings.json", "pst diff settings.json new.json sessions.ndjson || true"],
    load: () => import("./diff.js"),
  },
  {
    name: "test",
    usage: "[FILE or DIRECTORY…]",
    files: [0, Number.POSITIVE_INFINITY],
    summary: "run *_test.json files",
    about: `A test file is {"settings": …, "cases": [{"name": …, "session": …, "expect": …}]}. settings (null or absent: none) and
session are objects, or paths relative to the file. expect is any part of the decision, and of what pst simulate prints
about the session: objects may have more fields than expected, lists are compared whole, and a sensitive value is "***";
{"error": {"code": …}} expects a session to be refused. Directories are searched for *_test.json; without arguments, the current one.`,
    options: {
      format: { choices: ["text", "json", "tap"], help: "text for people (default), json or tap for programs" },
    },
    examples: ["pst test billing_test.json", "pst test --format tap ."],
    load: () => import("./test.js"),
  },
  {
    name: "fmt",
    usage: "SETTINGS…",
    files: [1, Number.POSITIVE_INFINITY],
    summary: "format settings documents",
    about: `Two spaces, one value a line, fields in the order of the reference, unknown ones after them. Numbers and texts stay as they
are written, sensitive values too. Prints the document, unless --check or --write is given. A text that is no JSON is refused.`,
    options: {
      check: { help: "list the files that would change; exit 1 if there is one" },
      write: { help: "change the files" },
    },
    examples: ["pst fmt settings.json", "pst fmt --write settings.json new.json", "pst fmt --check settings.json"],
    load: () => import("./fmt.js"),
  },
  {
    name: "schema",
    usage: "settings|session|decision|handoff",
    files: [1, 1],
    summary: "print a JSON Schema",
    about: "The schemas (2020-12) are also published in the package, in dist/schemas/.",
    options: {},
    examples: ["pst schema settings"],
    load: () => import("./schema.js"),
  },
  {
    name: "probe",
    usage: "URL",
    files: [1, 1],
    summary: "test an endpoint against the contract",
    about: `Sends hand-offs that are marked "dry_run": true to the endpoint, as a page on ORIGIN would, and says what it does not do as the contract has it,
with what to do about it: CORS, the same key twice, another body under a key, two at once, what is malformed or too large,
redirects, time. With --format json, {"url","origin","kind","passed","checks":[{"code","status","message","do"}]}; status is pass, fail,
warn or skipped. Exit code 2 where nobody can be reached there.`,
    options: {
      origin: { value: "ORIGIN", help: "the page's origin, for CORS (default https://widget.example)" },
      header: {
        value: "'NAME: VALUE'",
        help: "sent with every hand-off; never printed; may be repeated",
      },
      "header-file": {
        value: "FILE",
        help: "the same from a file, one header a line: credentials stay out of the shell's history",
      },
      timeout: { value: "SECONDS", help: "how long one answer is waited for (default 8, as in a page)" },
      record: { help: "test it as the URL of a record sink" },
      strict: { help: "warnings are findings, too (exit 1)" },
    },
    examples: [
      "pst probe https://bots.example.com/handoff --origin https://www.example.com",
      "pst probe https://bots.example.com/handoff --header-file headers.txt --format json",
    ],
    load: () => import("./probe.js"),
  },
];
