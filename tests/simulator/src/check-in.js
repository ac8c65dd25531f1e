import { SdkError } from "./errors.js";

/** The queue asks whether the end user is still there. Undocumented: what it does to the chat's record. Here: nothing but the status at a return. */
export class CheckIn {
  #session;
  /** @type {"none" | "required" | "missed"} */
  #state = "none";

  /** What the clients did about it, oldest first. @type {("notified" | "checked in" | "rejoined")[]} */
  answers = [];

  /** @param {import("./session.js").Session} session */
  constructor(session) {
    this.#session = session;
  }

  require() {
    this.#state = "required";
    this.#session.notice("checkInRequired");
  }

  timeOut() {
    if (this.#state !== "required") throw new Error("No check-in is required.");
    this.#state = "missed";
    this.#session.notice("checkInTimedOut");
  }

  // ── For the platform ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

  reset() {
    this.#state = "none";
  }

  /** The client has shown the question. */
  notified() {
    this.answers.push("notified");
  }

  checkIn() {
    if (this.#state !== "required") throw new SdkError(409, "No check-in is required.");
    this.#state = "none";
    this.answers.push("checked in");
    return this.#session.snapshot().state;
  }

  rejoin() {
    if (this.#state !== "missed") throw new SdkError(409, "No check-in was missed.");
    this.#state = "none";
    this.answers.push("rejoined");
    this.#session.update({ status: "queued" });
    return this.#session.snapshot().state;
  }
}
