// A constructable style sheet: it needs no `style-src` beyond 'self', and never leaves the shadow root.

const light = `
  --_surface: var(--pst-surface, #ffffff);
  --_text: var(--pst-text, #1b1f27);
  --_muted: var(--pst-muted, #434b5a);
  --_line: var(--pst-line, #d5dae3);
  --_accent: var(--pst-accent, #1d4ed8);
  --_button: var(--pst-button, #f3f5f9);
  --_button-line: var(--pst-button-line, #6b7485);
  --_button-hover: var(--pst-button-hover, #e5eaf3);
  --_good: var(--pst-good, #0f6b3d);
  --_bad: var(--pst-bad, #9b1c1c);
  --_shadow: 0 1px 2px rgb(16 24 40 / .06), 0 6px 20px rgb(16 24 40 / .08);
  color-scheme: light;`;

const dark = `
  --_surface: var(--pst-surface, #1b1f27);
  --_text: var(--pst-text, #f2f4f8);
  --_muted: var(--pst-muted, #c9d0dc);
  --_line: var(--pst-line, #3a4252);
  --_accent: var(--pst-accent, #9dbcff);
  --_button: var(--pst-button, #272d38);
  --_button-line: var(--pst-button-line, #8c96a8);
  --_button-hover: var(--pst-button-hover, #343c4a);
  --_good: var(--pst-good, #7fdcab);
  --_bad: var(--pst-bad, #ffb0a8);
  --_shadow: 0 1px 2px rgb(0 0 0 / .4), 0 6px 20px rgb(0 0 0 / .35);
  color-scheme: dark;`;

export const STYLE = `
:host { display: block; font-family: var(--pst-font, inherit); }
:host(:focus) { outline: none; }
*, ::before, ::after { box-sizing: border-box; }
.root { ${light} }
@media (prefers-color-scheme: dark) { .root[data-theme="auto"] { ${dark} } }
.root[data-theme="dark"] { ${dark} }
.card {
  display: grid; grid-template-columns: auto minmax(0, 1fr); column-gap: .75rem; row-gap: .25rem;
  max-inline-size: var(--pst-width, 30rem); padding: 1.125rem 1.125rem 1.25rem;
  background: var(--_surface); color: var(--_text);
  border: 1px solid var(--_line); border-radius: var(--pst-radius, 14px); box-shadow: var(--_shadow);
  font-size: var(--pst-font-size, 1rem); line-height: 1.5; text-align: start; overflow-wrap: anywhere;
  animation: appear .18s ease-out;
}
.root[data-layout="inline"] .card { max-inline-size: var(--pst-width, 100%); box-shadow: none; }
.mark { inline-size: 1.5rem; block-size: 1.5rem; fill: none; stroke: var(--_accent); stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.mark.good { stroke: var(--_good); }
.mark.bad { stroke: var(--_bad); }
.mark.turning { animation: turn .9s linear infinite; }
.text { min-inline-size: 0; }
.title { margin: 0; font-size: 1.0625em; line-height: 1.4; font-weight: 650; }
.body { margin: .25rem 0 0; color: var(--_muted); white-space: pre-line; }
.actions { grid-column: 1 / -1; display: grid; grid-template-columns: repeat(auto-fit, minmax(min(7rem, 100%), 1fr)); gap: .625rem; margin-block-start: .875rem; }
.button {
  min-block-size: 44px; min-inline-size: 44px; padding: .5rem 1rem; margin: 0;
  font: inherit; font-weight: 600; line-height: 1.3; color: var(--_text); text-align: center; overflow-wrap: anywhere;
  background: var(--_button); border: 1.5px solid var(--_button-line); border-radius: var(--pst-button-radius, 10px);
  cursor: pointer; touch-action: manipulation; transition: background-color .12s ease;
}
.button:hover { background: var(--_button-hover); }
.button:active { transform: translateY(1px); }
.button[aria-disabled="true"] { cursor: default; opacity: .75; }
.button:focus-visible, .title:focus-visible { outline: 3px solid var(--_accent); outline-offset: 2px; }
.title:focus-visible { border-radius: 4px; }
.title:focus:not(:focus-visible) { outline: none; }
.spoken { position: absolute; inline-size: 1px; block-size: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.root { position: relative; }
@keyframes appear { from { opacity: 0; transform: translateY(4px); } }
@keyframes turn { to { transform: rotate(1turn); } }
@media (prefers-reduced-motion: reduce) {
  .card, .mark.turning { animation: none; }
  .button { transition: none; }
  .button:active { transform: none; }
}
@media (prefers-contrast: more) { .root { --_line: currentColor; --_button-line: currentColor; --_muted: var(--_text); } }
@media (forced-colors: active) {
  .card { border-color: CanvasText; box-shadow: none; }
  .mark, .mark.good, .mark.bad { stroke: CanvasText; }
  .button { background: ButtonFace; color: ButtonText; border-color: ButtonText; forced-color-adjust: none; }
  .button:hover { border-color: Highlight; }
  .button:focus-visible, .title:focus-visible { outline-color: Highlight; }
}
`;
