/* Functions that run in a page. Each has to stand alone: it travels as text. */

/** The first element that a selector matches; `host >>> inner` goes on inside the open shadow root of `host`. */
export function findDeep(selector) {
  const find = (root, [first, ...rest]) => {
    if (rest.length === 0) return root.querySelector(first);
    for (const host of root.querySelectorAll(first)) {
      const found = host.shadowRoot && find(host.shadowRoot, rest);
      if (found) return found;
    }
    return null;
  };
  return find(
    document,
    selector.split(">>>").map((part) => part.trim()),
  );
}

/**
 * Where to click so that the element gets it, or why that cannot be done now.
 *
 * @param {() => Element | null} find
 * @returns {Promise<{ x: number, y: number } | { not: string }>}
 */
export async function pointOf(find) {
  const element = find();
  if (!element) return { not: "it is not there" };
  element.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
  const rect = () => JSON.stringify(element.getBoundingClientRect());
  const before = rect();
  // A page that cannot be seen draws no frames.
  await new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(resolve));
    setTimeout(resolve, 100);
  });
  if (!element.isConnected) return { not: "it went away" };
  if (rect() !== before) return { not: "it is moving" };
  const { left, top, width, height } = element.getBoundingClientRect();
  if (width === 0 || height === 0) return { not: "it has no size" };
  if (element.matches(":disabled")) return { not: "it is disabled" };
  const point = { x: Math.round(left + width / 2), y: Math.round(top + height / 2) };
  let hit = document.elementFromPoint(point.x, point.y);
  while (hit?.shadowRoot?.elementFromPoint(point.x, point.y)) {
    const inner = hit.shadowRoot.elementFromPoint(point.x, point.y);
    if (inner === hit) break;
    hit = inner;
  }
  for (let at = hit; at; at = at.parentNode ?? at.host) if (at === element) return point;
  return { not: `it is covered by ${hit ? hit.outerHTML.slice(0, 80) : "nothing of this page"}` };
}

/** Tells of violations of the content security policy on the console, where every driver listens. */
export function tellViolations(mark) {
  document.addEventListener("securitypolicyviolation", (event) => {
    console.debug(mark, `${event.effectiveDirective} ${event.blockedURI}`);
  });
}

/** As if the page had become visible or hidden. */
export function tellVisibility(state) {
  Object.defineProperty(document, "visibilityState", { configurable: true, value: state });
  Object.defineProperty(document, "hidden", { configurable: true, value: state === "hidden" });
  document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
}

/** Marks the document that is about to be left. A step within the document counts as leaving it. */
export function markDocument(mark) {
  window.pstLeft = mark;
  const step = () => {
    window.pstLeft = undefined;
  };
  for (const name of ["popstate", "hashchange"]) addEventListener(name, step, { once: true });
}

/** Another document than the marked one is there, and whole. */
export function arrived(mark) {
  return window.pstLeft !== mark && document.readyState === "complete";
}

/** Collects errors and violations in the page itself, where no driver listens. Once for each document. */
export function collect() {
  if (window.pstCollected) return;
  const collected = { errors: [], violations: [] };
  Object.defineProperty(window, "pstCollected", { value: collected });
  const { error } = console;
  console.error = (...said) => {
    collected.errors.push(said.map(String).join(" "));
    error.apply(console, said);
  };
  addEventListener("error", (event) => event.message && collected.errors.push(event.message));
  addEventListener("unhandledrejection", (event) => collected.errors.push(`Unhandled rejection: ${event.reason}`));
  document.addEventListener("securitypolicyviolation", (event) => {
    collected.violations.push(`${event.effectiveDirective} ${event.blockedURI}`);
  });
}

/** What was collected since the last time. */
export function drain() {
  const { errors, violations } = window.pstCollected;
  return { errors: errors.splice(0), violations: violations.splice(0) };
}
