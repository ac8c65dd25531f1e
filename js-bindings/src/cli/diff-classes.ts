/** Which classes of session would be treated differently: every one is tried under both documents, and neighbours are merged. */
import { harmless } from "../findings.js";
import { type Box, type Cell, merge } from "./boxes.js";
import { type Space, spaces, type Value } from "./classes.js";
import type { ExitCode } from "./commands.js";
import type { Pair, Report } from "./diff-sessions.js";
import { answerLines, readAnswer, type Simulated } from "./lines.js";
import { Progress } from "./progress.js";
import { plural } from "./text.js";
import { canonical, changeText, type Document } from "./treatment.js";

interface Documents {
  readonly old: Document;
  readonly current: Document;
}

interface Parameters {
  readonly old: ParameterLists;
  readonly current: ParameterLists;
  readonly isSame: boolean;
}

interface Change {
  readonly space: Space;
  readonly before: Simulated;
  readonly after: Simulated;
  readonly changed: readonly string[];
  readonly cells: Cell[];
}

/** So many sessions go to the core at once. */
const BATCH = 500;

export async function diffClasses(pair: Pair, documents: Documents, report: Report): Promise<ExitCode> {
  const { out, isJson, onlySummary } = report;
  const [old, current] = [new ParameterLists(documents.old), new ParameterLists(documents.current)];
  const parameters = { old, current, isSame: old.equals(current) };
  const progress = new Progress("combinations");
  let tried = 0;
  let differing = 0;
  let classes = 0;
  for (const space of spaces(documents.old, documents.current)) {
    const changes = new Map<string, Change>();
    for (const cells of batches(cellsOf(space.dimensions.map(({ values }) => values.length)))) {
      tried += cells.length;
      compare(pair, parameters, space, cells, changes);
      progress.update(tried);
    }
    progress.clear();
    for (const change of [...changes.values()].sort((a, b) => first(a) - first(b))) {
      differing += change.cells.length;
      for (const box of merge(change.cells, space.dimensions.length)) {
        classes += 1;
        if (onlySummary) continue;
        if (isJson) await out.json(asJson(change, box));
        else await out.line(harmless(asText(change, box)));
      }
    }
  }
  if (isJson && onlySummary) await out.json({ tried, different: differing, classes });
  if (!isJson) {
    const verdict =
      classes === 0
        ? "No class of session would be treated differently"
        : `${plural(classes, "class of session", "classes of session")} would be treated differently`;
    await out.line(`${verdict} (${plural(tried, "combination")} tried).`);
  }
  return classes > 0 ? 1 : 0;
}

/** What concerns ordinary sessions comes first: the values that they have stand first in their dimensions. */
function first({ cells }: Change): number {
  let least = Number.POSITIVE_INFINITY;
  for (const [, , ...rest] of cells)
    least = Math.min(
      least,
      rest.reduce((sum, value) => sum + value, 0),
    );
  return least;
}

function* cellsOf(sizes: readonly number[]): Generator<Cell> {
  const total = sizes.reduce((product, size) => product * size, 1);
  for (let index = 0; index < total; index += 1) {
    let rest = index;
    yield sizes.map((size) => {
      const value = rest % size;
      rest = Math.floor(rest / size);
      return value;
    });
  }
}

function* batches(cells: Iterable<Cell>): Generator<readonly Cell[]> {
  let batch: Cell[] = [];
  for (const cell of cells) {
    batch.push(cell);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function compare(
  { old, current, comparison }: Pair,
  parameters: Parameters,
  space: Space,
  cells: readonly Cell[],
  changes: Map<string, Change>,
): void {
  const { channel } = space;
  // Whether equal answers can mean different treatment.
  const isHidden = comparison.isHidden || !parameters.isSame;
  const sessions = cells.map((cell) => sessionOf(space, cell));
  const lines = Buffer.from(sessions.map((session) => JSON.stringify(session)).join("\n"));
  const afters = answerLines(current.simulateBytes(lines));
  let index = 0;
  for (const answer of answerLines(old.simulateBytes(lines))) {
    const cell = cells[index] as Cell;
    index += 1;
    const other = afters.next().value as Buffer;
    if (!isHidden && answer.equals(other)) continue;
    const before = readAnswer(answer, index) as Simulated;
    const after = readAnswer(other, index) as Simulated;
    const changed = comparison.changed(before, after);
    // A parameter that no session carries leaves no trace in the answers, so the lists themselves are compared.
    const queue = (sessions[index - 1] as { queue?: { id: string } }).queue?.id;
    const lists = [parameters.old.of(before, channel, queue), parameters.current.of(after, channel, queue)];
    if (lists[0] !== lists[1] && !changed.includes("data_parameters")) changed.push("data_parameters");
    if (changed.length === 0) continue;
    const key = JSON.stringify([treatment(before), treatment(after), changed]);
    const change = changes.get(key);
    if (change === undefined) changes.set(key, { space, before, after, changed, cells: [cell] });
    else change.cells.push(cell);
  }
}

/** All facts of the cell's values, laid over each other one level deep. */
function sessionOf({ channel, dimensions }: Space, cell: Cell): object {
  const session: Record<string, unknown> = { id: "class", channel, sdk: { platform: "web" } };
  dimensions.forEach(({ values }, index) => {
    for (const [field, fact] of Object.entries(values[cell[index] as number]?.facts ?? {})) {
      const isObject = typeof fact === "object" && fact !== null;
      session[field] = isObject ? { ...(session[field] as object | undefined), ...fact } : fact;
    }
  });
  return session;
}

/** What each block of a document passes, as text. */
class ParameterLists {
  readonly #blocks: Readonly<Record<"chat" | "call", string>>;
  readonly #queues: ReadonlyMap<string, string>;

  constructor({ chat, call, queues = [] }: Document) {
    this.#blocks = { chat: listText(chat), call: listText(call) };
    this.#queues = new Map(queues.map((queue) => [String(queue.id), listText(queue)]));
  }

  equals(other: ParameterLists): boolean {
    if (this.#blocks.chat !== other.#blocks.chat || this.#blocks.call !== other.#blocks.call) return false;
    const ids = new Set([...this.#queues.keys(), ...other.#queues.keys()]);
    return [...ids].every((id) => (this.#queues.get(id) ?? "") === (other.#queues.get(id) ?? ""));
  }

  /** Of the block that decided. */
  of({ virtual_agent, level }: Simulated, channel: "chat" | "call", queue: string | undefined): string {
    if (virtual_agent === null) return "";
    return level === "queue" ? (this.#queues.get(queue ?? "") ?? "") : this.#blocks[channel];
  }
}

function listText(block: Readonly<Record<string, unknown>> | undefined): string {
  if (block?.data_parameters_enabled !== true) return "";
  const list = (block.data_parameters ?? []) as readonly object[];
  return list.map((parameter) => canonical({ required: false, sensitive: false, ...parameter })).join();
}

function asJson({ space, before, after, changed }: Change, box: Box): object {
  const named = space.dimensions.flatMap(({ name, values }, index) => {
    const of = box[index] as readonly number[];
    return of.length === values.length ? [] : [[name, of.flatMap((value) => values[value]?.name ?? null)] as const];
  });
  const { channel } = space;
  return {
    class: { channel, ...Object.fromEntries(named) },
    before: treatment(before),
    after: treatment(after),
    changed,
  };
}

/** Without the id and the values: those of the session that was tried mean nothing. */
function treatment({ outcome, reason, level, virtual_agent, opt_in, data_records }: Simulated): object {
  return { outcome, reason, level, virtual_agent, opt_in, data_records };
}

function asText({ space, before, after, changed }: Change, box: Box): string {
  const phrases = space.dimensions.flatMap(({ values, phrase }, index) => {
    const of = box[index] as readonly number[];
    return of.length === values.length ? [] : [phrase(of.map((value) => values[value] as Value))];
  });
  return `any ${[space.channel, ...phrases].join(", ")}: ${changeText(before, after, changed)}`;
}
