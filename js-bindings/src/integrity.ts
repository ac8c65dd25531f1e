import { CoreLoadError } from "./errors.js";

const HASHES: Readonly<Record<string, string>> = { sha256: "SHA-256", sha384: "SHA-384", sha512: "SHA-512" };

/** One that a browser can read. */
const DIGEST = /^sha(256|384|512)-[\w+/-]+=*(\?.*)?$/;

/** Fails unless a browser will check it: it loads unchecked what has no digest that it can read. Of several it takes the strongest. */
export function requireReadable(integrity: string): void {
  if (!integrity.split(/\s+/).some((one) => DIGEST.test(one))) throw unreadable();
}

const unreadable = () =>
  new CoreLoadError("wasm_integrity", "The integrity given for the core is not of the form sha256-<base64>.");

function readIntegrity(integrity: string): { readonly hash: string; readonly expected: string } {
  const [, name = "", expected = ""] = /^(sha256|sha384|sha512)-([A-Za-z0-9+/]+=*)$/.exec(integrity.trim()) ?? [];
  const hash = HASHES[name];
  if (hash === undefined) throw unreadable();
  return { hash, expected };
}

/** Fails unless the bytes have the digest. One that cannot be checked counts as one that does not match. */
export async function checkIntegrity(
  bytes: Uint8Array<ArrayBuffer>,
  integrity: string,
  subtle: SubtleCrypto | undefined,
): Promise<void> {
  const { hash, expected } = readIntegrity(integrity);
  if (subtle === undefined)
    throw new CoreLoadError(
      "wasm_integrity",
      "The core's integrity cannot be checked: WebCrypto needs a secure context (https).",
    );
  const digest = new Uint8Array(await subtle.digest(hash, bytes));
  if (btoa(String.fromCharCode(...digest)) !== expected)
    throw new CoreLoadError("wasm_integrity", "The core's bytes do not have the digest given as integrity.");
}

/** A view on the same bytes, whatever was given. */
export function asBytes(bytes: ArrayBuffer | Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes instanceof Uint8Array ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
}
