/** The languages beside English, each in a file of its own. The imports are written out so that bundlers see them. */
import type { Catalogue } from "./catalogue.js";

export type LoadCatalogue = () => Promise<{ readonly default: Catalogue }>;

export const LOADERS: Readonly<Record<string, LoadCatalogue>> = {
  ar: () => import("./ar.js"),
  de: () => import("./de.js"),
  es: () => import("./es.js"),
  fr: () => import("./fr.js"),
  ja: () => import("./ja.js"),
  "zh-Hans": () => import("./zh-Hans.js"),
};
