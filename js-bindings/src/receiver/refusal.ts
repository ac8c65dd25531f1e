import { ConfigurationError, PostSessionError } from "../errors.js";

/**
 * Thrown by your function to say no: nothing is kept under the key, and the sender is answered `status` with `{"error": code}`. A sender comes
 * back after 408, 409, 425, 429, 500, 502, 503 and 504; every other status is final.
 */
export class Refusal extends PostSessionError {
  readonly status: number;
  /** Whole seconds, as the header has it. */
  readonly retryAfterSeconds: number | undefined;

  /**
   * @param status 400 to 599.
   * @param code Stable; for programs.
   * @param options `retryAfterSeconds`: from 0, rounded up. Anything else throws `ConfigurationError` (`retry_after_invalid`).
   */
  constructor(status: number, code: string, options: { readonly retryAfterSeconds?: number } = {}) {
    if (!Number.isInteger(status) || status < 400 || status > 599)
      throw new RangeError("The status of a refusal is from 400 to 599.");
    super("Refusal", code, `Refused with ${status}: ${code}`);
    this.status = status;
    this.retryAfterSeconds = wholeSeconds(options.retryAfterSeconds);
  }
}

/** `Retry-After` has digits only. Rounded down it would bring the sender back too early. */
function wholeSeconds(given: number | undefined): number | undefined {
  if (given === undefined) return undefined;
  const seconds = Math.ceil(given);
  if (given >= 0 && Number.isSafeInteger(seconds)) return seconds;
  throw new ConfigurationError("retry_after_invalid", `Not a number of seconds from 0: ${String(given)}`);
}
