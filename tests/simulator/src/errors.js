/** What the simulated platform answers a call with when it refuses it. Undocumented: the real shape; the status is that of the API behind it. */
export class SdkError extends Error {
  /**
   * @param {number} status 0: the platform was not reached.
   * @param {string} message
   */
  constructor(status, message) {
    super(message);
    this.name = "SdkError";
    this.status = status;
  }
}
