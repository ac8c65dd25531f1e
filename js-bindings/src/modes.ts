import { ConfigurationError } from "./errors.js";

interface Modes {
  readonly mode?: unknown;
  readonly prompt?: unknown;
  readonly presentation?: unknown;
  readonly conversation?: unknown;
  readonly mount?: unknown;
}

/** A misspelt mode must not act where only looking on was meant; nor is a place that was not found one that was left out. */
export function checkModes<Options extends Modes>(
  modes: Options,
): asserts modes is Options & { readonly mount?: Element | undefined } {
  const { mode, prompt, presentation, conversation, mount } = modes;
  if (mode !== undefined && mode !== "enforce" && mode !== "observe")
    throw new ConfigurationError("mode_unknown", 'mode is "enforce" or "observe".');
  if (prompt !== undefined && prompt !== "module" && prompt !== "platform")
    throw new ConfigurationError("prompt_unknown", 'prompt is "module" or "platform".');
  if (presentation !== undefined && presentation !== "inline" && presentation !== "modal")
    throw new ConfigurationError("presentation_unknown", 'presentation is "inline" or "modal".');
  if (conversation !== undefined && conversation !== "module" && conversation !== "host")
    throw new ConfigurationError("conversation_unknown", 'conversation is "module" or "host".');
  if (mount === null) throw new ConfigurationError("mount_unusable", "mount must be an element of a page, not null.");
}
