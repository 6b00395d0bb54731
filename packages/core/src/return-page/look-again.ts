import { isFromSameOrigin, type HttpRequest } from '../http/http.js';

/** When and where a page loads itself again, where no script does better. */
export interface LookAgain {
  readonly afterSeconds: number;
  /** Absent for the same place. */
  readonly to?: string | undefined;
}

/** In a page's query: how often it has loaded itself again. */
const LOOKS = 'qbitflow-look';
const MOST_LOOKS = 99;
const LONGER_EACH_TIME = 1.5;
const LONGEST_SECONDS = 60;

/** How often the page has loaded itself again before this request. */
export function looksOf(request: HttpRequest): number {
  const counted = /^\d{1,2}$/.exec(
    partsOf(request.url)
      .find(isLooks)
      ?.slice(LOOKS.length + 1) ?? '',
  );
  if (counted !== null) return Number(counted[0]);
  return isFromSameOrigin(request) ? 1 : 0;
}

/**
 * The next look of a page that waits. It takes the reader's place away each time, so it comes less and less often; only
 * the address can count, and it does so from the second time on.
 */
export function lookAgain(request: HttpRequest, firstSeconds: number): LookAgain {
  const looks = looksOf(request);
  if (looks === 0) return { afterSeconds: firstSeconds };
  const later = firstSeconds * LONGER_EACH_TIME ** looks;
  const afterSeconds = Math.max(firstSeconds, Math.min(Math.round(later), LONGEST_SECONDS));
  return { afterSeconds, to: nextLook(request) };
}

/** The same place once more, as another address: what a page asks of its own origin brings all cookies. */
export function lookNow(request: HttpRequest): LookAgain & { readonly to: string } {
  return { afterSeconds: 0, to: nextLook(request) };
}

function nextLook(request: HttpRequest): string {
  const looks = Math.min(looksOf(request) + 1, MOST_LOOKS);
  // As it came, whatever is in it: `authorize` may go by more than the id.
  const others = partsOf(request.url).filter((part) => !isLooks(part));
  return `?${[...others, `${LOOKS}=${looks}`].join('&')}`;
}

function partsOf(url: string): string[] {
  const query = /\?([^#]*)/.exec(url)?.[1] ?? '';
  return query === '' ? [] : query.split('&');
}

function isLooks(part: string): boolean {
  return part.startsWith(`${LOOKS}=`);
}
