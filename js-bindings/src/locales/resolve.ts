/** From what is known about the person's language to the texts to show. */
import { ENGLISH, ENGLISH_VERSION } from "../messages-en.js";
import { systemClock } from "../timers.js";
import type { Clock, Diagnostic } from "../types.js";
import type { Catalogue } from "./catalogue.js";
import { LOADERS, type LoadCatalogue } from "./index.js";
import { candidates, chain, directionOf, fold, type LanguageSources } from "./match.js";
import { type Overrides, overlaid, readOverrides } from "./overrides.js";

/** How long a language's file is awaited: a question in English is better than none. */
const LOADING_MS = 5000;

export interface ResolveOptions extends LanguageSources {
  /** The host's own texts: `{ de: { yes: "Gern" } }`. */
  readonly messages?: unknown;
  /** Told of texts that were ignored (`message_ignored`) and of a file that could not be loaded (`locale_unavailable`). */
  readonly diagnostic?: (said: Diagnostic) => void;
  readonly clock?: Clock;
  readonly loaders?: Readonly<Record<string, LoadCatalogue>>;
}

const BUILT_IN: Catalogue = { locale: "en", version: ENGLISH_VERSION, dir: "ltr", texts: ENGLISH };

/** The texts to show; `null` stands for the English that is built into the core, unchanged. Never rejects. */
export async function resolveCatalogue(options: ResolveOptions): Promise<Catalogue | null> {
  const { messages, diagnostic = () => {}, clock = systemClock, loaders = LOADERS } = options;
  const overrides = readOverrides(messages, diagnostic);
  const tags = chosen(candidates(options), (tag) => tag === "en" || Object.hasOwn(loaders, tag) || overrides.has(tag));
  const base = tags.find((tag) => Object.hasOwn(loaders, tag));
  const load = base === undefined ? undefined : loaders[base];
  if (base === undefined || load === undefined) return inEnglish(tags, overrides);
  const file = await inTime(load, clock);
  if (file !== undefined) return withOverrides(file, tags, overrides) ?? file;
  diagnostic({
    code: "locale_unavailable",
    locale: base,
    message: `The texts for ${base} could not be loaded. English is shown instead.`,
  });
  return inEnglish(["en"], overrides);
}

/** The first candidate for which there is anything, as the chain of tags that may have a part in it. */
function chosen(wanted: readonly string[], exists: (tag: string) => boolean): readonly string[] {
  for (const candidate of wanted) {
    const folded = fold(candidate);
    const tags = folded === undefined ? [] : chain(folded);
    const first = tags.findIndex(exists);
    if (first >= 0) return tags.slice(first);
  }
  return ["en"];
}

/** English itself, and a language that only the host knows: what it does not say is said in the host's English, or in ours. */
const inEnglish = (tags: readonly string[], overrides: Overrides): Catalogue | null =>
  withOverrides(BUILT_IN, tags.includes("en") ? tags : [...tags, "en"], overrides);

/** `tags`: the most special first. The language is that of the first of them that says anything. */
function withOverrides(base: Catalogue, tags: readonly string[], overrides: Overrides): Catalogue | null {
  const locale = tags.find((tag) => tag === base.locale || overrides.has(tag)) ?? base.locale;
  const layers = tags.flatMap((tag) => overrides.get(tag) ?? []).reverse();
  return overlaid({ ...base, locale, dir: directionOf(locale) }, layers);
}

/** What the loader gives, or `undefined` if it fails or takes too long. */
function inTime(load: LoadCatalogue, clock: Clock): Promise<Catalogue | undefined> {
  return new Promise((resolve) => {
    const timer = clock.setTimeout(() => resolve(undefined), LOADING_MS);
    const settle = (file?: Catalogue) => {
      clock.clearTimeout(timer);
      resolve(file);
    };
    load().then(
      (module) => settle(module.default),
      () => settle(),
    );
  });
}
