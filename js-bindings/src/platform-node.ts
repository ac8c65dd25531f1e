/** How bytes are found in Node. With `cli/`, the only file that imports from it. */
import { webcrypto } from "node:crypto";
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { CoreLoadError } from "./errors.js";
import { asBytes, checkIntegrity } from "./integrity.js";
import type { Platform } from "./platform.js";
import type { WasmOptions } from "./types.js";

const HINT = "Copy pst.wasm beside the bundle, or say where it is with the option wasm: { url }.";

async function wasmBytes({ bytes, url }: WasmOptions): Promise<Uint8Array<ArrayBuffer>> {
  if (bytes !== undefined) return asBytes(bytes);
  if (url === undefined) return readFile(new URL("./pst.wasm", import.meta.url));
  // A plain path is allowed, too.
  const at = url instanceof URL ? url : URL.canParse(url) ? new URL(url) : pathToFileURL(url);
  if (at.protocol === "file:") return readFile(at);
  const response = await fetch(at);
  if (!response.ok)
    throw new CoreLoadError(
      "wasm_unavailable",
      `The core could not be loaded: ${at.href} answered ${response.status}. ${HINT}`,
    );
  return new Uint8Array(await response.arrayBuffer());
}

/** The package's own core, compiled once for the life of the process: each policy has an instance of its own. */
let own: Promise<WebAssembly.Module> | undefined;

async function compile(options: WasmOptions): Promise<WebAssembly.Module> {
  if (options.bytes !== undefined || options.url !== undefined || options.integrity !== undefined)
    return compileAnew(options);
  own ??= compileAnew({}).catch((error: unknown) => {
    own = undefined;
    throw error;
  });
  return own;
}

async function compileAnew(options: WasmOptions): Promise<WebAssembly.Module> {
  const bytes = await wasmBytes(options);
  if (options.integrity !== undefined) await checkIntegrity(bytes, options.integrity, webcrypto.subtle as SubtleCrypto);
  return WebAssembly.compile(bytes);
}

export const platform: Platform = {
  compile: (options) =>
    compile(options).catch((error: unknown) => {
      if (error instanceof CoreLoadError) throw error;
      throw new CoreLoadError("wasm_unavailable", `The core could not be loaded: ${String(error)}. ${HINT}`, error);
    }),
  readFile: (url) => (url.protocol === "file:" ? readFile(url) : null),
};
