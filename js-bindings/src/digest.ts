/** SHA-256 of the text as UTF-8, in 64 hex digits; `null` where there is no WebCrypto (a page that is not secure). */
export async function sha256(
  text: string,
  subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle,
): Promise<string | null> {
  if (subtle === undefined) return null;
  try {
    const bytes = new Uint8Array(await subtle.digest("SHA-256", new TextEncoder().encode(text)));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  } catch {
    return null;
  }
}
