import type { MessageKey } from "../messages-en.js";

/** All texts of one language. `{0}` and `{1}` in them are filled in by the core. */
export interface Catalogue {
  /** BCP 47; also the `lang` of what is drawn. */
  readonly locale: string;
  /** Changes with every change of wording. A `+` and eight hex digits follow where the host has put texts of its own. */
  readonly version: string;
  readonly dir: "ltr" | "rtl";
  readonly texts: Readonly<Record<MessageKey, string>>;
}
