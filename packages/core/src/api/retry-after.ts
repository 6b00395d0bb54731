const HTTP_DATE = /^[A-Z][a-z]{2,8}, .+ GMT$/;

/**
 * The wait (ms, never negative) that a `Retry-After` header asks for: seconds or an HTTP date.
 * `undefined` when it says neither.
 */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // Date.parse takes almost any text with a digit in it, so the shape is checked first.
  const at = HTTP_DATE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
