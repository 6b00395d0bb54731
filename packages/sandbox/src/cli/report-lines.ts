import type { Delivery } from '../state/deliveries.js';
import type { Session } from '../state/session.js';

/** A session's news as one line. */
export function sessionLine({ uuid, status, terms, lastAttempt, link }: Session): string {
  const failed = status === 'created' && lastAttempt !== undefined;
  const news = failed ? 'attempt failed' : status;
  const order = terms.reference === undefined ? '' : ` for ${terms.reference}`;
  return `session ${news} ${uuid}${order} ${news === 'created' ? link : ''}`.trimEnd();
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
