// What a translator may get wrong without speaking two languages: judged text by text, in sentences; empty if all is well.

const BUTTONS = ["yes", "no", "continue", "try_again", "not_now", "more_time"];
const LONGEST_BUTTON = 24;
const LONGEST_TITLE = 60;
/** How much longer than English a sentence may get before a card on a small screen gets uncomfortable. */
const LONGEST_GROWTH = 2.2;

const RIGHT_TO_LEFT = ["ar", "fa", "he", "ur"];

/** Scripts other than Latin. */
const SCRIPTS = {
  ar: /\p{scx=Arab}/u,
  fa: /\p{scx=Arab}/u,
  he: /\p{scx=Hebr}/u,
  hi: /\p{scx=Deva}/u,
  ja: /[\p{scx=Hira}\p{scx=Kana}\p{scx=Hani}]/u,
  ko: /\p{scx=Hang}/u,
  ru: /\p{scx=Cyrl}/u,
  th: /\p{scx=Thai}/u,
  uk: /\p{scx=Cyrl}/u,
  ur: /\p{scx=Arab}/u,
  "zh-Hans": /\p{scx=Hani}/u,
  "zh-Hant": /\p{scx=Hani}/u,
};

/** Without capitals a name, or "an assistant" in its place, may begin a sentence. */
const WITHOUT_CAPITALS = ["ar", "fa", "he", "hi", "ja", "ko", "th", "ur", "zh-Hans", "zh-Hant"];

/** What a language must not have: the letters of its neighbour, familiar forms of address, words that would change the case of a name. */
const STRANGE = {
  ar: [/[پچژگکیە]/, "letters of Persian"],
  da: [/[äö]/iu, "letters of Swedish"],
  de: [
    /(?<!\p{L})(du|dich|dir|dein\w*)(?!\p{L})|\b(mit|von|zu|bei|für|an|durch|über) \{0\}/iu,
    "a familiar form, or a name in need of a case",
  ],
  es: [/(?<!\p{L})(tú|tu|tus|te|vosotros|vuestr\w+)(?!\p{L})/iu, "a familiar form"],
  fa: [/[يك]/, "letters of Arabic"],
  fi: [/\{0\}(:|lle|lta|ssa|sta|n\b)/, "an ending behind a name"],
  fr: [
    /(?<!\p{L})(tu|te|ton|ta|tes)(?!\p{L})|(?<!\u202f)[?!;:]|'|(?<!\p{L})(de|que) \{0\}/iu,
    "a familiar form, no narrow space before a sign, a straight apostrophe, or an elision before a name",
  ],
  he: [/\{0\}['-]|[א-ת]-?\{0\}/, "a prefix that is joined to a name"],
  it: [/(?<!\p{L})(tu|ti|tuo|tua)(?!\p{L})|'/iu, "a familiar form, or a straight apostrophe"],
  ja: [/[,.?!:;()]/, "punctuation of narrow width"],
  ko: [/\{0\}(은|는|이|가|을|를|와|과|로|으로)(?![가-힣])/, "a particle that depends on the name's last sound"],
  nb: [/[äö]/iu, "letters of Swedish"],
  nl: [/(?<!\p{L})(je|jij|jou|jouw)(?!\p{L})/iu, "a familiar form"],
  pl: [
    /\b(od|do|dla|przez|u|z|ze|o|przy|nad) \{0\}|(?<!\p{L})(twój|twoj\w+|ci|cię)(?!\p{L})/iu,
    "a familiar form, or a name in need of a case",
  ],
  pt: [/(?<!\p{L})vocês?(?!\p{L})|(?<!\p{L})(teu|tua|ti)(?!\p{L})|conexão|contatar/iu, "Brazilian, or a familiar form"],
  "pt-BR": [/(?<!\p{L})(contactar|ligação|introduza|partilh\w+|telemóvel)(?!\p{L})/iu, "European Portuguese"],
  ru: [
    /[іїєґ]|(?<!\p{L})(с|со|от|к|у|для|до|о|об|на|за|над|при) \{0\}|(?<!\p{L})(ты|тебя|тебе|твой|твоя)(?!\p{L})/iu,
    "Ukrainian, a familiar form, or a name in need of a case",
  ],
  sv: [/[æø]/iu, "letters of Danish"],
  tr: [/\{0\}['’]|(?<!\p{L})(sen|senin|sana)(?!\p{L})/iu, "an ending behind a name, or a familiar form"],
  uk: [
    /[ыэъё]|(?<!\p{L})(з|із|від|до|у|в|для|про|на|за|при) \{0\}|(?<!\p{L})(ти|тебе|тобі|твій)(?!\p{L})|'/iu,
    "Russian, a familiar form, or a name in need of a case",
  ],
  ur: [/[يكه](?!\p{M})/u, "letters of Arabic"],
  "zh-Hans": [/[們對話繼續請這為無須輸數選項資訊虛擬專員檢點擇聯線時間業務寫]/, "traditional characters"],
  "zh-Hant": [/[们对话继续请这为无须输数选项资讯虚拟专员检点择联线时间业务写]/, "simplified characters"],
};

/** Texts that are rightly the same as in English. */
const AS_IN_ENGLISH = { announce: null, field_optional: ["de"], no: ["es", "it"] };

export function judgeCatalogue(catalogue, english) {
  const { locale, version, dir, texts } = catalogue;
  const faults = [];
  if (!/^[a-z]{2}(-[A-Z]\w+)?-\d+$/.test(version) || !version.startsWith(`${locale}-`))
    faults.push(`version ${version}`);
  if (dir !== (RIGHT_TO_LEFT.includes(locale) ? "rtl" : "ltr")) faults.push(`dir ${dir}`);
  if (Object.keys(texts).join() !== Object.keys(english).join()) faults.push("keys, or their order");
  for (const [key, text] of Object.entries(texts)) {
    const fault = (what) => faults.push(`${key}: ${what}`);
    judgeForm(key, text, english[key] ?? "", fault);
    judgeLanguage(locale, key, text, english[key] ?? "", fault);
  }
  return faults;
}

function judgeForm(key, text, original, fault) {
  if (placeholders(text) !== placeholders(original)) fault("placeholders");
  if (text !== text.trim() || text === "") fault("blanks around it, or nothing");
  if (/ {2}|[\t\n\r\u00a0]/.test(text)) fault("blanks in it");
  if (/[<>&]/.test(text)) fault("mark-up");
  // Of those that show nothing Persian needs the one that parts letters.
  if (/\p{Cf}/u.test(text.replaceAll("\u200c", ""))) fault("invisible characters");
  if (/\p{Cc}|\p{Co}|\p{Cs}|\ufffd/u.test(text) || text !== text.normalize("NFC"))
    fault("control characters, or no NFC");
  if (BUTTONS.includes(key) && text.length > LONGEST_BUTTON) fault(`longer than ${LONGEST_BUTTON}`);
  if (key.endsWith("_title") && text.length > LONGEST_TITLE) fault(`longer than ${LONGEST_TITLE}`);
  if (text.length > original.length * LONGEST_GROWTH + 20) fault("much longer than in English");
  if (BUTTONS.includes(key) && /[.!?。]$/.test(text)) fault("a button that is a sentence");
}

function judgeLanguage(locale, key, text, original, fault) {
  const allowed = AS_IN_ENGLISH[key];
  if (text === original && allowed !== null && !allowed?.includes(locale)) fault("in English");
  const own = text.replace(/\w+@example\.com|\+1 555 0100/g, "");
  const words = own.replace(/\{\d\}/g, "");
  const script = SCRIPTS[locale] ?? /\p{scx=Latn}/u;
  const foreign = [...words].find((letter) => /\p{L}/u.test(letter) && !script.test(letter));
  if (foreign !== undefined) fault(`the letter ${foreign}`);
  const [strange, what] = STRANGE[locale] ?? [];
  if (strange?.test(own)) fault(what);
  if (key !== "announce" && key !== "field_optional" && !WITHOUT_CAPITALS.includes(locale)) {
    if (/(^|[.?!:] )\{0\}/.test(text) && key !== "time_left" && !/: \{0\}/.test(text))
      fault("a name where a capital belongs");
  }
  const ends = (sentence) => /[.。।۔?？]$/.test(sentence);
  if (locale !== "th" && ends(original) !== ends(text)) fault("ends otherwise than in English");
}

const placeholders = (text) => (text.match(/\{[^}]*\}?|\}/g) ?? []).sort().join();
