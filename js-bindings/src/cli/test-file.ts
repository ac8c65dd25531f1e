/** One `*_test.json`: read, run, and compared. What is wrong with the file itself is a failed test, too. */
import { dirname, resolve } from "node:path";
import { type Core, CorePolicy } from "../core.js";
import { harmless } from "../findings.js";
import type { Finding } from "../types.js";
import { meant, quoted } from "./args.js";
import { ask, judgeSettings } from "./documents.js";
import { Failure, Refused } from "./failure.js";
import { readDocument, STANDARD_INPUT, shownName } from "./input.js";
import { readAnswer, type Simulated } from "./lines.js";

export interface Problem {
  /** Where in the answer: `data_records.in_metadata`. */
  readonly at: string;
  readonly expected: unknown;
  readonly actual: unknown;
  /** There where what is expected of a sensitive parameter can never come. */
  readonly hint?: string;
}

export interface TestResult {
  readonly file: string;
  readonly name: string;
  /** None: it passed. A text: the case could not be run. */
  readonly problems: readonly (Problem | string)[];
}

/** A mistake in a test file, in one line. */
class Mistake extends Error {}

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Fields of parameters whose values are not shown. */
type Sensitive = ReadonlySet<string>;

/** Settings, and what of their values is not shown. */
interface Opened {
  readonly policy: CorePolicy;
  readonly sensitive: Sensitive;
}

export async function runTestFile(core: Core, file: string): Promise<readonly TestResult[]> {
  const bytes = await readDocument(file);
  let opened: Opened | undefined;
  try {
    const test = fields(parse(core, bytes), ["settings", "cases"], "the file");
    if (!Array.isArray(test.cases) || test.cases.length === 0) throw new Mistake("cases must be a list of cases");
    opened = await openSettings(core, file, test.settings);
    const results: TestResult[] = [];
    for (const one of test.cases) results.push(await runCase(opened, file, one, results.length));
    return results;
  } catch (error) {
    return [{ file: shownName(file), name: "the file can be run", problems: [mistakeOf(error)] }];
  } finally {
    opened?.policy.dispose();
  }
}

async function runCase(opened: Opened, file: string, one: unknown, index: number): Promise<TestResult> {
  const given = isObject(one) && typeof one.name === "string" && one.name !== "" ? one.name : undefined;
  const name = given ?? `case ${index + 1}`;
  const result = (problems: TestResult["problems"]) => ({ file: shownName(file), name, problems });
  try {
    const { session, expect } = fields(one, ["name", "session", "expect"], "a case");
    if (session === undefined) throw new Mistake("there is no session");
    if (!isObject(expect) || Object.keys(expect).length === 0)
      throw new Mistake("expect must be an object that expects something");
    const bytes = typeof session === "string" ? await readBeside(file, session) : Buffer.from(JSON.stringify(session));
    const problems = compare(answerTo(opened.policy, bytes), expect, "");
    return result(problems.map((problem) => withoutValues(problem, opened.sensitive)));
  } catch (error) {
    return result([mistakeOf(error)]);
  }
}

/** The decision and what `pst simulate` says; or what is wrong with the session. */
function answerTo(policy: CorePolicy, bytes: Buffer): Fields {
  try {
    const decision = ask("session", bytes, () => policy.evaluate(bytes));
    const line = Buffer.from(bytes.toString().replaceAll(/[\r\n]/g, " "));
    const simulated = readAnswer(Buffer.from(policy.simulateBytes(line)), 1) as Simulated;
    return { missing: [], asks: [], conflicts: [], ...decision, ...simulated };
  } catch (error) {
    if (error instanceof Refused) return { error: error.errors[0] };
    throw error;
  }
}

/** Objects may have more than is expected; lists are compared whole. */
function compare(actual: unknown, expected: unknown, at: string): Problem[] {
  if (isObject(expected) && isObject(actual))
    return Object.entries(expected).flatMap(([field, value]) =>
      compare(Object.hasOwn(actual, field) ? actual[field] : undefined, value, at === "" ? field : `${at}.${field}`),
    );
  if (Array.isArray(expected) && Array.isArray(actual) && expected.length === actual.length)
    return expected.flatMap((value, index) => compare(actual[index], value, `${at}[${index}]`));
  return Object.is(expected, actual) ? [] : [{ at, expected, actual }];
}

/** The core masks what comes; what was expected is masked here. */
function withoutValues(problem: Problem, sensitive: Sensitive): Problem {
  const { at, actual } = problem;
  const expected = masked(problem.expected, at, sensitive);
  if (!isSensitive(at, sensitive) || actual !== MASK) return { ...problem, expected };
  return { at, expected, actual, hint: `Sensitive values are compared as they are shown: expect "${MASK}".` };
}

const MASK = "***";

/** Also where somebody forgot in what the parameters stand. */
const isSensitive = (at: string, sensitive: Sensitive): boolean => sensitive.has(at.replace(/^data_parameters\./, ""));

function masked(value: unknown, at: string, sensitive: Sensitive): unknown {
  if (isSensitive(at, sensitive)) return MASK;
  if (Array.isArray(value)) return value.map((one) => masked(one, at, sensitive));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([field, one]) => [field, masked(one, `${at}.${field}`, sensitive)]),
  );
}

async function openSettings(core: Core, file: string, settings: unknown): Promise<Opened> {
  if (settings === undefined || settings === null)
    return { policy: new CorePolicy(core, undefined), sensitive: new Set() };
  const isPath = typeof settings === "string";
  const bytes = isPath ? await readBeside(file, settings) : Buffer.from(JSON.stringify(settings));
  const judged = judgeSettings(core, bytes);
  if (judged.type === "success") return { policy: judged.policy, sensitive: sensitiveIn(JSON.parse(bytes.toString())) };
  const [first] = judged.errors as readonly [Finding, ...Finding[]];
  const place = isPath && first.line !== undefined ? ` ${settings}:${first.line}:${first.column}` : "";
  const more = judged.errors.length > 1 ? ` (and ${judged.errors.length - 1} more)` : "";
  throw new Mistake(
    `the settings were refused:${place} ${first.code} at ${quoted(first.pointer)}: ${first.message}${more}`,
  );
}

/** Whichever block it is of: a value that is sensitive in one may be expected of another by mistake. */
function sensitiveIn(document: unknown): Sensitive {
  const { chat, call, queues } = document as Fields;
  const blocks = [chat, call, ...(Array.isArray(queues) ? queues : [])].filter(isObject);
  const parameters = blocks.flatMap(({ data_parameters: list }) => (Array.isArray(list) ? list : [])) as Fields[];
  return new Set(parameters.filter(({ sensitive }) => sensitive === true).map(({ field }) => field as string));
}

const readBeside = (file: string, path: string): Promise<Buffer> =>
  readDocument(resolve(file === STANDARD_INPUT ? "." : dirname(file), path));

function parse(core: Core, bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    // The runtime's message quotes the text, and values may stand there. The core names the place alone.
    const judged = judgeSettings(core, bytes);
    const [first] = judged.type === "failure" ? judged.errors : [];
    throw new Mistake(
      `this is no JSON${first?.line === undefined ? "" : `: line ${first.line}, column ${first.column}`}`,
    );
  }
}

function fields(value: unknown, known: readonly string[], what: string): Fields {
  if (!isObject(value)) throw new Mistake(`${what} must be an object`);
  const unknown = Object.keys(value).find((field) => !known.includes(field));
  if (unknown === undefined) return value;
  throw new Mistake(
    `${what} has an unknown field ${quoted(unknown)}. ${meant(unknown, known, `Known: ${known.join(", ")}.`)}`,
  );
}

function mistakeOf(error: unknown): string {
  if (error instanceof Mistake || error instanceof Failure) return harmless(error.message);
  throw error;
}
