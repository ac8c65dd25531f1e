import type { Finding } from "../types.js";

/** It could not run: a missing file, bad usage. One line for people; exit code 2. */
export class Failure extends Error {}

/** A document was refused: findings, exit code 1. */
export class Refused extends Error {
  readonly file: string;
  readonly errors: readonly Finding[];

  constructor(file: string, errors: readonly Finding[]) {
    super(`${file} was refused.`);
    this.file = file;
    this.errors = errors;
  }
}
