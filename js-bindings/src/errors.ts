// A page loads these before a chat has ended, so that it can tell them apart: they are counted in bytes, and their longer texts are made elsewhere.
import type { Finding } from "./types.js";

/**
 * Every error of this package is one of these: thrown for misuse only, told apart by `code`. Expected outcomes are values. What each code means, and what
 * to do: docs/errors.md.
 */
export class PostSessionError extends Error {
  /** Stable; for programs. The message is for people. */
  readonly code: string;

  constructor(name: string, code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    // Set by hand, because minifiers rename classes.
    this.name = name;
    this.code = code;
  }
}

/** The settings document has errors (`settings_invalid`) or could not be fetched (`settings_unavailable`). */
export class SettingsError extends PostSessionError {
  declare readonly code: "settings_invalid" | "settings_unavailable";
  /** All errors found, in the order of the document; empty when nothing could be fetched. */
  readonly errors: readonly Finding[];

  constructor(code: SettingsError["code"], message: string, errors: readonly Finding[], cause?: unknown) {
    super("SettingsError", code, message, cause);
    this.errors = errors;
  }
}

/** What was given as a session is not one: not a JSON object, or without an `id`. */
export class SessionError extends PostSessionError {
  declare readonly code: "session_invalid";
  readonly errors: readonly Finding[];

  constructor(message: string, errors: readonly Finding[], cause?: unknown) {
    super("SessionError", "session_invalid", message, cause);
    this.errors = errors;
  }
}

/**
 * Something cannot be used: an option (`option_unknown`, `option_invalid`, and `client_unrecognised`, `conversation_unknown`, `endpoint_invalid`,
 * `mode_unknown`, `mount_unusable`, `presentation_unknown`, `prompt_unknown`, `record_sink_invalid`, `secret_refused`), what is passed to `on()`
 * (`event_unknown`, `handler_invalid`), or to the receiver (`metadata_invalid`, `origin_invalid`).
 */
export class ConfigurationError extends PostSessionError {
  constructor(code: string, message: string) {
    super("ConfigurationError", code, message);
  }
}

/** Used after `dispose()`. */
export class DisposedError extends PostSessionError {
  constructor(what: string) {
    super("DisposedError", "disposed", `This ${what} has been disposed of.`);
  }
}

/**
 * The WebAssembly core could not be started: its bytes were not found or not compiled (`wasm_unavailable`), do not have the digest
 * (`wasm_integrity`), or are of another version (`abi_mismatch`).
 */
export class CoreLoadError extends PostSessionError {
  constructor(code: "wasm_unavailable" | "wasm_integrity" | "abi_mismatch", message: string, cause?: unknown) {
    super("CoreLoadError", code, message, cause);
  }
}

/** The WebAssembly core trapped (`core_trapped`). Its instance is thrown away and a new one is made: a later use works again. */
export class CoreTrappedError extends PostSessionError {
  constructor(cause?: unknown) {
    super("CoreTrappedError", "core_trapped", "The WebAssembly core stopped and is being replaced.", cause);
  }
}
