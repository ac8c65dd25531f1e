/** Durations in the browser's own words: its plural forms are right in every language, and ours need no tables. */

/** `"2 minutes"`, `"90 seconds"`, `"2 minutes, 30 seconds"`. Parts of a second count as one. */
export function durationText(seconds: number, locale: string): string {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : 0;
  try {
    return spoken(whole, locale);
  } catch {
    return spoken(whole, "en");
  }
}

function spoken(seconds: number, locale: string): string {
  const minutes = Math.floor(seconds / 60);
  if (seconds > 0 && seconds % 60 === 0) return unit(minutes, "minute", locale);
  if (seconds < 120) return unit(seconds, "second", locale);
  const parts = [unit(minutes, "minute", locale), unit(seconds % 60, "second", locale)];
  return new Intl.ListFormat(locale, { type: "unit", style: "long" }).format(parts);
}

const unit = (value: number, name: "minute" | "second", locale: string): string =>
  new Intl.NumberFormat(locale, { style: "unit", unit: name, unitDisplay: "long" }).format(value);
