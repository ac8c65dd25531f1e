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

export interface Positions {
  readonly root: JsonNode;
  /** Whether that is the whole text; otherwise what was read before it stopped being JSON. */
  readonly isWhole: boolean;
}

export function parsePositions(bytes: Uint8Array): Positions {
  const scanner = new Scanner(Buffer.from(bytes).toString("latin1"));
  const root = scanner.value(0);
  return { root, isWhole: scanner.isWhole() };
}

const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/sy;
const SCALAR = new RegExp(`${STRING.source}|[-+.\\w]+`, "sy");
const ANY = new RegExp(`${STRING.source}|[[{\\]},]|[^"[{\\]},]+`, "sy");
const BLANKS = /[ \t\r\n]*/y;

class Scanner {
  readonly #text: string;
  #at = 0;
  #broken = false;

  constructor(text: string) {
    this.#text = text;
  }

  /** To be asked at the end. */
  isWhole(): boolean {
    this.#token(BLANKS);
    return !this.#broken && this.#at === this.#text.length;
  }

  value(level: number): JsonNode {
    this.#token(BLANKS);
    const at = this.#at;
    if (level > MOST_LEVELS) return { at, raw: this.#unread() };
    if (this.#takes("{")) return { at, raw: "", members: this.#list("}", () => this.#member(level)) };
    if (this.#takes("[")) return { at, raw: "", items: this.#list("]", () => this.value(level + 1)) };
    return { at, raw: this.#token(SCALAR) };
  }

  /** A value as a whole, however deep it is. */
  #unread(): string {
    const start = this.#at;
    let open = 0;
    do {
      const token = this.#token(ANY);
      if (token === "[" || token === "{") open += 1;
      if (token === "]" || token === "}") open -= 1;
    } while (open > 0 && !this.#broken);
    return this.#text.slice(start, this.#at);
  }

  #member(level: number): JsonMember {
    this.#token(BLANKS);
    const at = this.#at;
    const raw = this.#token(STRING);
    this.#token(BLANKS);
    if (!this.#takes(":")) this.#break();
    return { raw, name: this.#textOf(raw), at, value: this.value(level + 1) };
  }

  #list<T>(end: string, one: () => T): T[] {
    const list: T[] = [];
    this.#token(BLANKS);
    if (this.#takes(end)) return list;
    while (!this.#broken) {
      list.push(one());
      this.#token(BLANKS);
      if (this.#takes(end)) return list;
      if (!this.#takes(",")) this.#break();
    }
    return list;
  }

  #textOf(raw: string): string {
    try {
      return JSON.parse(Buffer.from(raw, "latin1").toString()) as string;
    } catch {
      this.#break();
      return "";
    }
  }

  #takes(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #token(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) this.#break();
    const token = match?.[0] ?? "";
    this.#at += token.length;
    return token;
  }

  /** Nothing more is read. */
  #break(): void {
    this.#broken = true;
    this.#at = this.#text.length;
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
