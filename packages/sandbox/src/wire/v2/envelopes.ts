import { rfc3339 } from '../../rfc3339.js';
import type { Session } from '../../state/session.js';
import type { JsonObject } from '../cast.js';
import type { News } from '../news.js';
import { billV2 } from './bill.js';
import { expiredCheckoutV2 } from './expired-checkout.js';
import { paymentV2 } from './payment.js';
import { subscriptionV2 } from './subscription.js';

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
export function eventV2(session: Session, news: News): Worded | undefined {
  const { terms, subscription, link: managementPageLink } = session;
  if (news === 'expired') return { type: 'checkout.expired', data: expiredCheckoutV2(session) };
  if (news === 'completed' && terms.kind === 'payment')
    return { type: 'payment.completed', data: { ...paymentV2(session), managementPageLink } };
  if (news === 'failed' || subscription === undefined) return undefined;
  if (news === 'billed') return billed(session);
  const data = { ...subscriptionV2(session, subscription), managementPageLink };
  if (news === 'completed') return { type: 'subscription.created', data };
  const { previousStatus } = subscription;
  return { type: 'subscription.statusChanged', data: { ...data, previousStatus } };
}

function billed(session: Session): Worded | undefined {
  const bill = session.subscription?.lastBill;
  if (bill === undefined) return undefined;
  const data = {
    ...billV2(session, bill),
    subscriptionReference: session.terms.reference,
    subscriptionStatus: session.subscription?.status,
  };
  return { type: 'subscription.billed', data };
}
