/** Asks the host for `host` parameters: all at once, each answered once. */
import { plain } from "./plain.js";
import type { Diagnostic, Json, Provide } from "./types.js";

export interface Asked {
  readonly field: string;
  readonly source_field: string;
}

export interface ProvideOptions {
  readonly provide: Provide | undefined;
  readonly signal: AbortSignal;
  /** Nothing where the host gave nothing. */
  readonly given: (field: string, value: Json | undefined) => void;
  readonly diagnostic: (diagnostic: Diagnostic) => void;
}

export function askHost(parameters: readonly Asked[], options: ProvideOptions): void {
  if (options.provide === undefined)
    options.diagnostic({
      code: "provide_missing",
      message: "The settings have host parameters, but no provide() was passed.",
    });
  for (const parameter of parameters) void askFor(parameter, options);
}

async function askFor({ field, source_field }: Asked, options: ProvideOptions): Promise<void> {
  const { provide, signal, given, diagnostic } = options;
  let value: Json | undefined;
  try {
    // The host's code runs in a turn of its own.
    value = plain(await Promise.resolve().then(() => provide?.({ field, source_field }, { signal })));
  } catch (error) {
    // Not the error's text: it may hold what was to be given.
    if (!signal.aborted)
      diagnostic({
        code: "provide_failed",
        field,
        message: `provide() failed: ${error instanceof Error ? error.name : typeof error}.`,
      });
  }
  if (!signal.aborted) given(field, value ?? undefined);
}
