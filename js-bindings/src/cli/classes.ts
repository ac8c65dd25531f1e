/**
 * The classes of session that two settings documents can tell apart: a finite space. What is decided before any setting is read (a mobile SDK, a
 * platform that says no, an SDK that is too old for both, an unknown channel) comes out alike under all documents, and is left out.
 */
import { CALL_TYPES, CHAT_TYPES, ENDED_BY } from "../name-lists.js";
import { count, orList } from "./text.js";
import { canonical, type Document } from "./treatment.js";

type Name = string | boolean | null;

export interface Value {
  /** For programs; a list where one value stands for many that are treated alike. */
  readonly name: Name | readonly Name[];
  /** For people. */
  readonly text: string;
  /** Laid over the session. */
  readonly facts: object;
}

export interface Dimension {
  readonly name: string;
  /** What nearly every session has stands first. */
  readonly values: readonly Value[];
  /** Some of the values, not all, as a phrase behind "any chat". */
  readonly phrase: (values: readonly Value[]) => string;
}

export interface Space {
  readonly channel: "chat" | "call";
  readonly dimensions: readonly Dimension[];
}

const SHOWN_QUEUES = 8;
const DEFAULT_VERSION = "3.0.0";

const listed = (values: readonly Value[]): string => orList(values.map(({ text }) => text));

export function spaces(old: Document, current: Document): readonly Space[] {
  const versions = versionDimension(old, current);
  const chat = [queues(old, current), types("chat_type", CHAT_TYPES), ENDERS, REQUIRED, OPT_IN, CAN, versions];
  const withoutSdk: Value = { name: null, text: "no SDK", facts: { sdk: { platform: null } } };
  const sdk = { ...versions, values: [...versions.values, withoutSdk] };
  return [
    { channel: "chat", dimensions: chat },
    { channel: "call", dimensions: [types("call_type", CALL_TYPES), ENDERS, CAN, sdk] },
  ];
}

const ENDERS: Dimension = {
  name: "ended_by",
  values: ENDED_BY.map(({ name }) => ({ name, text: name, facts: { ended_by: name } })),
  phrase: (values) => `ended by ${listed(values)}`,
};

const CAN: Dimension = {
  name: "can_update_post_session",
  values: [
    { name: true, text: "an SDK that can hand off", facts: { sdk: { can: ["update_post_session"] } } },
    { name: false, text: "an SDK that has no updatePostSession", facts: { sdk: { can: [] } } },
  ],
  phrase: (values) => `in ${listed(values)}`,
};

const flag = (name: "required" | "opt_in_required", value: boolean | null): Value => ({
  name: value,
  text: String(value),
  facts: { post_session: { [name]: value } },
});

const REQUIRED: Dimension = {
  name: "required",
  values: [flag("required", null), flag("required", true)],
  phrase: ([value]) => (value?.name === true ? "required by the platform" : "not required by the platform"),
};

const OPT_IN: Dimension = {
  name: "opt_in_required",
  values: [flag("opt_in_required", null), flag("opt_in_required", false), flag("opt_in_required", true)],
  phrase: (values) => {
    const [one, two] = values.map(({ name }) => name);
    if (values.length === 1)
      return one === null
        ? "without the platform's word on opt-in"
        : `where the platform ${one ? "asks for" : "waives"} the opt-in`;
    if (one === false) return "with the platform's word on opt-in";
    return two === true
      ? "where the platform does not waive the opt-in"
      : "where the platform does not ask for an opt-in";
  },
};

function types(name: "chat_type" | "call_type", all: readonly { readonly name: string }[]): Dimension {
  const known = all.map((type) => ({ name: type.name, text: type.name, facts: { [name]: type.name } }));
  return {
    name,
    values: [...known, { name: "other", text: "another type", facts: { [name]: "other" } }],
    phrase: (values) => `of type ${listed(values)}`,
  };
}

/** Versions from the lesser of the two documents' least ones on. What is older is refused under both. */
function versionDimension(old: Document, current: Document): Dimension {
  const least = [old, current].map(({ rules }) => String(rules?.min_sdk_version ?? DEFAULT_VERSION));
  const bounds = [...new Set(least)].sort(byVersion);
  const values = bounds.map((version, index) => {
    const next = bounds[index + 1];
    const text = next === undefined ? `SDK ${version} or later` : `SDK ${version} or later, but before ${next}`;
    return { name: `>=${version}${next === undefined ? "" : ` <${next}`}`, text, facts: { sdk: { version } } };
  });
  return { name: "sdk_version", values: values.reverse(), phrase: (of) => `with ${listed(of)}` };
}

function byVersion(a: string, b: string): number {
  const [x, y] = [a, b].map((version) => version.split(/[-+]/)[0]?.split(".").map(Number) ?? []);
  const differing = [0, 1, 2].find((i) => x?.[i] !== y?.[i]);
  return differing === undefined ? 0 : (x?.[differing] ?? 0) - (y?.[differing] ?? 0);
}

function queues(old: Document, current: Document): Dimension {
  const [before, after] = [old, current].map(
    (document) => new Map((document.queues ?? []).map((q) => [String(q.id), q])),
  );
  const groups = new Map<string, string[]>();
  for (const id of new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])) {
    const key = `${settingsOf(before?.get(id))} ${settingsOf(after?.get(id))}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [id]);
    else group.push(id);
  }
  let unknown = "other";
  while (before?.has(unknown) || after?.has(unknown)) unknown += "_";
  const named = (id: string) => {
    const name = (after?.get(id) ?? before?.get(id))?.name;
    return name === undefined ? id : `${id} (${name})`;
  };
  const phraseOf = (ids: readonly string[]) => {
    const more = ids.length > SHOWN_QUEUES ? ` and ${count(ids.length - SHOWN_QUEUES)} more` : "";
    return `${ids.length > 1 ? "queues" : "queue"} ${ids.slice(0, SHOWN_QUEUES).map(named).join(", ")}${more}`;
  };
  return {
    name: "queue",
    values: [
      { name: [null], text: "no queue", facts: {} },
      { name: [unknown], text: "a queue that neither document names", facts: { queue: { id: unknown } } },
      ...[...groups.values()].map((ids) => ({ name: ids, text: "", facts: { queue: { id: ids[0] } } })),
    ],
    phrase: (values) => {
      const ids = values.filter(({ text }) => text === "").flatMap(({ name }) => name as string[]);
      const texts = values.map(({ text }) => text).filter((text) => text !== "");
      return `in ${orList(ids.length > 0 ? [...texts, phraseOf(ids)] : texts)}`;
    },
  };
}

/** All that decides; the name does not. */
function settingsOf(queue: Readonly<Record<string, unknown>> | undefined): string {
  if (queue === undefined) return "absent";
  const { id: _, name: __, ...rest } = queue;
  // What inherits is treated as if it were not there, whatever stands beside.
  return rest.chat_routing === undefined ? "absent" : canonical(rest);
}
