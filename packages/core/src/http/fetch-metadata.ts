import { headerOf, type HttpRequest } from './http.js';

/**
 * Whether a browser follows a link, sends a form or loads a page again with this request, as opposed to what scripts
 * and programs do. Browsers say so themselves (Fetch Metadata); those that do not yet, and all on plain http, still ask
 * for https where they navigate.
 */
export function isNavigation({ headers }: HttpRequest): boolean {
  const mode = headerOf(headers, 'sec-fetch-mode');
  if (mode !== undefined) return mode === 'navigate';
  return headerOf(headers, 'upgrade-insecure-requests') === '1';
}

/**
 * Whether another site has sent the browser here, so that cookies with `SameSite=Strict` have stayed away: `own` is also
 * what the customer opens by hand. An old browser, or one on plain http, does not tell.
 */
export function siteOf({ headers }: HttpRequest): 'other' | 'own' | 'untold' {
  const site = headerOf(headers, 'sec-fetch-site');
  if (site === undefined) return 'untold';
  return site === 'cross-site' ? 'other' : 'own';
}

/** Whether a page of the same origin has sent the browser here: among others by loading itself again. */
export function isFromSameOrigin({ headers }: HttpRequest): boolean {
  return headerOf(headers, 'sec-fetch-site') === 'same-origin';
}
