import type { WasmOptions } from "./types.js";

/** How bytes are found: the one thing in which a browser and Node differ. */
export interface Platform {
  /** The compiled core. Rejects with `CoreLoadError`. */
  compile(options: WasmOptions): Promise<WebAssembly.Module>;
  /** Reads a file, where there are files; `null` where this is not one that can be read. */
  readFile?(url: URL): Promise<Uint8Array> | null;
}
