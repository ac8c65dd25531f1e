// A constructable style sheet: it needs no `style-src` beyond 'self', and never leaves the shadow root.

const light = `
  --_surface: var(--pst-surface, #ffffff);
  --_text: var(--pst-text, #171b24);
  --_muted: var(--pst-muted, #434b5a);
  --_line: var(--pst-line, #d9dee7);
  --_accent: var(--pst-accent, var(--_chosen, #1d4ed8));
  --_button: var(--pst-button, #f4f6fa);
  --_button-line: var(--pst-button-line, #6b7485);
  --_button-hover: var(--pst-button-hover, #e6ebf4);
  --_field: var(--pst-field, var(--_surface));
  --_good: var(--pst-good, #0f6b3d);
  --_bad: var(--pst-bad, #9b1c1c);
  --_shadow: 0 1px 2px rgb(16 24 40 / .06), 0 8px 24px -4px rgb(16 24 40 / .1);
  color-scheme: light;`;

const dark = `
  --_surface: var(--pst-surface, #1b1f27);
  --_text: var(--pst-text, #f2f4f8);
  --_muted: var(--pst-muted, #c9d0dc);
  --_line: var(--pst-line, #3a4252);
  --_accent: var(--pst-accent, var(--_chosen, #9dbcff));
  --_button: var(--pst-button, #272d38);
  --_button-line: var(--pst-button-line, #8c96a8);
  --_button-hover: var(--pst-button-hover, #343c4a);
  --_field: var(--pst-field, #14171d);
  --_good: var(--pst-good, #7fdcab);
  --_bad: var(--pst-bad, #ffb0a8);
  --_shadow: 0 1px 2px rgb(0 0 0 / .4), 0 8px 24px -4px rgb(0 0 0 / .45);
  color-scheme: dark;`;

// Sizes are those of the text around: `em`, so that they grow with it. What is inherited from a page is set back, but for the spacing of letters
// and words, which is the reader's.
export const STYLE = `
:host {
  display: block !important; visibility: visible !important; opacity: 1 !important; float: none !important; overflow: visible !important;
  inline-size: auto !important; block-size: auto !important; max-inline-size: none !important; max-block-size: none !important;
}
:host(:focus) { outline: none; }
*, ::before, ::after { box-sizing: border-box; }
.root {
  ${light}
  --_mark: var(--_accent);
  position: relative; color: var(--_text); cursor: auto; visibility: visible;
  font-family: var(--pst-font, inherit); font-size: var(--pst-font-size, max(1em, 14px)); font-style: normal; font-weight: 400; font-variant: normal;
  line-height: 1.5; text-align: start; text-indent: 0; text-transform: none; text-shadow: none; white-space: normal; text-size-adjust: 100%;
}
@media (prefers-color-scheme: dark) { .root[data-theme="auto"] { ${dark} } }
.root[data-theme="dark"] { ${dark} }
.probe { position: absolute; visibility: hidden; color: color-mix(in srgb, var(--_accent), var(--_accent)); background: color-mix(in srgb, var(--_surface), var(--_surface)); border: 0 solid color-mix(in srgb, var(--_text), var(--_text)); forced-color-adjust: none; }
.card {
  max-inline-size: var(--pst-width, 30em); padding: min(1.25em, 24px);
  background: var(--_surface); color: var(--_text);
  border: 1px solid var(--_line); border-radius: var(--pst-radius, 16px); box-shadow: var(--_shadow);
  overflow-wrap: anywhere; hyphens: auto;
  animation: appear .18s ease-out;
}
.root[data-layout="inline"] .card { max-inline-size: var(--pst-width, 100%); box-shadow: none; }
.head { display: flex; flex-wrap: wrap; gap: 0 .875em; align-items: flex-start; }
.text { flex: 1 1 9em; min-inline-size: 0; padding-block-start: .25em; }
.mark {
  flex: none; inline-size: 2.25em; block-size: 2.25em; padding: .4375em; border-radius: 50%; color: var(--_mark);
  background: color-mix(in srgb, currentColor 11%, transparent);
}
.mark, .sign { fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.mark.good { color: var(--_good); }
.mark.bad { color: var(--_bad); }
.mark.turning path { transform-origin: center; animation: turn .9s linear infinite; }
.card[dir="rtl"] .mark.way { transform: scaleX(-1); }
.title, .body, .note, .hint, .error, .label, .pairs, dd, .choices { margin: 0; padding: 0; border: 0; }
.title { inline-size: fit-content; font-size: 1.0625em; line-height: 1.5; font-weight: 650; text-wrap: balance; }
.body { margin-block-start: .125em; color: var(--_muted); white-space: pre-line; text-wrap: pretty; }
.field { margin-block-start: 1.125em; min-inline-size: 0; }
.choices { min-inline-size: 0; }
.label { display: block; font-weight: 600; }
.hint { color: var(--_muted); font-size: .9375em; }
.error { display: flex; gap: .375em; align-items: flex-start; color: var(--_bad); font-size: .9375em; font-weight: 500; }
.sign { flex: none; inline-size: 1.25em; block-size: 1.25em; margin-block-start: .125em; }
.input {
  display: block; inline-size: 100%; min-inline-size: 0; min-block-size: max(44px, 2.875em); margin: .375em 0 0; padding: .5em .75em;
  font: inherit; font-size: max(1em, 16px); line-height: 1.5; letter-spacing: inherit; word-spacing: inherit; color: var(--_text);
  background: var(--_field); border: 1px solid var(--_button-line); border-radius: var(--pst-button-radius, 10px);
}
.select { position: relative; display: block; }
.select::after {
  content: ""; position: absolute; inset-block-start: calc(50% - .3125em); inset-inline-end: 1em; inline-size: .5em; block-size: .5em;
  border: solid var(--_text); border-width: 0 2px 2px 0; transform: rotate(45deg); pointer-events: none;
}
select.input { appearance: none; padding-inline-end: 2.25em; text-overflow: ellipsis; }
input[type="date"] { inline-size: auto; max-inline-size: 100%; min-inline-size: min(14em, 100%); }
.input[aria-invalid] { border: 2px solid var(--_bad); padding-inline: calc(.75em - 1px); }
.card[dir="rtl"] .input[dir="ltr"] { text-align: end; }
.choice {
  display: flex; gap: .75em; align-items: center; min-block-size: max(44px, 2.875em); margin-block-start: .5em; padding: .5em .75em;
  background: var(--_field); border: 1px solid var(--_button-line); border-radius: var(--pst-button-radius, 10px); cursor: pointer;
}
.choice:hover { background: var(--_button-hover); }
.choice input {
  appearance: none; flex: none; inline-size: 1.25em; block-size: 1.25em; margin: 0;
  background: var(--_field); border: 2px solid var(--_button-line); border-radius: 50%; cursor: inherit; font-size: inherit;
}
.choice input:checked { border: .375em solid var(--_mark); }
.choice:has(:checked) { border-color: var(--_mark); box-shadow: inset 0 0 0 1px var(--_mark); }
.choices[aria-invalid] .choice { border-color: var(--_bad); }
.shared { margin-block-start: .5em; }
.field ~ .shared { margin-block-start: .75em; }
.summary {
  display: flex; gap: .5em; align-items: center; inline-size: fit-content; max-inline-size: 100%; min-block-size: 44px; padding-inline-end: .5em;
  color: var(--_muted); font-size: .9375em; border-radius: 6px; cursor: pointer; list-style: none;
}
.summary::-webkit-details-marker { display: none; }
.summary::before {
  content: ""; flex: none; inline-size: .5em; block-size: .5em; margin-inline: .25em .375em;
  border: solid currentColor; border-width: 2px 2px 0 0; transform: rotate(45deg);
}
.card[dir="rtl"] .summary::before { transform: rotate(-135deg); }
.shared[open] > .summary::before { transform: translateY(-25%) rotate(135deg) !important; }
.summary:hover { color: var(--_text); }
.pairs { padding: .75em 1em; background: var(--_button); border-radius: var(--pst-button-radius, 10px); font-size: .9375em; }
.pair + .pair { margin-block-start: .625em; padding-block-start: .625em; border-block-start: 1px solid var(--_line); }
dt { color: var(--_muted); font-size: .9375em; }
dd { white-space: pre-wrap; }
dd, .error { hyphens: manual; }
.messages { margin-block-start: .875em; }
.message { margin: 0; padding: .625em .875em; inline-size: fit-content; max-inline-size: 100%; background: var(--_button); border-radius: var(--pst-button-radius, 10px); }
.message + .message { margin-block-start: .375em; }
.line { display: flex; flex-wrap: wrap; gap: .25em .75em; align-items: center; justify-content: space-between; margin-block-start: .75em; }
.note { color: var(--_muted); font-size: .9375em; }
.actions { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(8em, 100%), 1fr)); gap: .625em; margin-block-start: 1.125em; }
.shared:not([open]) + .actions, .shared:not([open]) + .line, .line:has(.button) + .actions { margin-block-start: .5em; }
.button {
  min-block-size: max(44px, 2.875em); min-inline-size: 44px; padding: .5em 1em; margin: 0;
  font: inherit; font-weight: 600; letter-spacing: inherit; word-spacing: inherit; color: var(--_text); text-align: center;
  overflow-wrap: anywhere; hyphens: inherit; white-space: normal;
  background: var(--_button); border: 1px solid var(--_button-line); border-radius: var(--pst-button-radius, 10px);
  cursor: pointer; touch-action: manipulation; transition: background-color .12s ease;
}
a.button { display: grid; place-items: center; text-decoration: none; }
.button:hover { background: var(--_button-hover); }
.button:active { transform: translateY(1px); }
.button[aria-disabled="true"] { cursor: default; opacity: .75; }
.button.quiet { padding-inline: .25em; font-size: .9375em; text-decoration: underline; text-underline-offset: .25em; text-decoration-thickness: from-font; background: none; border-color: transparent; }
.button.quiet:hover { background: var(--_button-hover); }
.button:focus-visible, .title:focus-visible, .input:focus-within, .choice input:focus-visible, .summary:focus-visible { outline: 3px solid var(--_mark); outline-offset: 2px; }
.title:focus-visible { outline-width: 2px; outline-offset: 1px; border-radius: 4px; }
.title:focus:not(:focus-visible) { outline: none; }
.spoken { position: absolute; inline-size: 1px; block-size: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.dialog {
  inline-size: min(var(--pst-width, 30em), 100% - 2em); max-inline-size: none; max-block-size: calc(100% - 2em); margin: auto; padding: 0; overflow: auto;
  color: inherit; background: none; border: 0; border-radius: var(--pst-radius, 16px); overscroll-behavior: contain;
}
.dialog::backdrop { background: rgb(10 14 22 / .55); }
.root .dialog .card { max-inline-size: none; animation-name: fade; }
.dialog .spoken { inset-block-start: 0; margin: 0; }
@keyframes appear { from { opacity: 0; transform: translateY(4px); } }
@keyframes fade { from { opacity: 0; } }
@keyframes turn { to { transform: rotate(1turn); } }
@media (prefers-reduced-motion: reduce) {
  .card, .mark.turning path { animation: none; }
  .button { transition: none; }
  .button:active { transform: none; }
}
@media (prefers-contrast: more) { .root { --_line: currentColor; --_button-line: currentColor; --_muted: var(--_text); } }
@media (forced-colors: active) {
  .mark, .sign { color: CanvasText !important; background: none; }
  .choice input:checked, .choice:has(:checked) { border-color: Highlight; }
  .button:hover, .choice:hover { border-color: Highlight; }
  .input[aria-invalid] { border-style: dashed; }
  .summary::before { border-color: currentColor; }
}
`;
