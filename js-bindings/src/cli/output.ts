/** Where answers go: with back-pressure, quietly when nobody reads on, and harmless on a terminal. */
import { once } from "node:events";

export interface Style {
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
  dim(text: string): string;
  strong(text: string): string;
}

/** As https://no-color.org and https://force-color.org have it; what is forced wins. */
function wantsColour(stream: { readonly isTTY?: boolean }): boolean {
  const forced = process.env.FORCE_COLOR;
  if (forced !== undefined && forced !== "") return forced !== "0" && forced !== "false";
  const refused = process.env.NO_COLOR;
  if (refused !== undefined && refused !== "") return false;
  return stream.isTTY === true && process.env.TERM !== "dumb";
}

function styleOf(coloured: boolean): Style {
  const paint = (on: number, off: number) => (text: string) => (coloured ? `\x1b[${on}m${text}\x1b[${off}m` : text);
  return { good: paint(32, 39), bad: paint(31, 39), warn: paint(33, 39), dim: paint(2, 22), strong: paint(1, 22) };
}

export class Output {
  readonly style: Style;
  readonly isTerminal: boolean;
  readonly #stream: NodeJS.WriteStream;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    this.isTerminal = stream.isTTY === true;
    this.style = styleOf(wantsColour(stream));
  }

  /** Resolves when there is room for more. */
  async write(content: string | Uint8Array): Promise<void> {
    if (!this.#stream.write(content)) await once(this.#stream, "drain");
  }

  async line(text: string): Promise<void> {
    await this.write(`${text}\n`);
  }

  /** A value as one line of JSON. */
  async json(value: unknown): Promise<void> {
    await this.document(`${JSON.stringify(value)}\n`);
  }

  /** JSON. On a terminal, control characters and direction marks in its texts are written as escapes: the same JSON, and harmless. */
  async document(content: string | Uint8Array): Promise<void> {
    if (!this.isTerminal) return this.write(content);
    const text = typeof content === "string" ? content : Buffer.from(content).toString();
    return this.write(text.replace(/(?![\n\r\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escaped));
  }
}

/** A character beyond the first plane takes two escapes in JSON. */
function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
