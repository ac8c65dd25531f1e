/** Node's entry: the same surface as `index.ts`. */
import { create, type Entry, load } from "./create.js";
import { platform } from "./platform-node.js";
import type { Policy, PolicyOptions, PostSessionTransfer, SettingsSource, TransferOptions } from "./types.js";

export * from "./errors.js";
export type * from "./names.js";
export type * from "./types.js";

const entry: Entry = {
  idle: () => undefined,
  platform: () => Promise.resolve(platform),
};

/** As in the browser's entry, without waiting for idle time. */
export function createPostSessionTransfer(options: TransferOptions = {}): Promise<PostSessionTransfer> {
  return create(options, entry);
}

/** As in the browser's entry; `settings` may also be a `file:` URL. */
export function loadPolicy(settings?: SettingsSource, options: PolicyOptions = {}): Promise<Policy> {
  return load(settings, options, entry);
}
