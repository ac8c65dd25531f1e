/** Which language to speak: BCP 47 tags, and the order in which they are asked for. Nothing here throws, whatever a tag is. */

/** Names that a language has beside its own: not every engine knows them. */
const ALIASES: Readonly<Record<string, string>> = { no: "nb", iw: "he", in: "id", ji: "yi", cmn: "zh", prs: "fa" };

/** Languages that are read where there is nothing in a language itself. */
const NEIGHBOURS: Readonly<Record<string, string>> = { nn: "nb", yue: "zh" };

/** Where languages may be named, the most telling first. */
export interface LanguageSources {
  /** The host's `locale`. */
  readonly option?: unknown;
  /** The language in which the chat was held. */
  readonly sessionLang?: unknown;
  /** The language of the page around the prompt. */
  readonly documentLang?: unknown;
  /** What the person has set in the browser, the dearest first. */
  readonly navigatorLanguages?: unknown;
}

/** Everything that names a language, in the order in which it is tried. English comes after all of them. */
export function candidates(sources: LanguageSources): string[] {
  const { option, sessionLang, documentLang, navigatorLanguages } = sources;
  const own = Array.isArray(navigatorLanguages) ? (navigatorLanguages as unknown[]) : [navigatorLanguages];
  return [option, sessionLang, documentLang, ...own].filter((tag): tag is string => typeof tag === "string");
}

/** The language that the page gives to an element: the nearest `lang`, also outside of a shadow root. Without an element: the document's. */
export function languageAround(mount: Element | undefined): string | undefined {
  const root = (mount?.ownerDocument ?? (globalThis.document as Document | undefined))?.documentElement;
  for (let at = mount; at !== undefined; at = (at.getRootNode() as Partial<ShadowRoot>).host) {
    const named = at.closest("[lang]");
    if (named !== null) return named.getAttribute("lang") || undefined;
  }
  return root?.getAttribute("lang") || undefined;
}

/**
 * The one spelling of a tag in which tags are compared, or `undefined` for what is none. Extensions and variants are left out, and so is a script
 * that the language has anyway; Chinese always has one, and no region that goes without saying: `zh_tw` is `zh-Hant`.
 */
export function fold(tag: string): string | undefined {
  try {
    const written = tag
      .trim()
      .replace(/[.@].*$/s, "")
      .replaceAll("_", "-");
    const { language, script, region } = new Intl.Locale(written);
    if (language === undefined || language === "und") return undefined;
    return spelled(ALIASES[language] ?? language, script, region);
  } catch {
    return undefined;
  }
}

function spelled(language: string, script: string | undefined, region: string | undefined): string {
  const full = likely(subtags(language, script, region));
  const usual = likely(language).script;
  if (language !== "zh") return subtags(language, full.script === usual ? undefined : full.script, region);
  const written = subtags(language, full.script);
  return region === undefined || region === likely(written).region ? written : subtags(written, region);
}

/** A folded tag and what it falls back to, the most special first: `de-AT`, `de`. A script is never exchanged for another one. */
export function chain(folded: string): string[] {
  const { language, script, region } = new Intl.Locale(folded);
  const whole = subtags(language, script);
  const own = region === undefined ? [whole] : [subtags(whole, region), whole];
  const neighbour = NEIGHBOURS[language];
  if (neighbour === undefined) return own;
  return [...own, spelled(neighbour, neighbour === "zh" ? likely(folded).script : script, undefined)];
}

const RIGHT_TO_LEFT = new Set(["Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Rohg", "Mand", "Samr", "Mend", "Yezi"]);

export function directionOf(folded: string): "ltr" | "rtl" {
  return RIGHT_TO_LEFT.has(likely(folded).script ?? "") ? "rtl" : "ltr";
}

const likely = (tag: string): Intl.Locale => new Intl.Locale(tag).maximize();

const subtags = (...parts: (string | undefined)[]): string => parts.filter((part) => part !== undefined).join("-");
