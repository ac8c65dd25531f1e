/** The core's answers to many sessions: one line each, as bytes. */

import type { RawFinding } from "../findings.js";
import { worded } from "../findings.js";
import type { Decision, Finding, Json } from "../types.js";
import { withoutValue } from "./documents.js";

/** What would become of a session. */
export interface Simulated extends Omit<Decision, "trace" | "conflicts"> {
  readonly id: string | number;
  readonly data_parameters: { readonly [field: string]: Json };
  readonly missing?: readonly string[];
  readonly asks?: readonly string[];
}

export interface BadLine {
  readonly line: number;
  readonly error: Finding;
}

const NEWLINE = 10;
/** How an answer begins where the line is no session. In a good one it cannot stand: there its quotes would be escaped. */
const FAILURE = Buffer.from('{"type":"failure"');

export function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines += 1;
  return lines;
}

/** Whether every line is a good one: then the bytes can be passed on as they are. */
export function isPlain(answers: Uint8Array): boolean {
  const view = Buffer.from(answers.buffer, answers.byteOffset, answers.byteLength);
  return answers[0] !== NEWLINE && !view.includes("\n\n") && !view.includes(FAILURE);
}

/** Each answer without its line break; an empty one where the line was blank. */
export function* answerLines(answers: Uint8Array): Generator<Buffer> {
  const view = Buffer.from(answers.buffer, answers.byteOffset, answers.byteLength);
  let start = 0;
  for (let end = view.indexOf(NEWLINE); end >= 0; end = view.indexOf(NEWLINE, start)) {
    yield view.subarray(start, end);
    start = end + 1;
  }
}

const isFailure = (answer: Buffer): boolean => answer.subarray(0, FAILURE.length).equals(FAILURE);

/** The answer to the line with this number. */
export function readAnswer(answer: Buffer, line: number): Simulated | BadLine {
  const value = JSON.parse(answer.toString()) as Simulated | { errors: readonly RawFinding[] };
  return "errors" in value ? badLine(value.errors, line) : value;
}

/** `null` where it is a good one. */
export function readFailure(answer: Buffer, line: number): BadLine | null {
  return isFailure(answer) ? (readAnswer(answer, line) as BadLine) : null;
}

function badLine(errors: readonly RawFinding[], line: number): BadLine {
  const [first] = worded(errors.slice(0, 1).map(withoutValue));
  const error = first as Finding;
  // The core saw this line only.
  return { line, error: error.line === undefined ? error : { ...error, line } };
}
