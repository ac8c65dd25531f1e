import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { languageFiles } from "../../tools/targets/bundle.mjs";

const source = fileURLToPath(new URL("../../js-bindings/src/", import.meta.url));

/** The languages that have a file. */
export const LANGUAGES =
  "ar da de es fa fi fr he hi id it ja ko nb nl pl pt pt-BR ru sv th tr uk ur vi zh-Hans zh-Hant".split(" ");

/** Tags as browsers, pages and platforms write them, and the language that each one gets. */
export const MATCHES = {
  de: "de",
  "de-AT": "de",
  "de-CH-1996": "de",
  DE_at: "de",
  "de_DE.UTF-8": "de",
  "de-DE@euro": "de",
  deu: "de",
  "de-DE-u-co-phonebk": "de",
  "de-Latn-DE": "de",
  " fr ": "fr",
  "fr-CA": "fr",
  "es-419": "es",
  "es-MX": "es",
  zh: "zh-Hans",
  "zh-CN": "zh-Hans",
  "zh-SG": "zh-Hans",
  zh_cn: "zh-Hans",
  "zh-Hans-HK": "zh-Hans",
  cmn: "zh-Hans",
  "zh-TW": "zh-Hant",
  "zh-HK": "zh-Hant",
  "zh-MO": "zh-Hant",
  zh_hant_tw: "zh-Hant",
  "zh-Hant-CN": "zh-Hant",
  "yue-HK": "zh-Hant",
  "yue-CN": "zh-Hans",
  no: "nb",
  "no-NO": "nb",
  nn: "nb",
  "nn-NO": "nb",
  "nb-SJ": "nb",
  pt: "pt",
  "pt-PT": "pt",
  "pt-AO": "pt",
  "pt-BR": "pt-BR",
  pt_br: "pt-BR",
  "PT-br": "pt-BR",
  iw: "he",
  "iw-IL": "he",
  in: "id",
  "in-ID": "id",
  "fa-AF": "fa",
  prs: "fa",
  "ur-PK": "ur",
  "ar-EG": "ar",
  en: "en",
  "en-GB": "en",
  "en-XA": "en",
};

/** The modules that choose and load a language, cut into files as the package is: `locales/resolve.js`, `locales/de.js` and so on. */
export async function bundleLanguages(folder) {
  const own = ["resolve", "duration"].map((name) => `${source}locales/${name}.ts`);
  await build({
    entryPoints: [...own, ...languageFiles(source)],
    outbase: source,
    outdir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    logLevel: "silent",
  });
}
