/** What is read: documents whole, sessions as a stream; files and standard input alike. */
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { harmless } from "../findings.js";
import { Failure } from "./failure.js";
import type { Output } from "./output.js";

export const STANDARD_INPUT = "-";

/** What the core takes at most; of anything longer one byte more is read, so that it is the core that refuses it. */
const MOST_BYTES = 4 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;
const NEWLINE = 10;

export const shownName = (name: string): string => (name === STANDARD_INPUT ? "<stdin>" : name);

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EISDIR: "this is a directory, not a file",
  EACCES: "permission denied",
  EPERM: "permission denied",
  ENOSPC: "no space left on the device",
  EROFS: "the file system is read-only",
  ELOOP: "too many symbolic links",
  EMFILE: "too many open files",
  ENAMETOOLONG: "the name is too long",
};

export function fileFailure(name: string, error: unknown): Failure {
  const { code, message } = error as NodeJS.ErrnoException;
  return new Failure(`${shownName(name)}: ${(code && REASONS[code]) || message || code}.`);
}

/** A document's bytes. What is longer than any document may be is cut, and refused for its length. */
export async function readDocument(name: string, most = MOST_BYTES): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of stream(name)) {
    parts.push(part);
    length += part.length;
    if (length > most) break;
  }
  return Buffer.concat(parts).subarray(0, most + 1);
}

/**
 * Whole lines, some 256 KiB at a time. A line that is too long for the core never comes into memory: another one, just too long, stands in for
 * it, and is refused as it would be.
 */
export async function* sessionChunks(name: string): AsyncGenerator<Uint8Array> {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let skipping = false;
  for await (let part of stream(name)) {
    if (skipping) {
      const end = part.indexOf(NEWLINE);
      if (end < 0) continue;
      skipping = false;
      part = part.subarray(end + 1);
    }
    const end = part.lastIndexOf(NEWLINE) + 1;
    if (end > 0) {
      yield pendingBytes === 0 ? part.subarray(0, end) : Buffer.concat([...pending, part.subarray(0, end)]);
      pending = [];
      pendingBytes = 0;
    }
    if (end === part.length) continue;
    pending.push(part.subarray(end));
    pendingBytes += part.length - end;
    if (pendingBytes <= MOST_BYTES) continue;
    yield tooLong();
    pending = [];
    pendingBytes = 0;
    skipping = true;
  }
  if (pendingBytes > 0) yield Buffer.concat(pending);
}

function tooLong(): Buffer {
  const line = Buffer.alloc(MOST_BYTES + 2, "x");
  line[MOST_BYTES + 1] = NEWLINE;
  return line;
}

/** The file's parts as they come. It is closed when the reader stops. */
async function* stream(name: string): AsyncGenerator<Buffer> {
  const source: Readable =
    name === STANDARD_INPUT ? process.stdin : createReadStream(name, { highWaterMark: CHUNK_BYTES });
  try {
    for await (const part of source) yield part as Buffer;
  } catch (error) {
    throw fileFailure(name, error);
  } finally {
    source.destroy();
  }
}

/** Each document that can be read; of the others it is said why not, and how many they were. */
export async function eachReadable(
  names: readonly string[],
  err: Output,
  use: (name: string, bytes: Buffer) => Promise<void>,
): Promise<number> {
  let unread = 0;
  for (const name of names) {
    const bytes = await readDocument(name).catch((error: unknown) => {
      if (!(error instanceof Failure)) throw error;
      return error;
    });
    if (bytes instanceof Failure) {
      unread += 1;
      await err.line(`pst: ${harmless(bytes.message)}`);
    } else {
      await use(name, bytes);
    }
  }
  return unread;
}

/** Says early, and before anything is written, that a file cannot be read. */
export async function checkReadable(name: string): Promise<void> {
  if (name === STANDARD_INPUT) return;
  try {
    const file = await open(name);
    const isDirectory = (await file.stat()).isDirectory();
    await file.close();
    if (isDirectory) throw Object.assign(new Error(), { code: "EISDIR" });
  } catch (error) {
    throw fileFailure(name, error);
  }
}
