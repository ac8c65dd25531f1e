/** The least that looks like a headless client: only what a test drives. The faithful simulator is in tests/simulator. */
export class MiniClient {
  chat = null;
  #handlers = new Map();
  finished = 0;

  on(name, handler) {
    this.#handlers.set(name, [...(this.#handlers.get(name) ?? []), handler]);
  }

  off(name, handler) {
    this.#handlers.set(
      name,
      (this.#handlers.get(name) ?? []).filter((one) => one !== handler),
    );
  }

  get listeners() {
    return [...this.#handlers.values()].flat().length;
  }

  emit(name, payload) {
    for (const handler of this.#handlers.get(name) ?? []) handler(payload);
  }

  async createChat(menuId, state = {}) {
    this.chat = {
      state: { id: 77, status: "assigned", menus: [{ id: menuId, name: "Billing" }], lang: "en", ...state },
    };
    this.emit("chat.connected");
    return this.chat;
  }

  async finishChat(...args) {
    this.finished += 1;
    this.finishedWith = { self: this, args };
    this.chat.state.status = "finished";
    this.emit("chat.ended");
    return "finished";
  }

  agentLeaves() {
    this.emit("chat.memberLeft", { type: "agent", id: 9, name: "Kim" });
  }

  notice(event) {
    this.emit("chat.message", { type: "noti", event, $userType: "system" });
  }
}
