import type { Session } from '../../state/session.js';
import type { JsonObject } from '../cast.js';

/** v2's answer to "how far is it": a failed attempt is `created` with `lastAttempt`. */
export function statusV2(session: Session): JsonObject {
  return {
    uuid: session.uuid,
    status: session.status,
    txHash: session.txHash,
    lastAttempt: session.status === 'completed' ? undefined : session.lastAttempt,
  };
}
