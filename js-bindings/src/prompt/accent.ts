/** Keeps an accent apart from what it lies on, whatever colour a page has chosen. */

/** Red, green and blue from 0 to 1. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** What marks and focus rings have to reach against the card (WCAG asks for 3). */
export const CONTRAST = 4.5;

/** WCAG's relative luminance. */
function luminance(color: Rgb): number {
  const [red, green, blue] = color.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

/** WCAG's contrast ratio, from 1 to 21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  return from.map((part, at) => part + ((to[at] ?? 0) - part) * share) as unknown as Rgb;
}

/** The accent, moved towards the colour of the text until it stands out from the surface. */
export function standingOut(accent: Rgb, surface: Rgb, text: Rgb): Rgb {
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = mix(accent, text, share);
    if (contrast(mixed, surface) >= CONTRAST) return mixed;
  }
  return text;
}

/**
 * A computed colour, `rgb(…)` or `color(srgb …)`, laid on what is below it; `undefined` for any other way to write one.
 */
export function parseColor(computed: string, below: Rgb): Rgb | undefined {
  const found = /^(rgba?|color)\((?:srgb )?(.+)\)$/.exec(computed);
  const parts = found?.[2]?.split(/[\s,/]+/).map((part) => Number(part === "none" ? 0 : part)) ?? [];
  const [red, green, blue, alpha = 1] = parts;
  if (red === undefined || green === undefined || blue === undefined || parts.some(Number.isNaN)) return undefined;
  const scale = found?.[1] === "color" ? 1 : 255;
  const inGamut = [red, green, blue].map((part) => Math.min(1, Math.max(0, part / scale))) as unknown as Rgb;
  return mix(below, inGamut, alpha);
}

/** As a style sheet takes it. */
export function cssColor(color: Rgb): string {
  return `rgb(${color.map((part) => Math.round(part * 255)).join(" ")})`;
}

/** The accent of a probe that shows accent, surface and text, as it has to be to stand out; `undefined` where it cannot be told. */
export function accentOf({ color, backgroundColor, borderTopColor }: CSSStyleDeclaration): string | undefined {
  const paper: Rgb = [1, 1, 1];
  const text = parseColor(borderTopColor, paper);
  if (text === undefined) return undefined;
  // Below a surface that can be seen through lies what suits the text.
  const surface = parseColor(backgroundColor, luminance(text) < 0.4 ? paper : [0, 0, 0]);
  const accent = surface && parseColor(color, surface);
  return accent && cssColor(standingOut(accent, surface, text));
}
