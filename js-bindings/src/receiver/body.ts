import { joined } from "../bytes.js";

export type BodyRead = { readonly bytes: Uint8Array } | { readonly failed: "too_large" | "incomplete" | "timeout" };

/** Reads a body to its end, but no further than `maxBytes`. A stream that fails with a `TimeoutError` was too slow. */
export async function readBody(request: Request, maxBytes: number): Promise<BodyRead> {
  if (Number(request.headers.get("content-length")) > maxBytes) return { failed: "too_large" };
  const reader = request.body?.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    while (reader !== undefined) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > maxBytes) {
        // What is still to come is the server's business; nobody waits for it here.
        reader.cancel().catch(() => {});
        return { failed: "too_large" };
      }
      chunks.push(value);
    }
  } catch (error) {
    return { failed: error instanceof Error && error.name === "TimeoutError" ? "timeout" : "incomplete" };
  }
  return { bytes: joined(chunks, size) };
}

/** The value of JSON text in UTF-8; `undefined` for anything else. A byte-order mark is none of it. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

/** SHA-256 in 64 hex digits. */
export async function digestOf(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as BufferSource));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
