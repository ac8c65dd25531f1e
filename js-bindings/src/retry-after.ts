/** An HTTP date (RFC 9110 §5.6.7), new or as RFC 850 had it. */
const DATE = /^[A-Z][a-z]{2,8}, \d\d[ -][A-Z][a-z]{2}[ -]\d{2,6} \d\d:\d\d:\d\d GMT$/;
/** As C's `asctime` writes it: in GMT, too, which it does not say. */
const ASCTIME = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/;

/** `Retry-After` in milliseconds, from either form (RFC 9110 §10.2.3): seconds, or a date. `null` where it says nothing. */
export function retryAfterMs(header: string | null, now: number): number | null {
  const text = header?.trim() ?? "";
  // A number far beyond any budget stays a number that JSON can carry.
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, Number.MAX_SAFE_INTEGER);
  // `Date.parse` alone would read `try 3000` as a year, and each engine something else.
  const date = Date.parse(DATE.test(text) ? text : ASCTIME.test(text) ? `${text} GMT` : "");
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
