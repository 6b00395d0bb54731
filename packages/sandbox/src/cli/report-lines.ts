import type { Delivery } from '../state/deliveries.js';
import type { Session } from '../state/session.js';

/** A session's news as one line. */
export function sessionLine({ uuid, terms, link, ...session }: Session): string {
  const news = newsOf(session);
  const order = terms.reference === undefined ? '' : ` for ${terms.reference}`;
  return `session ${news} ${uuid}${order} ${news === 'created' ? link : ''}`.trimEnd();
}

type Standing = Pick<Session, 'status' | 'lastAttempt' | 'settling' | 'subscription'>;

function newsOf({ status, lastAttempt, settling, subscription }: Standing): string {
  if (status === 'created' && lastAttempt !== undefined) return 'attempt failed';
  if (subscription !== undefined)
    return `${status}, ${subscription.status}, billed ${subscription.billCount}x`;
  return settling === true ? 'pending' : status;
}

/** A delivery's latest attempt as one line, or `undefined` before its first. */
export function deliveryLine({
  type,
  version,
  eventId,
  state,
  attempts,
}: Delivery): string | undefined {
  const last = attempts.at(-1);
  if (last === undefined) return undefined;
  const answer = last.status ?? last.error ?? '';
  return `delivery ${state} ${type} (${version}) ${eventId} attempt ${last.number}: ${answer}`;
}
