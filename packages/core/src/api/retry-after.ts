/** What a `Retry-After` header says: a wait in ms, or a moment in ms since 1970. */
export type RetryAfter = { readonly ms: number } | { readonly at: number };

const SECONDS = /^\d+(?:\.\d+)?$/;
/** The two forms that name their zone; Date.parse takes almost any text with a digit in it, so shapes are checked first. */
const HTTP_DATE = /^[A-Z][a-z]{2,8}, .+ GMT$/;
/** The oldest form, in GMT without saying so. */
const ASCTIME = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;

/** Reads a `Retry-After` header: seconds or an HTTP date in any of its three forms. `undefined` when it says neither. */
export function readRetryAfter(header: string): RetryAfter | undefined {
  const text = header.trim();
  if (SECONDS.test(text)) return { ms: Number(text) * 1000 };
  const date = ASCTIME.test(text) ? `${text} GMT` : text;
  const at = HTTP_DATE.test(date) || date !== text ? Date.parse(date) : Number.NaN;
  return Number.isNaN(at) ? undefined : { at };
}

/** The wait (ms, never negative) that a `Retry-After` header asks for at `now`; `undefined` when it asks for none. */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  const said = readRetryAfter(header ?? '');
  if (said === undefined) return undefined;
  return 'ms' in said ? said.ms : Math.max(0, said.at - now);
}
