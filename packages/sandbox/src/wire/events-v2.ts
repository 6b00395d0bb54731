import type { Session, SessionEvent, Subscription } from '../state/sessions.js';
import { rfc3339 } from '../time.js';
import { billV2, expiredCheckoutV2, paymentV2, subscriptionV2 } from './bodies-v2.js';
import type { JsonObject } from './canonical-json.js';
import { failureV2, upcomingBillV2 } from './next-bill-v2.js';
import { fundsReleaseV2, refundV2 } from './refunds-v2.js';

/** A v2 event before it is in its envelope. */
export interface EventBody {
  readonly type: string;
  readonly data: JsonObject;
}

/** The envelope of an event, a member's where one is named, with fields in the order of QBitFlow's own. */
export function envelope(id: string, event: EventBody, at: number, userUuid?: string): JsonObject {
  return {
    id,
    type: event.type,
    version: 'v2',
    createdAt: rfc3339(at),
    test: true,
    userUuid,
    data: event.data,
  };
}

/** What v2 reports of what happened to a session; of a failed attempt it reports nothing. */
export function eventV2(session: Session, happened: SessionEvent): EventBody | undefined {
  return EVENTS[happened](session);
}

const EVENTS: Readonly<Record<SessionEvent, (session: Session) => EventBody | undefined>> = {
  failed: () => undefined,
  expired: (session) => ({ type: 'checkout.expired', data: expiredCheckoutV2(session) }),
  completed: (session) =>
    session.terms.kind === 'payment'
      ? { type: 'payment.completed', data: linked(session, paymentV2(session)) }
      : ofSubscription('subscription.created', session, () => linked(session, {})),
  billed,
  statusChanged: (session) =>
    ofSubscription('subscription.statusChanged', session, ({ previousStatus }) =>
      linked(session, { previousStatus }),
    ),
  actionRequiredChanged: (session) =>
    ofSubscription('subscription.actionRequiredChanged', session, ({ previousActionRequired }) =>
      linked(session, { previousActionRequired }),
    ),
  billingFailed: (session) =>
    ofSubscription('subscription.billingFailed', session, ({ failedBill }) =>
      linked(session, failedBill === undefined ? {} : failureV2(session, failedBill)),
    ),
  upcomingBill: (session) =>
    ofSubscription('subscription.upcomingBill', session, (subscription) =>
      upcomingBillV2(session, subscription),
    ),
  refundRequested: (session) => ofRefund('refund.requested', session),
  refundCompleted: (session) => ofRefund('refund.completed', session),
  refundDenied: (session) => ofRefund('refund.denied', session),
  fundsReleased(session) {
    const { fundsRelease: release } = session;
    return release && { type: 'heldFunds.released', data: fundsReleaseV2(session, release) };
  },
};

function linked(session: Session, fields: JsonObject): JsonObject {
  return { ...fields, managementPageLink: session.link };
}

/** The subscription, and what the event says besides. */
function ofSubscription(
  type: string,
  session: Session,
  besides: (subscription: Subscription) => JsonObject,
): EventBody | undefined {
  const { subscription } = session;
  if (subscription === undefined) return undefined;
  return { type, data: { ...subscriptionV2(session, subscription), ...besides(subscription) } };
}

function billed(session: Session): EventBody | undefined {
  const bill = session.subscription?.lastBill;
  if (bill === undefined) return undefined;
  const data = {
    ...billV2(session, bill),
    subscriptionReference: session.terms.reference,
    subscriptionStatus: session.subscription?.status,
  };
  return { type: 'subscription.billed', data };
}

function ofRefund(type: string, session: Session): EventBody | undefined {
  const { refund } = session;
  return refund && { type, data: refundV2(session, refund) };
}
