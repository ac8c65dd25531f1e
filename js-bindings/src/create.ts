import { type Ear, listen } from "./adapter/listen.js";
import type { Platform } from "./platform.js";
import type { Policy, PolicyOptions, PostSessionTransfer, SettingsSource, TransferOptions } from "./types.js";

/** How the two entries differ. */
export interface Entry {
  /** Resolves when the page has time for us. */
  idle(): Promise<unknown> | undefined;
  /** How bytes are found here: loaded only when they are needed. */
  platform(): Promise<Platform>;
}

export async function create(options: TransferOptions, entry: Entry): Promise<PostSessionTransfer> {
  // Before the first `await`: a chat may end in the same turn.
  const ear: Ear = listen(options?.client);
  try {
    // A chat that ends in the meantime cannot wait.
    if (ear.recognised) await Promise.race([ear.ended, entry.idle()]);
    const [platform, { openTransfer }] = await Promise.all([entry.platform(), import("./open.js")]);
    return await openTransfer(options, ear, platform);
  } catch (error) {
    ear.stop();
    throw error;
  }
}

export async function load(
  settings: SettingsSource | undefined,
  options: PolicyOptions,
  entry: Entry,
): Promise<Policy> {
  const [platform, { openPolicy }] = await Promise.all([entry.platform(), import("./policy.js")]);
  return openPolicy(settings, options, platform);
}
