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

/** `noti.` and the name of what a notice tells. */
export const noticeName = (notice: Thing) =>
  `noti.${typeof notice.event === "string" ? notice.event.slice(0, 40) : ""}`;

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
  let wrapped: Thing | undefined;
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

  /** Who a member is: told by its type, remembered from when it joined, or told by the chat's record. */
  const kinds: Record<string, string> = {};
  const kindOf = (data: Thing | undefined, payload: unknown) => {
    const id = String(data?.id ?? data?.display_name);
    const is = (member: unknown) => thing(member)?.id === data?.id && data?.id !== undefined;
    const told = data ? (data.type ?? data.$userType ?? data.user_type) : payload;
    kinds[id] = String(
      told ??
        (data?.is_customer
          ? "user"
          : is(state?.virtual_agent)
            ? "bot"
            : (kinds[id] ?? (state?.virtual_agent && !is(state.agent) ? "bot" : "agent"))),
    );
    return kinds[id];
  };

  const hear = (name: string, payload?: unknown) => {
    if (stopped) return;
    attempt(wrap);
    attempt(() => {
      const data = thing(payload);
      const now = thing(data?.state) ?? thing(thing(client()?.chat)?.state);
      if (now) {
        if (now.id !== chat) humanLeft = false;
        state = now;
        chat = now.id;
      }
      let heard: Heard | undefined;
      if (name === "chat.message") {
        if (data?.type === "noti") heard = keep(noticeName(data), data.event === "chatEnded");
      } else if (name === "chat.updated") {
        const { status } = state ?? {};
        if ((state?.post_session_required ?? state?.postSessionRequired) === true)
          heard = keep(name, humanLeft ? status !== "queued" : status === "finished");
      } else if (/member/.test(name)) {
        const who = kindOf(data, payload);
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

  // That the end user ended the chat can be learnt nowhere else. A widget may get its client late, and get another one.
  const wrap = () => {
    const target = client();
    if (target === wrapped || !target || !isFunction(target.finishChat)) return;
    unwrap?.();
    wrapped = target;
    unwrap = wrapMethod(target, "finishChat", (call) => {
      const failed = () => hear("finishChat.failed");
      hear("finishChat");
      try {
        const result = call();
        Promise.resolve(result).then(() => hear("finishChat.done"), failed);
        return result;
      } catch (error) {
        failed();
        throw error;
      }
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
