/** `SETTINGS FILE`, or with --no-settings `FILE` alone. */
import { type Core, CorePolicy } from "../core.js";
import type { Arguments } from "./args.js";
import { openSettings } from "./documents.js";
import { Failure } from "./failure.js";

export interface Opened {
  readonly policy: CorePolicy;
  /** `null` without settings. */
  readonly bytes: Buffer | null;
  readonly settings: string | null;
  /** The other file. */
  readonly file: string;
}

export async function openSettingsOrNone(core: Core, args: Arguments): Promise<Opened> {
  const bare = args.flag("no-settings");
  const [first, second] = args.files as [string, string?];
  if (bare) {
    if (second !== undefined) throw new Failure("With --no-settings there is one file only.");
    return { policy: new CorePolicy(core, undefined), bytes: null, settings: null, file: first };
  }
  if (second === undefined) throw new Failure("Two files are needed: the settings, and what to decide about.");
  return { ...(await openSettings(core, first)), settings: first, file: second };
}
