import { rfc3339 } from '../../rfc3339.js';
import type { Session } from '../../state/session.js';
import type { JsonObject } from '../cast.js';
import type { News } from '../news.js';
import { expiredCheckoutV2 } from './expired-checkout.js';
import { billV2, subscriptionV2 } from './subscription.js';
import { paymentV2 } from './transaction.js';

/** A v2 event before it is in its envelope. */
interface Worded {
  readonly type: string;
  readonly data: JsonObject;
}

/** The envelope of an event, with fields in the order of QBitFlow's own. */
export function envelope(id: string, event: Worded, at: number): JsonObject {
  return {
    id,
    type: event.type,
    version: 'v2',
    createdAt: rfc3339(at),
    test: true,
    data: event.data,
  };
}

/** What v2 reports of some news about a session; of a failed attempt it reports nothing. */
export function eventsV2(session: Session, news: News): readonly Worded[] {
  if (news === 'failed') return [];
  if (news === 'expired') return [{ type: 'checkout.expired', data: expiredCheckoutV2(session) }];
  const managementPageLink = session.link;
  if (session.terms.kind === 'payment')
    return [{ type: 'payment.completed', data: { ...paymentV2(session), managementPageLink } }];
  const created = {
    type: 'subscription.created',
    data: { ...subscriptionV2(session), managementPageLink },
  };
  if (session.billUuid === undefined) return [created];
  return [created, { type: 'subscription.billed', data: billV2(session) }];
}
