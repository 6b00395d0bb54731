import type { Session } from '../../state/session.js';
import { statusV1 } from './status.js';

/** One message of v1's WebSocket. */
interface StatusMessage {
  readonly text: string;
  /** Nothing comes after it. */
  readonly final: boolean;
}

/** How a transaction stands, under the id that was asked for; an error of 404 while nothing was processed for it. */
export function statusMessage(uuid: string, session: Session | undefined): StatusMessage {
  const status = session && statusV1(session);
  if (status === undefined) {
    const message = 'nothing has been processed for this transaction yet';
    return { text: JSON.stringify({ error: 'Not Found', status: 404, message }), final: false };
  }
  const final = session?.status === 'completed' || session?.status === 'expired';
  return { text: JSON.stringify({ transactionUUID: uuid, status }), final };
}
