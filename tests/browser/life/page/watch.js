/** Counts what a page is left with: listeners, timers, requests, channels. Has to be imported before what is watched. */

const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
const native = {
  setTimeout: window.setTimeout.bind(window),
  clearTimeout: window.clearTimeout.bind(window),
  fetch: window.fetch.bind(window),
};

/** What is not to be counted (the page's own, the simulator's) uses these. */
export const { setTimeout: quietTimeout, fetch: quietFetch } = native;
export const quietListen = (target, type, listener, options) => add.call(target, type, listener, options);

/** @type {Set<{ target: EventTarget, type: string, listener: unknown, capture: boolean }>} */
const listeners = new Set();
const timers = new Set();
let requests = 0;
let channels = 0;

const captures = (options) => (typeof options === "object" ? options?.capture === true : options === true);
/** A node's and a signal's listeners go with them. */
const counts = (target) =>
  target === window || target === document || !(target instanceof Node || target instanceof AbortSignal);

EventTarget.prototype.addEventListener = function (type, listener, options) {
  const target = this ?? window;
  add.call(target, type, listener, options);
  if (!counts(target) || options?.signal?.aborted) return;
  const record = { target, type, listener, capture: captures(options) };
  listeners.add(record);
  const gone = () => listeners.delete(record);
  if (options?.signal) add.call(options.signal, "abort", gone, { once: true });
  if (options?.once) add.call(target, type, gone, { once: true, capture: record.capture });
};

EventTarget.prototype.removeEventListener = function (type, listener, options) {
  const target = this ?? window;
  remove.call(target, type, listener, options);
  for (const record of listeners) {
    const same = record.target === target && record.type === type && record.listener === listener;
    if (same && record.capture === captures(options)) listeners.delete(record);
  }
};

window.setTimeout = (run, ms, ...args) => {
  const timer = native.setTimeout(() => {
    timers.delete(timer);
    run(...args);
  }, ms);
  timers.add(timer);
  return timer;
};
window.clearTimeout = (timer) => {
  timers.delete(timer);
  native.clearTimeout(timer);
};
window.setInterval = () => {
  throw new Error("Nobody needs an interval here.");
};

window.fetch = async (...args) => {
  requests += 1;
  try {
    return await native.fetch(...args);
  } finally {
    requests -= 1;
  }
};

window.BroadcastChannel = class extends BroadcastChannel {
  constructor(name) {
    super(name);
    channels += 1;
  }
  close() {
    channels -= 1;
    super.close();
  }
};

/** What there is now, of everything that was begun after this module. */
export async function leftovers() {
  const { held = [], pending = [] } = (await navigator.locks?.query()) ?? {};
  return {
    listeners: [...listeners].map(({ target, type }) => `${target.constructor.name} ${type}`).sort(),
    timers: timers.size,
    requests,
    channels,
    locks: [...held, ...pending].map(({ name }) => name),
    nodes: document.querySelectorAll("[data-post-session-transfer]").length,
  };
}
