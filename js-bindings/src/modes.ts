import { ConfigurationError } from "./errors.js";

/** A misspelt mode must not act where only looking on was meant. */
export function checkModes({ mode, prompt }: { readonly mode?: unknown; readonly prompt?: unknown }): void {
  if (mode !== undefined && mode !== "enforce" && mode !== "observe")
    throw new ConfigurationError("mode_unknown", 'mode is "enforce" or "observe".');
  if (prompt !== undefined && prompt !== "module" && prompt !== "platform")
    throw new ConfigurationError("prompt_unknown", 'prompt is "module" or "platform".');
}
