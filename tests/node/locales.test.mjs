// The languages of the prompt: the files, which one is taken, and the host's own texts.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { languageFiles } from "../../tools/targets/bundle.mjs";
import { bundleLanguages, LANGUAGES, MATCHES } from "../support/languages.mjs";
import { pseudo, pseudoRtl } from "../support/pseudo-locale.mjs";
import { judgeCatalogue } from "./support/judge-catalogue.mjs";
import { importSource } from "./support/source.mjs";

const source = fileURLToPath(new URL("../../js-bindings/src/", import.meta.url));
const dist = fileURLToPath(new URL(".", import.meta.resolve("post-session-transfer")));
const { ENGLISH, ENGLISH_VERSION } = await importSource("messages-en.ts");
const { LOADERS } = await importSource("locales/index.ts");
const { fold, chain, candidates, directionOf, languageAround } = await importSource("locales/match.ts");
const { resolveCatalogue } = await importSource("locales/resolve.ts");
const { durationText } = await importSource("locales/duration.ts");

const catalogues = new Map();
for (const tag of Object.keys(LOADERS)) catalogues.set(tag, (await LOADERS[tag]()).default);
const german = catalogues.get("de");

/** The catalogue, and what was said meanwhile. */
async function resolved(options) {
  const said = [];
  const catalogue = await resolveCatalogue({ diagnostic: (diagnostic) => said.push(diagnostic), ...options });
  return { catalogue, said };
}
const localeOf = async (options) => (await resolveCatalogue(options))?.locale ?? "en";

// The files

test("there are all languages, each in the table, in the sources and in the package", () => {
  assert.deepEqual(Object.keys(LOADERS), LANGUAGES);
  const files = languageFiles(source).map((file) => file.match(/([^/\\]+)\.ts$/)[1]);
  assert.deepEqual(files.sort(), LANGUAGES);
  const shipped = readdirSync(join(dist, "locales")).filter((name) => name.endsWith(".js"));
  assert.deepEqual(shipped.sort(), LANGUAGES.map((tag) => `${tag}.js`).sort());
});

for (const tag of LANGUAGES) {
  test(`${tag}: nothing is missing, English or malformed`, () => {
    const catalogue = catalogues.get(tag);
    assert.equal(catalogue.locale, tag);
    assert.deepEqual(judgeCatalogue(catalogue, ENGLISH), []);
  });
}

test("each fault of a file would be noticed", () => {
  const tampered = (tag, texts, other = {}) => {
    const catalogue = catalogues.get(tag);
    return judgeCatalogue({ ...catalogue, ...other, texts: { ...catalogue.texts, ...texts } }, ENGLISH);
  };
  const cases = [
    ["de", { time_left: "Verbleibende Zeit" }, "time_left: placeholders"],
    ["de", { yes: "Ja {0}" }, "yes: placeholders"],
    ["de", { yes: "Ja " }, "yes: blanks around it, or nothing"],
    ["de", { yes: "" }, "yes: blanks around it, or nothing"],
    ["de", { no: "No" }, "no: in English"],
    ["de", { shared_language: "<b>Sprache</b>" }, "shared_language: mark-up"],
    ["he", { shared_language: "\u200fשפה" }, "shared_language: invisible characters"],
    ["ru", { shared_queue: "Oчередь" }, "shared_queue: the letter O"],
    ["pl", { yes: "Так" }, "yes: the letter Т"],
    ["de", { not_now: "Vielleicht ein anderes Mal" }, "not_now: longer than 24"],
    ["fr", { declined_title: "D’accord, ".repeat(7).trim() }, "declined_title: longer than 60"],
    ["de", { yes: "Ja." }, "yes: a button that is a sentence"],
    ["de", { error_date: "Bitte geben Sie ein Datum ein" }, "error_date: ends otherwise than in English"],
    ["ru", { reason_busy: "{0} не отвечает." }, "reason_busy: a name where a capital belongs"],
    [
      "de",
      { connecting_body: "Wir verbinden Sie mit {0}." },
      "connecting_body: a familiar form, or a name in need of a case",
    ],
    [
      "ko",
      { reason_busy: "현재 {0}가 매우 바쁩니다." },
      "reason_busy: a particle that depends on the name's last sound",
    ],
    ["fr", { reason_timeout: "Pas de réponse de {0}." }, /^reason_timeout: .*elision/],
    ["fr", { time_left: "Temps restant : {0}" }, /^time_left: a familiar form, no narrow space/],
    ["zh-Hans", { yes: "請" }, "yes: traditional characters"],
    ["zh-Hant", { yes: "请" }, "yes: simplified characters"],
    ["pt", { opt_in_title: "Seu chat terminou, você" }, "opt_in_title: Brazilian, or a familiar form"],
  ];
  for (const [tag, texts, expected] of cases) {
    const found = tampered(tag, texts);
    assert.ok(
      found.some((fault) => (expected.test ? expected.test(fault) : fault === expected)),
      `${expected}: ${found}`,
    );
  }
  assert.deepEqual(tampered("ar", {}, { dir: "ltr" }), ["dir ltr"]);
  assert.deepEqual(tampered("de", {}, { version: "fr-1" }), ["version fr-1"]);
  assert.deepEqual(tampered("de", { extra: "Mehr" }).slice(0, 1), ["keys, or their order"]);
  const { yes: _, ...fewer } = german.texts;
  assert.deepEqual(judgeCatalogue({ ...german, texts: fewer }, ENGLISH), ["keys, or their order"]);
});

test("a file with a key missing, or one too many, does not compile", () => {
  const folder = mkdtempSync(join(tmpdir(), "pst-locales-"));
  after(() => rmSync(folder, { recursive: true }));
  const text = readFileSync(join(source, "locales", "de.ts"), "utf8").replace("./", `${source}locales/`);
  const line = '    more_time: "Mehr Zeit",\n';
  assert.ok(text.includes(line));
  const written = {
    good: text,
    missing: text.replace(line, ""),
    extra: text.replace(line, `${line}    less_time: "Weniger",\n`),
  };
  for (const [name, content] of Object.entries(written)) writeFileSync(join(folder, `${name}.ts`), content);
  const options = [
    "--ignoreConfig",
    "--noEmit",
    "--strict",
    "--skipLibCheck",
    "--target",
    "es2022",
    "--module",
    "esnext",
    "--moduleResolution",
    "bundler",
    "--types",
    "",
  ];
  const files = Object.keys(written).map((name) => join(folder, `${name}.ts`));
  const { stdout } = spawnSync(
    process.execPath,
    [
      fileURLToPath(import.meta.resolve("typescript/package.json")).replace("package.json", "bin/tsc"),
      ...options,
      ...files,
    ],
    { encoding: "utf8" },
  );
  assert.match(stdout, /missing\.ts.*Property 'more_time' is missing/);
  assert.match(stdout, /extra\.ts.*'less_time' does not exist/);
  assert.doesNotMatch(stdout, /good\.ts/);
});

test("a file is at most 2 KB of gzip", () => {
  for (const tag of LANGUAGES) {
    const bytes = gzipSync(readFileSync(join(dist, "locales", `${tag}.js`)), { level: 9 }).length;
    assert.ok(bytes <= 2048, `${tag}: ${bytes}`);
  }
});

test("a shipped file holds what its source does", async () => {
  for (const tag of ["ar", "pt-BR", "zh-Hant"]) {
    const shipped = await import(pathToFileURL(join(dist, "locales", `${tag}.js`)).href);
    assert.deepEqual(shipped.default, catalogues.get(tag));
  }
});

// Matching

test("a tag finds its language", async () => {
  for (const [tag, expected] of Object.entries(MATCHES)) {
    assert.equal(await localeOf({ option: tag, navigatorLanguages: ["sv"] }), expected, tag);
  }
});

test("a tag that is none, or of a language or script that is not there, leaves the choice to the next one, and nothing throws", async () => {
  const none = [
    "",
    "-",
    "x",
    "de-",
    "-de",
    "de--AT",
    "123",
    "dé",
    "d e",
    "../de",
    "__proto__",
    "constructor",
    "a".repeat(5000),
    "und",
    "root",
    "*",
    "i-klingon",
    "ca",
    "hi-Latn",
    "ru-Latn",
    "\0",
    "😀",
  ];
  for (const option of [...none, null, undefined, 7, {}, [], Symbol("de")]) {
    assert.equal(await localeOf({ option, navigatorLanguages: ["sv"] }), "sv", String(option));
    assert.equal(await localeOf({ navigatorLanguages: [option] }), "en", String(option));
  }
});

test("the host's choice comes first, then the chat, the page and the person's browser; English is the end of it", async () => {
  const all = { option: "de", sessionLang: "fr", documentLang: "it", navigatorLanguages: ["xx", "nl", "pl"] };
  assert.deepEqual(candidates(all), ["de", "fr", "it", "xx", "nl", "pl"]);
  const seen = [await localeOf(all)];
  for (const next of ["option", "sessionLang", "documentLang"]) {
    delete all[next];
    seen.push(await localeOf(all));
  }
  assert.deepEqual(seen, ["de", "fr", "it", "nl"]);
  assert.equal(await resolveCatalogue({ sessionLang: "en", navigatorLanguages: ["de"] }), null);
  assert.equal(await resolveCatalogue({}), null);
  assert.equal(await localeOf({ navigatorLanguages: "de" }), "de");
});

test("tags are folded to one spelling, and fall back without a change of script", () => {
  const folded = {
    "zh-TW": "zh-Hant",
    "zh-hk": "zh-Hant-HK",
    zh: "zh-Hans",
    "sr-Latn-RS": "sr-Latn-RS",
    "sr-Cyrl": "sr",
    "no-NO": "nb-NO",
    "en-Latn-US": "en-US",
  };
  for (const [tag, expected] of Object.entries(folded)) assert.equal(fold(tag), expected);
  assert.deepEqual(chain("zh-Hant-HK"), ["zh-Hant-HK", "zh-Hant"]);
  assert.deepEqual(chain("sr-Latn-RS"), ["sr-Latn-RS", "sr-Latn"]);
  assert.deepEqual(chain("nn-NO"), ["nn-NO", "nn", "nb"]);
  assert.deepEqual(
    [directionOf("ckb"), directionOf("az-Arab"), directionOf("az"), directionOf("yi")],
    ["rtl", "rtl", "ltr", "rtl"],
  );
});

test("the page's language is that of the nearest element that names one, also outside of a shadow root", async () => {
  const { JSDOM } = await import("jsdom");
  const { window } = new JSDOM(
    `<html lang="fr"><body><div lang="de-AT"><p id="in"></p></div><p id="out"></p><i lang=""><b id="unknown"></b></i></body></html>`,
  );
  const at = (id) => window.document.getElementById(id);
  const shadow = at("in").attachShadow({ mode: "open" });
  const inside = window.document.createElement("div");
  shadow.append(inside);
  assert.equal(languageAround(inside), "de-AT");
  assert.equal(languageAround(at("in")), "de-AT");
  assert.equal(languageAround(at("out")), "fr");
  assert.equal(languageAround(at("unknown")), undefined);
  assert.equal(languageAround(window.document.createElement("p")), "fr");
  assert.equal(languageAround(undefined), undefined);
});

// The host's own texts

test("a host's text takes the place of ours, and the version tells", async () => {
  const { catalogue, said } = await resolved({ option: "de", messages: { de: { yes: "Gern" } } });
  assert.deepEqual(said, []);
  assert.equal(catalogue.locale, "de");
  assert.deepEqual(catalogue.texts, { ...german.texts, yes: "Gern" });
  assert.match(catalogue.version, /^de-1\+[0-9a-f]{8}$/);
  const grouped = await resolveCatalogue({
    option: "de",
    messages: { de: { post_session: { yes: "Gern" }, button: { yes: "Jawohl" } } },
  });
  assert.deepEqual(grouped, catalogue);
  assert.equal((await resolveCatalogue({ option: "fr", messages: { de: { yes: "Gern" } } })).version, "fr-1");
});

test("the version is the wording's: the same for the same texts, another one for any other, none for what changes nothing", async () => {
  const version = async (messages, option = "de") => (await resolveCatalogue({ option, messages }))?.version;
  assert.equal(
    await version({ de: { yes: "Gern", no: "Lieber nicht" } }),
    await version({ de: { no: "Lieber nicht", yes: "Gern" } }),
  );
  assert.notEqual(await version({ de: { yes: "Gern" } }), await version({ de: { no: "Gern" } }));
  assert.equal(await version({ de: { yes: german.texts.yes } }), "de-1");
  // FNV-1a, computed apart from the module.
  const texts = JSON.stringify(Object.values({ ...ENGLISH, yes: "Yes, please" }));
  let hash = 2166136261n;
  for (const byte of Buffer.from(texts)) hash = ((hash ^ BigInt(byte)) * 16777619n) & 0xffffffffn;
  assert.equal(
    await version({ en: { yes: "Yes, please" } }, "en"),
    `${ENGLISH_VERSION}+${hash.toString(16).padStart(8, "0")}`,
  );
});

test("a region's texts lie over its language's, whatever the order in which they are given", async () => {
  const messages = { "de-at": { yes: "Passt" }, de: { yes: "Gern", no: "Lieber nicht" } };
  const austrian = await resolveCatalogue({ option: "de_AT", messages });
  assert.deepEqual([austrian.locale, austrian.texts.yes, austrian.texts.no], ["de-AT", "Passt", "Lieber nicht"]);
  const swiss = await resolveCatalogue({ option: "de-CH", messages });
  assert.deepEqual([swiss.locale, swiss.texts.yes], ["de", "Gern"]);
  const brazil = await resolveCatalogue({ option: "pt-BR", messages: { pt: { yes: "Claro" } } });
  assert.deepEqual([brazil.locale, brazil.texts.yes], ["pt-BR", "Claro"]);
  assert.match(brazil.version, /^pt-BR-1\+/);
  const taiwan = await resolveCatalogue({ option: "zh-HK", messages: { "zh-TW": { yes: "好" } } });
  assert.deepEqual([taiwan.locale, taiwan.texts.yes], ["zh-Hant", "好"]);
});

test("a host can add a language: what it does not say is said in English, or in the language it belongs to", async () => {
  const messages = { ca: { yes: "Sí" }, ckb: { yes: "بەڵێ" }, "sr-Latn": { yes: "Da" } };
  const catalan = await resolveCatalogue({ option: "ca-ES", sessionLang: "de", messages });
  assert.deepEqual([catalan.locale, catalan.dir, catalan.texts.yes, catalan.texts.no], ["ca", "ltr", "Sí", "No"]);
  assert.match(catalan.version, /^en-1\+/);
  const half = await resolveCatalogue({ option: "ca", messages: { ...messages, en: { no: "No, thanks" } } });
  assert.deepEqual([half.locale, half.texts.yes, half.texts.no], ["ca", "Sí", "No, thanks"]);
  const kurdish = await resolveCatalogue({ option: "ckb", messages });
  assert.deepEqual([kurdish.locale, kurdish.dir], ["ckb", "rtl"]);
  assert.equal(await localeOf({ option: "sr", sessionLang: "de", messages }), "de");
  assert.equal(await localeOf({ option: "nn", messages: { nn: { no: "Nei" } } }), "nb", "nothing is changed by it");
  const british = await resolveCatalogue({ option: "en-GB", messages: { "en-GB": { yes: "Yes, please" } } });
  assert.deepEqual([british.locale, british.texts.yes], ["en-GB", "Yes, please"]);
});

test("an empty text suppresses what stands below a title, and nothing else", async () => {
  const { catalogue, said } = await resolved({
    option: "de",
    messages: { de: { declined_body: "", reason_busy: null, connecting_body: "  ", declined_title: "", yes: null } },
  });
  const { declined_body, reason_busy, connecting_body, declined_title, yes } = catalogue.texts;
  assert.deepEqual([declined_body, reason_busy, connecting_body], ["", "", ""]);
  assert.deepEqual([declined_title, yes], [german.texts.declined_title, german.texts.yes]);
  assert.deepEqual(
    said.map(({ code, locale, key }) => [code, locale, key]),
    [
      ["message_ignored", "de", "declined_title"],
      ["message_ignored", "de", "yes"],
    ],
  );
});

test("a text that cannot be used is ignored with a diagnostic that says which and why", async () => {
  const long = "x".repeat(1001);
  const cases = [
    [{ de: { oui: "Ja" } }, "oui", /no text "oui"/],
    [{ de: { yes: 7 } }, "yes", /not a string/],
    [{ de: { yes: () => "Ja" } }, "yes", /not a string/],
    [{ de: { post_session: { yes: { text: "Ja" } } } }, "yes", /not a string/],
    [{ de: { yes: long } }, "yes", /more than 1000 characters/],
    [{ de: { opt_in_body: "Weiter?" } }, "opt_in_body", /lost its \{0\}/],
    [{ de: { announce: "{0}" } }, "announce", /lost its \{1\}/],
    [{ de: { yes: "Ja, {0}" } }, "yes", /no value for \{0\}/],
    [{ de: { field_optional: "" } }, "field_optional", /empty/],
    [{ de: JSON.parse('{"__proto__": "Ja", "toString": "Ja"}') }, "__proto__", /no text/],
    [{ "!": { yes: "Ja" } }, "", /no language tag/],
  ];
  for (const [messages, key, message] of cases) {
    const { catalogue, said } = await resolved({ option: "de", messages });
    assert.deepEqual(catalogue, german, key);
    assert.equal(said[0].code, "message_ignored");
    assert.equal(said[0].locale, Object.keys(messages)[0]);
    assert.equal(said[0].key, key);
    assert.match(said[0].message, message);
  }
  const { catalogue } = await resolved({ option: "de", messages: { de: { opt_in_title: "x".repeat(1000) } } });
  assert.equal(catalogue.texts.opt_in_title.length, 1000);
});

test("messages of any other shape are none", async () => {
  const hostile = new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error("no");
      },
    },
  );
  for (const messages of [
    null,
    undefined,
    "de",
    7,
    [],
    [{ de: {} }],
    hostile,
    { de: null },
    { de: "Ja" },
    { de: [] },
    { de: hostile },
    { de: { post_session: null } },
    { de: { yes: undefined } },
  ]) {
    assert.deepEqual(await resolved({ option: "de", messages }), { catalogue: german, said: [] });
  }
  const half = await resolveCatalogue({ option: "de", messages: { de: { yes: "Ja\ud800" } } });
  assert.equal(half.texts.yes, "Ja\ufffd");
});

// Loading

test("a file that cannot be loaded is replaced by English, with the host's English texts", async () => {
  const loaders = { de: () => Promise.reject(new TypeError("Failed to fetch dynamically imported module")) };
  const { catalogue, said } = await resolved({ option: "de", loaders });
  assert.equal(catalogue, null);
  assert.deepEqual(
    said.map(({ code, locale }) => [code, locale]),
    [["locale_unavailable", "de"]],
  );
  const own = await resolveCatalogue({
    option: "de",
    loaders,
    messages: { de: { yes: "Gern" }, en: { no: "No, thanks" } },
  });
  assert.deepEqual([own.locale, own.texts.yes, own.texts.no], ["en", "Yes", "No, thanks"]);
});

test("a file that does not come is not waited for longer than five seconds", async () => {
  const timers = new Map();
  const clock = {
    now: () => 0,
    setTimeout: (callback, ms) => timers.set(ms, callback).size,
    clearTimeout: () => timers.clear(),
  };
  const pending = resolved({ option: "de", clock, loaders: { de: () => new Promise(() => {}) } });
  assert.deepEqual([...timers.keys()], [5000]);
  timers.get(5000)();
  assert.equal((await pending).said[0].code, "locale_unavailable");
  timers.clear();
  await resolveCatalogue({ option: "de", clock, loaders: { de: async () => ({ default: german }) } });
  assert.equal(timers.size, 0, "no timer is left behind");
});

test("bundled as the package is, the language in use is loaded from its own file, and no other one is", async () => {
  const folder = mkdtempSync(join(tmpdir(), "pst-locales-"));
  after(() => rmSync(folder, { recursive: true }));
  await bundleLanguages(folder);
  for (const tag of LANGUAGES) if (tag !== "de" && tag !== "zh-Hant") rmSync(join(folder, "locales", `${tag}.js`));
  assert.ok(!existsSync(join(folder, "locales", "fr.js")));
  const bundled = await import(pathToFileURL(join(folder, "locales", "resolve.js")).href);
  const said = [];
  const locale = async (option) =>
    (await bundled.resolveCatalogue({ option, diagnostic: ({ code }) => said.push(code) }))?.locale;
  assert.equal(await locale("de-AT"), "de");
  assert.equal(await locale("zh-TW"), "zh-Hant");
  assert.deepEqual(said, []);
  assert.equal(await locale("fr"), undefined);
  assert.deepEqual(said, ["locale_unavailable"]);
});

test("a page does not load the table of languages before a chat has ended", async () => {
  const { staticClosure } = await import("../bench/sizes.mjs");
  for (const file of staticClosure(dist, "index.js"))
    assert.doesNotMatch(readFileSync(join(dist, file), "utf8"), /locales\//, file);
});

// Durations

test("a duration has the plural form of its number", () => {
  const forms = {
    en: ["1 minute", "2 minutes", "5 minutes"],
    ru: ["1 минута", "2 минуты", "5 минут"],
    pl: ["1 minuta", "2 minuty", "5 minut"],
    uk: ["1 хвилина", "2 хвилини", "5 хвилин"],
  };
  for (const [locale, expected] of Object.entries(forms))
    assert.deepEqual(
      [60, 120, 300].map((seconds) => durationText(seconds, locale)),
      expected,
    );
  const arabic = [60, 120, 300, 660].map((seconds) => durationText(seconds, "ar"));
  assert.match(arabic[0], /دقيقة/);
  assert.match(arabic[1], /دقيقتان/);
  assert.match(arabic[2], /دقائق/);
  assert.match(arabic[3], /دقيقة/);
});

test("a duration is in whole minutes, in seconds below two minutes, and else in both", () => {
  const said = {
    0: "0 seconds",
    1: "1 second",
    59: "59 seconds",
    60: "1 minute",
    90: "90 seconds",
    119: "119 seconds",
    120: "2 minutes",
    150: "2 minutes, 30 seconds",
    121: "2 minutes, 1 second",
    600: "10 minutes",
  };
  for (const [seconds, expected] of Object.entries(said)) assert.equal(durationText(Number(seconds), "en"), expected);
  assert.equal(durationText(29.2, "en"), "30 seconds");
  for (const odd of [-5, Number.NaN, Number.POSITIVE_INFINITY]) assert.equal(durationText(odd, "en"), "0 seconds");
  assert.equal(durationText(60, "no such locale"), "1 minute");
});

test("every language has durations of its own", () => {
  const english = durationText(150, "en");
  for (const tag of LANGUAGES) assert.notEqual(durationText(150, tag), english, tag);
});

// For the tests of the prompt

test("the pseudo-locales keep placeholders, are longer, and are taken as a host's texts", async () => {
  for (const make of [pseudo, pseudoRtl]) {
    const made = make(ENGLISH);
    for (const [key, text] of Object.entries(made.texts)) {
      assert.deepEqual(text.match(/\{\d\}/g), ENGLISH[key].match(/\{\d\}/g), key);
      assert.ok(text.length >= ENGLISH[key].length * 1.4, key);
      assert.doesNotMatch(text.replace(/\{\d\}/g, ""), /[a-z]/i, key);
    }
    const { catalogue, said } = await resolved({ option: made.locale, messages: { [made.locale]: made.texts } });
    assert.deepEqual(said, []);
    assert.deepEqual([catalogue.locale, catalogue.dir], [made.locale, made.dir]);
    assert.deepEqual(catalogue.texts, made.texts);
  }
});
