/** The languages beside English, each in a file of its own. The imports are written out so that bundlers see them. */
import type { Catalogue } from "./catalogue.js";

export type LoadCatalogue = () => Promise<{ readonly default: Catalogue }>;

export const LOADERS: Readonly<Record<string, LoadCatalogue>> = {
  ar: () => import("./ar.js"),
  da: () => import("./da.js"),
  de: () => import("./de.js"),
  es: () => import("./es.js"),
  fa: () => import("./fa.js"),
  fi: () => import("./fi.js"),
  fr: () => import("./fr.js"),
  he: () => import("./he.js"),
  hi: () => import("./hi.js"),
  id: () => import("./id.js"),
  it: () => import("./it.js"),
  ja: () => import("./ja.js"),
  ko: () => import("./ko.js"),
  nb: () => import("./nb.js"),
  nl: () => import("./nl.js"),
  pl: () => import("./pl.js"),
  pt: () => import("./pt.js"),
  "pt-BR": () => import("./pt-BR.js"),
  ru: () => import("./ru.js"),
  sv: () => import("./sv.js"),
  th: () => import("./th.js"),
  tr: () => import("./tr.js"),
  uk: () => import("./uk.js"),
  ur: () => import("./ur.js"),
  vi: () => import("./vi.js"),
  "zh-Hans": () => import("./zh-Hans.js"),
  "zh-Hant": () => import("./zh-Hant.js"),
};
