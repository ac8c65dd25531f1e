// The only part of the adapter that a page loads before a chat has ended: it is counted in bytes. It keeps what was heard, and judges nothing but
// whether a session has ended.

export type Thing = Record<string, unknown>;

/** One raw signal. Never a message's text. */
export interface Heard {
  /** An SDK event, `noti.` and a notice's name, `finishChat`, `finishChat.done` or `finishChat.failed`. */
  readonly signal: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The id of the chat it belongs to, where that is known. */
  readonly chat: unknown;
  /** For members who joined or left: false when it is known not to be a human agent. */
  readonly human?: boolean | undefined;
  /** There when the session ends by this signal: the chat's state as it was then. */
  readonly state?: Thing | undefined;
}

/** An event as the SDK gave it. */
export interface Occurrence {
  readonly name: string;
  readonly payload: unknown;
  /** The payload, if it is an object. */
  readonly data: Thing | undefined;
  /** The id and the state of the chat that was known last. */
  readonly chat: unknown;
  readonly state: Thing | undefined;
  /** What was kept of it, if anything. */
  readonly heard: Heard | undefined;
}

export interface Ear {
  /** The headless client, once there is one. */
  client(): Thing | undefined;
  /** The widget, when that is what we were given. */
  readonly widget: Thing | undefined;
  readonly recognised: boolean;
  /** The last 100 signals, oldest first. */
  readonly heard: Heard[];
  /** Called for each event from now on. */
  onEvent: ((event: Occurrence) => void) | undefined;
  /** Resolves when a session first ends. */
  readonly ended: Promise<void>;
  /** Puts something in the place of a method, without a module of its own to load. */
  readonly wrapMethod: typeof wrapMethod;
  stop(): void;
}

interface Emitter {
  on(name: string, handler: (payload: unknown) => void): void;
  off(name: string, handler: (payload: unknown) => void): void;
}

const NAMES =
  "ongoing connected disconnected updated message memberJoined memberLeft dismissed timeout ended destroyed";
const KEPT = 100;

const thing = (value: unknown) => (value && typeof value === "object" ? (value as Thing) : undefined);
const isFunction = (value: unknown) => typeof value === "function";

/** The SDK is not ours: whatever it throws must disturb neither it nor the page. */
const attempt = (act: () => void) => {
  try {
    act();
  } catch {
    // Then this signal says nothing.
  }
};

/** Puts `around` in the place of a method; returns what takes it away again. */
function wrapMethod(
  target: Thing,
  name: string,
  around: (call: () => unknown, args: readonly unknown[]) => unknown,
): () => void {
  const method = target[name] as () => unknown;
  const own = Object.hasOwn(target, name);
  const wrapped = function (this: unknown, ...args: []) {
    return around(() => Reflect.apply(method, this, args), args);
  };
  target[name] = wrapped;
  return () => {
    // Somebody may have wrapped it again: then ours stays, and only passes the call on.
    if (target[name] !== wrapped) return;
    if (own) target[name] = method;
    else delete target[name];
  };
}

/** Starts to listen, at once. Nothing here throws. */
export function listen(source: unknown): Ear {
  let wake: () => void;
  let humanLeft = false;
  let chat: unknown;
  let state: Thing | undefined;
  let unwrap: (() => void) | undefined;
  let stopped = false;
  let emitter: Emitter | undefined;
  let widget: Thing | undefined;

  const given = thing(source);
  const client = () => (widget ? thing(widget.client) : given);

  const keep = (signal: string, ends?: boolean, human?: boolean) => {
    const heard = { signal, at: Date.now(), chat, human, state: ends ? { ...state } : undefined };
    if (ear.heard.push(heard) > KEPT) ear.heard.shift();
    if (ends) wake();
    return heard;
  };

  /** Where an identity does not say what it is, the chat's record tells who takes part. */
  const untyped = (identity: Thing) =>
    identity.is_customer ? "user" : state?.virtual_agent && !state.agent ? "bot" : "agent";

  const hear = (name: string, payload?: unknown) => {
    if (stopped) return;
    attempt(() => {
      attempt(wrap);
      const data = thing(payload);
      const now = thing(data?.state) ?? thing(thing(client()?.chat)?.state);
      if (now) {
        if (now.id !== chat) humanLeft = false;
        state = now;
        chat = now.id;
      }
      let heard: Heard | undefined;
      if (name === "chat.message") {
        if (data?.type === "noti") heard = keep(`noti.${String(data.event).slice(0, 40)}`, data.event === "chatEnded");
      } else if (name === "chat.updated") {
        if (state && (state.post_session_required ?? state.postSessionRequired) === true) heard = keep(name, humanLeft);
      } else if (/member/.test(name)) {
        const who = String(data ? (data.type ?? data.$userType ?? data.user_type ?? untyped(data)) : payload);
        // The end user comes and goes too, which says nothing.
        if (!/user|consumer|customer|system/i.test(who)) {
          const human = !/virtual|bot/i.test(who);
          if (human) humanLeft = name === "chat.memberLeft";
          heard = keep(name, false, human);
        }
      } else heard = keep(name, name === "chat.ended");
      ear.onEvent?.({ name, payload, data, chat, state, heard });
    });
  };

  // That the end user ended the chat can be learnt nowhere else. A widget may get its client late.
  const wrap = () => {
    const target = client();
    if (unwrap || !target || !isFunction(target.finishChat)) return;
    unwrap = wrapMethod(target, "finishChat", (call) => {
      hear("finishChat");
      const result = call();
      Promise.resolve(result).then(
        () => hear("finishChat.done"),
        () => hear("finishChat.failed"),
      );
      return result;
    });
  };

  const handlers = [...NAMES.split(" ").map((name) => `chat.${name}`), "exited"].map(
    (name) => [name, (payload: unknown) => hear(name, payload)] as const,
  );

  attempt(() => {
    // A widget has a `client`, or will have one once it is mounted.
    if (given && (isFunction(given.mount) || isFunction(thing(given.client)?.on))) widget = given;
    const offers = [given, client()].find((one) => isFunction(one?.on));
    emitter = offers as Emitter | undefined;
  });
  const ear: Ear = {
    client,
    widget,
    recognised: !!emitter,
    heard: [],
    onEvent: undefined,
    wrapMethod,
    ended: new Promise((resolve) => {
      wake = resolve;
    }),
    stop() {
      stopped = true;
      for (const [name, handler] of handlers) attempt(() => emitter?.off(name, handler));
      attempt(() => unwrap?.());
    },
  };
  for (const [name, handler] of handlers) attempt(() => emitter?.on(name, handler));
  if (emitter) attempt(wrap);
  return ear;
}
