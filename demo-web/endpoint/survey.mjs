/**
 * The demo's virtual agent: a survey of three questions with a branch.
 *
 *     solved? ── yes ──▶ how easy, 1 to 5? ──┐
 *             └─ no ───▶ what is still open? ─┴─▶ anything else? ──▶ thanks
 */

const yes = /^(y|yes|yep|yeah|sure|ja|oui|si|sí)\b/i;
const no = /^(n|no|nope|not|nein|non)\b/i;
const leave = /^(stop|quit|exit|cancel)$/i;

const questions = {
  solved: {
    ask: "Was your problem solved? (yes or no)",
    answer(text) {
      if (yes.test(text)) return { value: true, next: "ease", say: ["Glad to hear it."] };
      if (no.test(text)) return { value: false, next: "open", say: ["I am sorry about that."] };
      return { again: "Please answer yes or no." };
    },
  },
  ease: {
    ask: "How easy was it to get help, from 1 (hard) to 5 (easy)?",
    answer(text) {
      if (/^[1-5]$/.test(text)) return { value: Number(text), next: "comment", say: [] };
      return { again: "Please send one number from 1 to 5." };
    },
  },
  open: {
    ask: "What is still open? One sentence is enough.",
    answer: (text) => ({ value: text, next: "comment", say: ["Thank you, the team will see this."] }),
  },
  comment: {
    ask: "Last question: is there anything you would like to tell us? (or “no”)",
    answer: (text) => ({
      value: no.test(text) ? "" : text,
      next: null,
      say: ["That was all. Thank you for your time!"],
    }),
  },
};

/** One conversation. Texts in, texts out; it knows nothing of HTTP. */
export class Survey {
  /** @type {keyof typeof questions | null} */
  #current = "solved";
  /** What was answered so far. @type {Record<string, string | number | boolean>} */
  answers = {};
  /** @type {"open" | "completed" | "left"} */
  state = "open";

  /** @param {string} name */
  static greeting(name) {
    return [
      `Hello, I am ${name}, a virtual agent. I have three short questions. Write “stop” whenever you want to leave.`,
      questions.solved.ask,
    ];
  }

  /**
   * @param {string} text
   * @returns {{ messages: string[], ended: boolean }}
   */
  reply(text) {
    if (this.#current === null) return { messages: [], ended: true };
    const said = text.trim();
    if (leave.test(said)) {
      this.#current = null;
      this.state = "left";
      return { messages: ["No problem. Goodbye!"], ended: true };
    }
    const result = questions[this.#current].answer(said);
    if (result.again !== undefined) return { messages: [result.again], ended: false };

    this.answers[this.#current] = result.value;
    this.#current = result.next;
    if (result.next === null) {
      this.state = "completed";
      return { messages: result.say, ended: true };
    }
    return { messages: [...result.say, questions[result.next].ask], ended: false };
  }
}
