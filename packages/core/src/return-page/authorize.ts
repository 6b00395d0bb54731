import { ASKING_LINES } from '../asking-lines.js';
import type { TransactionReference } from '../api/transaction-ids.js';
import { sleep } from '../clock.js';
import { asError } from '../errors.js';
import { isNavigation, siteOf, headerOf, type HttpRequest } from '../http/http.js';
import type { Runtime } from '../runtime.js';
import { acceptsJson } from './html.js';
import { looksOf } from './render.js';
import type { ResolvedReturnOptions } from './return-options.js';

/** Whether the merchant lets this customer see this payment. A throw, a rejection or no answer in time is a no, logged. */
export async function authorizeReturn(
  { clock, diagnostics }: Runtime,
  request: HttpRequest,
  reference: TransactionReference,
  { authorize, timeoutMs }: Pick<ResolvedReturnOptions, 'authorize' | 'timeoutMs'>,
): Promise<boolean> {
  if (authorize === undefined) return true;
  const answered = new AbortController();
  try {
    const answer = await Promise.race([
      authorize(request, reference),
      sleep(clock, timeoutMs, answered.signal),
    ]);
    if (answer === undefined) diagnostics.say(ASKING_LINES, 'authorize_failed', { timeoutMs });
    return answer === true;
  } catch (thrown) {
    diagnostics.say(ASKING_LINES, 'authorize_failed', { err: asError(thrown) });
    return false;
  } finally {
    answered.abort();
  }
}

const MOST_STEPS = { other: 3, untold: 1, own: 0 } as const;

/**
 * Whether a customer who was refused may only lack cookies: one who comes from QBitFlow's site has none that are
 * `SameSite=Strict` until a page of the shop has sent them on. Where the browser says that another site has, a few times
 * at most: in some frames every page is another site.
 */
export function mayLackCookies(request: HttpRequest): boolean {
  if (request.method !== 'GET' || acceptsJson(headerOf(request.headers, 'accept'))) return false;
  return isNavigation(request) && looksOf(request) < MOST_STEPS[siteOf(request)];
}
