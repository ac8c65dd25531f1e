import { PostSessionError } from "../errors.js";

/**
 * Thrown by your function to say no: nothing is kept under the key, and the sender is answered `status` with `{"error": code}`. A sender comes
 * back after 408, 409, 425, 429, 500, 502, 503 and 504; every other status is final.
 */
export class Refusal extends PostSessionError {
  readonly status: number;
  readonly retryAfterSeconds: number | undefined;

  /**
   * @param status 400 to 599.
   * @param code Stable; for programs.
   */
  constructor(status: number, code: string, options: { readonly retryAfterSeconds?: number } = {}) {
    if (!Number.isInteger(status) || status < 400 || status > 599)
      throw new RangeError("The status of a refusal is from 400 to 599.");
    super("Refusal", code, `Refused with ${status}: ${code}`);
    this.status = status;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
