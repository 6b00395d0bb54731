import type { Session } from '../../state/session.js';
import type { JsonObject } from '../cast.js';

/** v1's answer to "how far is it", or `undefined` (a 404) while nothing was processed. A failed attempt is `failed`. */
export function statusV1(session: Session): JsonObject | undefined {
  const type = session.terms.legacy ? session.terms.txType : undefined;
  if (session.status === 'created') {
    if (session.lastAttempt === undefined) return undefined;
    const { message, txHash } = session.lastAttempt;
    return { status: 'failed', txHash, message, type };
  }
  const status = session.settling === true ? 'pending' : session.status;
  return { status, txHash: session.txHash, type };
}
