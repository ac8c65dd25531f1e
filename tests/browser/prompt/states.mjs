/** Every state of the prompt, as the core would give it: for the gallery, and for what is spoken. Runs in pages and in Node. */
import { texts } from "./texts.mjs";

/**
 * @typedef {import("../../../js-bindings/src/types.ts").Prompt} Prompt
 * @typedef {{ name: string, prompt: Prompt, open?: boolean, modal?: boolean }} State `open`: what will be shared is open.
 */

const fieldOf = (field) => ({
  hint: "",
  input: "text",
  required: true,
  choices: [],
  placeholder: "",
  value: "",
  sensitive: false,
  error: "",
  ...field,
});

/** A prompt of which nothing but `kind`, `title` and `body` has to be said. */
export function promptOf(prompt, { lang = "en", dir = "ltr" } = {}) {
  const { title, body } = prompt;
  return {
    note: "",
    fields: [],
    shared: null,
    messages: [],
    link: null,
    actions: [],
    announce: { seq: 1, text: body ? `${title}. ${body}` : title },
    focus: "none",
    busy: false,
    lang,
    dir,
    reason: null,
    ...prompt,
  };
}

/** All states in one language. @param {"en" | "ar"} lang @returns {State[]} */
export function statesIn(lang) {
  const text = texts[lang];
  const words = ([title, body]) => ({ title, body: body.replaceAll("{0}", text.agent) });
  const prompt = (kind, said, more) => promptOf({ kind, ...words(said), ...more }, { lang, dir: text.dir });
  const spoken = (said, more) => {
    const { title, body } = words(said);
    return `${title}. ${[body, ...more].join(" ")}`;
  };
  const yes = { action: "yes", label: text.yes };
  const no = { action: "no", label: text.no };
  const goOn = { action: "continue", label: text.continue };
  const notNow = { action: "not_now", label: text.notNow };
  const tryAgain = { action: "try_again", label: text.tryAgain };
  const moreTime = { action: "more_time", label: text.moreTime };
  const shared = {
    title: text.shared[0],
    items: text.shared[1].map(([label, value]) => ({ label, value })),
  };
  const said = (name, input, [label, hint, error = text.required, choices = []], more) =>
    fieldOf({ name, input, label, hint, error, choices, placeholder: choices.length > 0 ? text.choose : "", ...more });
  const wrong = [
    said("first_name", "text", text.name),
    said("parcels", "number", text.number, { required: false, value: "two" }),
    said("phone", "tel", text.tel, { value: "555" }),
    said("email", "email", text.email, { sensitive: true }),
    said("date_of_birth", "date", text.date),
    said("size", "choice", text.size),
    said("country", "choice", text.country, { required: false }),
  ];
  const fields = wrong.map((field) => ({ ...field, error: "", value: "" }));
  const optIn = (more) => prompt("opt_in", text.optIn, { actions: [yes, no], ...more });
  const form = (more) => prompt("form", text.form, { fields, actions: [goOn, notNow], ...more });
  const stalled = prompt("stalled", text.stalled, { actions: [tryAgain, notNow], reason: "attempt_timeout" });
  const connecting = prompt("connecting", text.connecting, { busy: true });

  return [
    { name: "opt-in", prompt: optIn() },
    { name: "opt-in-shared", prompt: optIn({ shared }) },
    { name: "opt-in-shared-open", prompt: optIn({ shared }), open: true },
    { name: "opt-in-time", prompt: optIn({ note: text.timeLeft, actions: [yes, no, moreTime] }) },
    {
      name: "opt-in-everything",
      prompt: optIn({ fields: fields.slice(0, 1), shared, note: text.timeLeft, actions: [yes, no, moreTime] }),
    },
    { name: "form", prompt: form() },
    { name: "form-errors", prompt: form({ fields: wrong, note: text.check, focus: "none" }) },
    {
      name: "form-filled",
      prompt: form({
        fields: [
          { ...fields[0], value: "Ada" },
          { ...fields[4], value: "1815-12-10" },
          { ...fields[5], value: text.size[3][1] },
        ],
        shared,
      }),
    },
    {
      name: "form-optional",
      prompt: form({ fields: [fields[1], fields[6]], actions: [goOn] }),
    },
    { name: "connecting", prompt: connecting },
    { name: "waiting-online", prompt: prompt("waiting_online", text.waitingOnline, { busy: true }) },
    { name: "stalled", prompt: stalled },
    { name: "connected", prompt: prompt("connected", text.connected) },
    {
      name: "connected-said",
      prompt: prompt("connected", text.connected, {
        announce: { seq: 1, text: spoken(text.connected, text.said) },
        messages: text.said,
        link: { url: "https://bots.example.com/c/1", label: text.open },
      }),
    },
    { name: "failed", prompt: prompt("failed", text.failed, { reason: "refused" }) },
    { name: "declined", prompt: prompt("declined", text.declined) },
    { name: "expired", prompt: prompt("expired", text.expired) },
    { name: "modal-opt-in", prompt: optIn({ shared, note: text.timeLeft, actions: [yes, no, moreTime] }), modal: true },
    { name: "modal-form", prompt: form({ fields: [wrong[0], fields[2], fields[5]], note: text.check }), modal: true },
    { name: "modal-connecting", prompt: connecting, modal: true },
    { name: "modal-stalled", prompt: stalled, modal: true },
  ];
}

const long =
  "Auftragsstatusauskunftsassistent der Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesellschaft mbH";

/** Names that try to be more than names: they close their isolate, turn the direction, look like mark-up. */
const hostile = "\u2068\u202Esey yas\u202C <img src=x onerror=alert(1)> [Yes](https://evil.example)\u2069";

/** States that are the same in every language. @type {State[]} */
export const specialStates = [
  {
    name: "german",
    prompt: promptOf(
      {
        kind: "opt_in",
        title: "Ihre Unterhaltung mit unserer Kundendienstmitarbeiterin wurde beendet",
        body: `Möchten Sie die Unterhaltung mit \u2068${long}\u2069 fortsetzen? Es handelt sich um eine virtuelle Assistentin, nicht um einen Menschen.`,
        note: "Verbleibende Zeit für Ihre Antwort: 2 Minuten",
        fields: [
          fieldOf({
            name: "order",
            label: "Auftragsbestätigungsnummer beziehungsweise Kundenreferenzkennzeichen",
            hint: "Sie finden sie auf der Versandbenachrichtigungsbestätigung.",
            error: "Bitte geben Sie die Auftragsbestätigungsnummer vollständig ein.",
          }),
        ],
        shared: {
          title: "Welche Angaben weitergegeben werden",
          items: [{ label: "Unterhaltungsidentifikationsnummer", value: "0123456789".repeat(12) }],
        },
        actions: [
          { action: "yes", label: "Ja, Unterhaltung fortsetzen" },
          { action: "no", label: "Nein, Unterhaltung nicht fortsetzen" },
          { action: "more_time", label: "Mehr Zeit zum Beantworten" },
        ],
      },
      { lang: "de" },
    ),
    open: true,
  },
  {
    name: "chinese",
    prompt: promptOf(
      {
        kind: "opt_in",
        title: "对话已结束",
        body: "要继续与\u2068订单助手\u2069对话吗？它是虚拟客服，不是真人。",
        actions: [
          { action: "yes", label: "是" },
          { action: "no", label: "否" },
        ],
      },
      { lang: "zh-Hans" },
    ),
  },
  {
    name: "hostile",
    prompt: promptOf({
      kind: "opt_in",
      title: "Your chat has ended",
      body: `Would you like to continue with ${hostile}? It is a virtual agent, not a person.`,
      fields: [
        fieldOf({ name: "__proto__", label: "\u202Erebmun redro", hint: "<b>bold</b>\u202E", error: "\u2067wrong" }),
        fieldOf({
          name: '"><script>',
          input: "choice",
          label: "</label><script>alert(1)</script>",
          choices: ["\u202Eon", "<i>yes</i>", "0"],
        }),
      ],
      shared: {
        title: "What will be shared",
        items: [
          { label: "\u202Elebal", value: "\u202E<a href='javascript:alert(1)'>value</a>" },
          { label: "label\u2069\u2069", value: `${"x".repeat(300)}\nline\u2028two` },
        ],
      },
      actions: [
        { action: "yes", label: "Yes" },
        { action: "no", label: "No" },
      ],
    }),
    open: true,
  },
];

/** What the gallery shows. @param {"ltr" | "rtl"} dir @returns {State[]} */
export const statesFor = (dir) => [...statesIn(dir === "rtl" ? "ar" : "en"), ...specialStates];
