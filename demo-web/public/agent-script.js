/** What the simulated agent says, so that a chat feels like one. */

const greeting = ["Hi, Kim here from Orders. What can I do for you?"];
const replies = [
  "Thanks, I can see order HP-20417. It left Halden this morning and should reach you on Thursday.",
  "I have added a note for the driver, so it will go to your neighbour if nobody is in.",
  "Happy to help. Is there anything else?",
  "All right. Have a good trip!",
];

export class AgentScript {
  #simulator;
  #pause;
  #next = 0;
  #timers = new Set();

  /**
   * @param {any} simulator
   * @param {number} pause Milliseconds of typing.
   */
  constructor(simulator, pause) {
    this.#simulator = simulator;
    this.#pause = pause;
  }

  start() {
    this.#simulator.agent.join();
    for (const line of greeting) this.#simulator.agent.say(line);
  }

  /** The customer wrote something. */
  answer() {
    const line = replies[Math.min(this.#next, replies.length - 1)];
    this.#next += 1;
    this.#simulator.agent.typing();
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#simulator.agent.say(line);
    }, this.#pause);
    this.#timers.add(timer);
  }

  stop() {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
