import { ConfigurationError } from "./errors.js";

/** A misspelt mode must not act where only looking on was meant. */
export function checkModes(modes: {
  readonly mode?: unknown;
  readonly prompt?: unknown;
  readonly presentation?: unknown;
}): void {
  const { mode, prompt, presentation } = modes;
  if (mode !== undefined && mode !== "enforce" && mode !== "observe")
    throw new ConfigurationError("mode_unknown", 'mode is "enforce" or "observe".');
  if (prompt !== undefined && prompt !== "module" && prompt !== "platform")
    throw new ConfigurationError("prompt_unknown", 'prompt is "module" or "platform".');
  if (presentation !== undefined && presentation !== "inline" && presentation !== "modal")
    throw new ConfigurationError("presentation_unknown", 'presentation is "inline" or "modal".');
}
