/** The browser's entry. Nothing happens at import, and the core is loaded when the page is idle, or when a chat has ended. */
import { create, type Entry, load } from "./create.js";
import type { Policy, PolicyOptions, PostSessionTransfer, SettingsSource, TransferOptions } from "./types.js";

export * from "./errors.js";
export type * from "./names.js";
export type * from "./types.js";

const entry: Entry = {
  idle: () =>
    new Promise((resolve) => {
      // Safari has no idle callback.
      if (typeof requestIdleCallback === "function") requestIdleCallback(resolve, { timeout: 2000 });
      else setTimeout(resolve, 200);
    }),
  platform: () => import("./platform-browser.js").then((module) => module.platform),
};

/**
 * Watches a chat, and carries its post-session transfer through when it ends.
 *
 * Listens from the moment of the call; resolves once the core is loaded and the settings are accepted, and before anything is emitted.
 * Rejects with `SettingsError`, `ConfigurationError` or `CoreLoadError`; then nothing is left behind.
 */
export function createPostSessionTransfer(options: TransferOptions = {}): Promise<PostSessionTransfer> {
  return create(options, entry);
}

/** Loads a settings document, to decide without a page. Rejects with `SettingsError` or `CoreLoadError`. */
export function loadPolicy(settings?: SettingsSource, options: PolicyOptions = {}): Promise<Policy> {
  return load(settings, options, entry);
}
