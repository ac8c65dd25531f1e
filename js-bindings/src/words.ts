/** The texts of the person's language, and durations in it, as the core is told them. */
import type { Catalogue } from "./locales/catalogue.js";
import { durationText } from "./locales/duration.js";
import { languageAround } from "./locales/match.js";
import { resolveCatalogue } from "./locales/resolve.js";
import type { Clock, Diagnostic } from "./types.js";

export interface Words {
  /** `null`: English, which is built into the core. */
  readonly catalogue: Catalogue | null;
  /** Where there is no time-out nothing is said. */
  readonly time_to_answer: string | null;
  readonly time_of_warning: string | null;
}

/** How long before the end of the time to answer the person is told. */
const WARNING_S = 20;

export interface WordsOptions {
  readonly locale: string | undefined;
  readonly messages: object | undefined;
  readonly mount: Element | null | undefined;
  /** `rules.prompt_timeout_s`. */
  readonly seconds: number;
  readonly clock: Clock;
  readonly diagnostic: (diagnostic: Diagnostic) => void;
}

export class Dictionary {
  readonly #options: WordsOptions;
  /** By the session's language. */
  readonly #loaded = new Map<string, Promise<Words>>();

  constructor(options: WordsOptions) {
    this.#options = options;
  }

  /** Loads at most one language's file, once. Never rejects. */
  words(sessionLang: unknown): Promise<Words> {
    const key = typeof sessionLang === "string" ? sessionLang : "";
    const loading = this.#loaded.get(key) ?? this.#load(key);
    this.#loaded.set(key, loading);
    return loading;
  }

  async #load(sessionLang: string): Promise<Words> {
    const { locale, messages, mount, seconds, clock, diagnostic } = this.#options;
    const catalogue = await resolveCatalogue({
      option: locale,
      sessionLang,
      documentLang: languageAround(mount ?? undefined) ?? globalThis.document?.documentElement?.lang,
      navigatorLanguages: (globalThis.navigator as Navigator | undefined)?.languages,
      messages,
      clock,
      diagnostic,
    });
    const said = (value: number) => (seconds > 0 ? durationText(value, catalogue?.locale ?? "en") : null);
    return { catalogue, time_to_answer: said(seconds), time_of_warning: said(Math.min(seconds, WARNING_S)) };
  }
}
