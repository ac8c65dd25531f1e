// Languages that nobody speaks, to see what a translation does to a page: other letters, longer texts, the other direction.
// They are given to the module as a host's own texts: `locale: "en-XA", messages: { "en-XA": pseudo(ENGLISH).texts }`.

const ACCENTED = "åƀçðéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýžÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽ";
const HEBREW = "אבגדהוזחטיכלמנסעפצקרשתםןףץ";
const PADDING = "lorem ipsum dolor sit amet ";
const GROWTH = 0.4;

/** English with accents on every letter, 40 % longer, in brackets that show where a text was cut or glued to another one. */
export const pseudo = (texts) => catalogue("en-XA", "ltr", texts, (index) => [...ACCENTED][index]);

/** The same in Hebrew letters: without a sense, but from right to left as the browser sees it. */
export const pseudoRtl = (texts) => catalogue("ar-XB", "rtl", texts, (index) => HEBREW[index % 26]);

function catalogue(locale, dir, texts, letter) {
  const changed = Object.entries(texts).map(([key, text]) => [key, pseudoText(text, letter)]);
  return { locale, version: `${locale}-1`, dir, texts: Object.fromEntries(changed) };
}

/** Placeholders stay as they are. */
function pseudoText(text, letter) {
  const more = PADDING.repeat(Math.ceil((text.length * GROWTH) / PADDING.length)).slice(
    0,
    Math.ceil(text.length * GROWTH),
  );
  return `[${`${text} ${more.trim()}`.replace(/\{\d\}|[a-z]/gi, (found) => (found.length > 1 ? found : spelled(found, letter)))}]`;
}

function spelled(latin, letter) {
  const lower = latin.toLowerCase();
  const index = lower.charCodeAt(0) - "a".charCodeAt(0);
  return letter(latin === lower ? index : index + 26);
}
