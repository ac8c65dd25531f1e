import { CoreLoadError } from "./errors.js";
import { asBytes, checkIntegrity, requireReadable } from "./integrity.js";
import type { Platform } from "./platform.js";
import type { WasmOptions } from "./types.js";

const HINT = "Serve pst.wasm beside the script, or say where it is with the option wasm: { url }.";

async function compile(options: WasmOptions): Promise<WebAssembly.Module> {
  if (options.bytes !== undefined) {
    const bytes = asBytes(options.bytes);
    if (options.integrity !== undefined) await checkIntegrity(bytes, options.integrity, globalThis.crypto?.subtle);
    return WebAssembly.compile(bytes);
  }
  // Written out for bundlers: they recognise this form, and carry the file along.
  const url = options.url === undefined ? new URL("./pst.wasm", import.meta.url) : options.url;
  // The browser itself checks the integrity, if it can read it.
  if (options.integrity !== undefined) requireReadable(options.integrity);
  const response = await fetch(url, {
    credentials: "same-origin",
    ...(options.integrity !== undefined && { integrity: options.integrity }),
  });
  if (!response.ok)
    throw new CoreLoadError(
      "wasm_unavailable",
      `The core could not be loaded: ${String(url)} answered ${response.status}. ${HINT}`,
    );
  // Compiling while loading is refused by browsers unless the server names the right type.
  return /^application\/wasm\b/i.test(response.headers.get("content-type") ?? "") &&
    WebAssembly.compileStreaming !== undefined
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer());
}

export const platform: Platform = {
  compile: (options) =>
    compile(options).catch((error: unknown) => {
      if (error instanceof CoreLoadError) throw error;
      throw new CoreLoadError("wasm_unavailable", `The core could not be loaded: ${String(error)}. ${HINT}`, error);
    }),
};
