import { isApiError } from '../api/api-error.js';
import type { ApiClient } from '../api/client.js';
import { getStatus } from '../api/get-status.js';
import type { Order } from './order.js';

/**
 * How far a session is. `under way`: somebody pays, or the API says what this kit does not know yet. `unknown`: the API
 * knows no such session, or does not answer.
 */
export type SessionState = 'open' | 'under way' | 'paid' | 'over' | 'unknown';

const STATES: ReadonlyMap<string, SessionState> = new Map([
  ['created', 'open'],
  ['completed', 'paid'],
  ['expired', 'over'],
  ['failed', 'over'],
  ['cancelled', 'over'],
]);

/** Asks how far a session is. A failure to find out is `unknown`: what depends on it has a safe way without. */
export async function stateOf(
  api: ApiClient,
  uuid: string,
  kind?: Order['kind'],
): Promise<SessionState> {
  const type = kind === 'subscription' ? 'createSubscription' : undefined;
  try {
    const report = await getStatus(api, { uuid, type }, { maxRetries: 1 });
    if (report === undefined) return 'unknown';
    return STATES.get(report.status) ?? 'under way';
  } catch (error) {
    if (isApiError(error)) return 'unknown';
    throw error;
  }
}

/** Whether a link's time is over by this machine's clock. */
export function isPast(expiresAt: Date | undefined, now: number): boolean {
  return expiresAt !== undefined && expiresAt.getTime() <= now;
}
