/** Storage and locks as some pages find them. Each takes effect for the rest of the document. */

const denied = () => {
  throw new DOMException("The operation is insecure.", "SecurityError");
};
const full = () => {
  throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
};

export const storageFaults = {
  /** The mere look at it throws. */
  blocked() {
    for (const name of ["sessionStorage", "localStorage"]) Object.defineProperty(window, name, { get: denied });
  },
  "local-blocked"() {
    Object.defineProperty(window, "localStorage", { get: denied });
  },
  "session-blocked"() {
    Object.defineProperty(window, "sessionStorage", { get: denied });
  },
  /** It is there, and every use of it throws. */
  broken() {
    for (const name of ["getItem", "setItem", "removeItem", "key"]) Storage.prototype[name] = denied;
    Object.defineProperty(Storage.prototype, "length", { get: denied });
  },
  full() {
    Storage.prototype.setItem = full;
  },
};

export function withoutLocks() {
  Object.defineProperty(navigator, "locks", { value: undefined });
}
