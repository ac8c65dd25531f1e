/** `Retry-After` in milliseconds, from either form (RFC 9110 §10.2.3): seconds, or a date. `null` where it says nothing. */
export function retryAfterMs(header: string | null, now: number): number | null {
  const text = header?.trim() ?? "";
  // A number far beyond any budget stays a number that JSON can carry.
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, Number.MAX_SAFE_INTEGER);
  // Every HTTP date begins with the day's name; `Date.parse` alone would read `-5` as a year.
  if (!/^[A-Za-z]{3}/.test(text)) return null;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
