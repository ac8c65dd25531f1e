// Makes near misses of valid documents: one thing is changed in each, in a few of them two. The same ones each time.

const VALUES = [null, true, false, 1, "", "x", [], {}];
const NUMBERS = [0, -1, 1.5, 19, 20, 3600, 3601, 1e300, -1e300, 2 ** 53];
const STRANGE_FIELDS = ["colour", "", "$schema", "__proto__", "constructor"];
const LIST_LENGTHS = [100, 101];
const PATH = "projects/p/locations/l/agents/a";
const ENVIRONMENT = `${PATH}/environments/e`;
/** Around each limit, in characters of one, two and four bytes. */
const LONG = [
  ...[1, 128, 129, 256, 257, 2048, 2049].map((length) => "x".repeat(length)),
  ...[2048, 2049].flatMap((length) => [PATH.padEnd(length, "a"), ENVIRONMENT.padEnd(length, "e")]),
  ...[1024, 1025, 2048, 2049].map((length) => "é".repeat(length)),
  ...[128, 129, 256, 257].map((length) => "😀".repeat(length)),
];
const TEXTS = [
  PATH,
  `${PATH}/environments/e`,
  `${PATH}/`,
  `${PATH}/environments`,
  `${PATH}/environments/`,
  `${PATH}/environments/e/`,
  `${PATH}/environments/e/x`,
  `${PATH}/sessions/s`,
  `/${PATH}`,
  ` ${PATH}`,
  `${PATH} `,
  `${PATH}?`,
  `${PATH}#f`,
  `${PATH}%20`,
  `${PATH}\\b`,
  `${PATH}\n`,
  "projects/p/locations/l",
  "projects//locations/l/agents/a",
  "projects/p/locations/l/agents/",
  "projects/ü/locations/l/agents/ä",
  "projects/../locations/l/agents/a",
  "projects/p/locations/./agents/a",
  "projects/p/locations/l/agents/..",
  "projects/.../locations/..l/agents/a..",
  `${PATH}/environments/..`,
  `${PATH}/environments/.e`,
  "Projects/p/locations/l/agents/a",
  "projects/p/agents/a/locations/l",
  "3.0.0",
  "3.0",
  "3.0.",
  "3.0.0.0",
  "3.0.0-",
  "3.0.0-beta.1",
  "3.0.0+build\n",
  "3.0.0 ",
  "3.0.0\n",
  " 3.0.0",
  "v3.0.0",
  "03.00.000",
  "99999999999999999999.0.0",
  "٣.0.0",
  "-3.0.0",
  "3..0",
  "a",
  "_",
  "A.b-c_1",
  "1a",
  "-a",
  ".a",
  "a b",
  "a$",
  "a\n",
  "é",
  "aé",
  "__proto__",
  "__proto__x",
  "constructor",
  "prototype",
  "toString",
  "Constructor",
  "https://bots.example.com/",
  "http://bots.example.com/",
  "not a url",
];

/** A small generator of numbers from 0 up to 1 (mulberry32). */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

/** Every value of a document with its path. */
export function* places(value, path = []) {
  yield { path, value };
  if (value === null || typeof value !== "object") return;
  for (const key of Object.keys(value)) yield* places(value[key], [...path, Array.isArray(value) ? Number(key) : key]);
}

/** A copy in which the value at `path` is another, or is gone. `__proto__` becomes a field like any other. */
function changed(document, path, change) {
  if (path.length === 0) return change.value;
  const copy = structuredClone(document);
  const parent = path.slice(0, -1).reduce((value, key) => value[key], copy);
  const key = path.at(-1);
  if (change.drop && Array.isArray(parent)) parent.splice(key, 1);
  else if (change.drop) delete parent[key];
  else
    Object.defineProperty(parent, key, { value: change.value, configurable: true, enumerable: true, writable: true });
  return copy;
}

/**
 * Every change of one thing, as `{path, value}` or `{path, drop}`. What stands in the same place among the same neighbours as in an earlier
 * document is not changed again.
 */
function* changes(document, { names, fields, seen, random }) {
  for (const { path, value } of places(document)) {
    const parent = path.slice(0, -1).reduce((container, key) => container[key], document);
    const place = JSON.stringify([path, path.length > 1 ? parent : value]);
    if (seen.has(place)) continue;
    seen.add(place);
    for (const other of typeof value === "number" ? [...VALUES, ...NUMBERS] : VALUES) yield { path, value: other };
    if (path.length > 0) yield { path, drop: true };
    if (isObject(value)) {
      for (const field of STRANGE_FIELDS) yield { path: [...path, field], value: "x" };
      for (const key of Object.keys(value).slice(0, 1)) yield { path: [...path, key.toUpperCase()], value: value[key] };
      for (const [field, sample] of fields) {
        if (!Object.hasOwn(value, field)) yield { path: [...path, field], value: sample };
      }
    }
    if (Array.isArray(value)) {
      for (const other of VALUES) yield { path: [...path, value.length], value: other };
      if (value.length > 0) yield { path, value: [...value, value[0]] };
      for (const length of LIST_LENGTHS) yield { path, value: Array.from({ length }, (_, i) => entry(value[0], i)) };
    }
    if (typeof value === "string") {
      for (const text of LONG) yield { path, value: text };
      const place = path.filter((key) => typeof key === "string").join("/");
      const known = seen.has(place);
      seen.add(place);
      for (const text of [...TEXTS, ...names, value.toUpperCase(), `${value} `]) {
        if (!known || random() < 0.05) yield { path, value: text };
      }
    }
  }
}

/** The i-th entry of a list of entries like this one: with a destination field or an id of its own, so that only the length is at fault. */
function entry(sample, i) {
  if (!isObject(sample)) return typeof sample === "string" ? sample : "x";
  if (Object.hasOwn(sample, "field")) return { ...sample, field: `f${i}` };
  return Object.hasOwn(sample, "id") ? { ...sample, id: `i${i}` } : sample;
}

/** A value that would do for each field: one that is known, but does not belong here, comes with it. */
function fieldsOf(documents) {
  const fields = new Map();
  for (const document of documents) {
    for (const { path, value } of places(document)) {
      const field = path.at(-1);
      if (typeof field === "string" && !fields.has(field)) fields.set(field, value);
    }
  }
  return fields;
}

/**
 * Texts of near misses, each once, in an order that the seed decides.
 * @param {{names: string[], seed: number, pairs: number, extra?: [string, unknown][]}} options `names`: what could be taken for one of an
 *   enumeration; `pairs`: how many with two changes; `extra`: fields beside those of the documents
 */
export function nearMisses(documents, { names, seed, pairs, extra = [] }) {
  const random = seeded(seed);
  const fields = new Map([...fieldsOf(documents), ...extra]);
  const texts = new Set(documents.map((document) => JSON.stringify(document)));
  const seen = new Set();
  const all = documents.map((document) => [...changes(document, { names, fields, seen, random })]);
  documents.forEach((document, i) => {
    for (const change of all[i]) texts.add(JSON.stringify(changed(document, change.path, change)));
  });
  const one = (list) => list[Math.floor(random() * list.length)];
  for (let made = 0; made < pairs; made += 1) {
    const index = Math.floor(random() * documents.length);
    const [first, second] = [one(all[index]), one(all[index])];
    // The deeper one first: the other may take its place away, but then the two are one change.
    const [deep, shallow] = first.path.length >= second.path.length ? [first, second] : [second, first];
    texts.add(JSON.stringify(changed(changed(documents[index], deep.path, deep), shallow.path, shallow)));
  }
  const shuffled = [...texts];
  for (let i = shuffled.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [shuffled[i], shuffled[j]] = [shuffled[j], shuffled[i]];
  }
  return shuffled;
}
