/**
 * Where things stand in a text of JSON that the core has read: for findings, which carry a JSON Pointer, and for the formatter. It judges nothing. Works on
 * the bytes one by one (as Latin-1), so that offsets are bytes and every token comes out as it went in.
 */

export interface JsonMember {
  /** As it stands there, with its quotes. */
  readonly raw: string;
  readonly name: string;
  readonly at: number;
  readonly value: JsonNode;
}

export interface JsonNode {
  readonly at: number;
  /** Of what is no container, as it stands there. */
  readonly raw: string;
  readonly members?: readonly JsonMember[];
  readonly items?: readonly JsonNode[];
}

/** Deeper than any document that the core accepts; what lies below is one value. */
const MOST_LEVELS = 64;

class NotJson extends Error {}

/** `null` where the text is no JSON. */
export function parsePositions(bytes: Uint8Array): JsonNode | null {
  const scanner = new Scanner(Buffer.from(bytes).toString("latin1"));
  try {
    return scanner.value(0);
  } catch (error) {
    if (error instanceof NotJson) return null;
    throw error;
  }
}

class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(level: number): JsonNode {
    this.#blanks();
    const at = this.#at;
    if (level > MOST_LEVELS) return { at, raw: this.#unread() };
    if (this.#takes("{")) return { at, raw: "", members: this.#list("}", () => this.#member(level)) };
    if (this.#takes("[")) return { at, raw: "", items: this.#list("]", () => this.value(level + 1)) };
    return { at, raw: this.#token(/"[^"\\]*(?:\\.[^"\\]*)*"|[-+.\w]+/sy) };
  }

  /** A value as a whole, however deep it is. */
  #unread(): string {
    const start = this.#at;
    let open = 0;
    do {
      const token = this.#token(/"[^"\\]*(?:\\.[^"\\]*)*"|[[{\]}]|[^"[{\]},]+|,/sy);
      if (token === "[" || token === "{") open += 1;
      if (token === "]" || token === "}") open -= 1;
    } while (open > 0);
    return this.#text.slice(start, this.#at);
  }

  #member(level: number): JsonMember {
    this.#blanks();
    const at = this.#at;
    const raw = this.#token(/"[^"\\]*(?:\\.[^"\\]*)*"/sy);
    this.#blanks();
    if (!this.#takes(":")) throw new NotJson();
    return { raw, name: textOf(raw), at, value: this.value(level + 1) };
  }

  #list<T>(end: string, one: () => T): T[] {
    const list: T[] = [];
    this.#blanks();
    if (this.#takes(end)) return list;
    for (;;) {
      list.push(one());
      this.#blanks();
      if (this.#takes(end)) return list;
      if (!this.#takes(",")) throw new NotJson();
    }
  }

  #takes(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #blanks(): void {
    this.#token(/[ \t\r\n]*/y);
  }

  #token(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) throw new NotJson();
    this.#at += match[0].length;
    return match[0];
  }
}

function textOf(raw: string): string {
  try {
    return JSON.parse(Buffer.from(raw, "latin1").toString()) as string;
  } catch {
    throw new NotJson();
  }
}

export const tokensOf = (pointer: string): readonly string[] =>
  pointer
    .split("/")
    .slice(1)
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));

export function childOf(node: JsonNode, token: string): JsonMember | JsonNode | undefined {
  // The later of two: it is what a finding about a repeated key points to.
  if (node.members) return node.members.findLast((member) => member.name === token);
  return node.items?.[Number(token)];
}

export const nodeOf = (child: JsonMember | JsonNode): JsonNode => ("value" in child ? child.value : child);

/** How far a pointer leads: the last thing on its way that exists. */
export function follow(root: JsonNode, pointer: string): JsonMember | JsonNode {
  let found: JsonMember | JsonNode = root;
  for (const token of tokensOf(pointer)) {
    const child = childOf(nodeOf(found), token);
    if (child === undefined) break;
    found = child;
  }
  return found;
}

/** Counted from 1; columns in characters. */
export function lineAndColumn(bytes: Uint8Array, at: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (let i = 0; i < at; i += 1) {
    if (bytes[i] !== 10) continue;
    line += 1;
    start = i + 1;
  }
  const column = [...Buffer.from(bytes.subarray(start, at)).toString()].length + 1;
  return { line, column };
}
