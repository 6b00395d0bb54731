import { rfc3339 } from '../../rfc3339.js';
import type { Session } from '../../state/session.js';
import type { JsonObject } from '../cast.js';
import type { News } from '../news.js';
import { billV1 } from './names.js';
import { sessionV1 } from './session.js';
import { statusV1 } from './status.js';

/** A v1 webhook body, with the name that the sandbox's log gives it. */
interface Worded {
  readonly type: string;
  readonly body: JsonObject;
}

/** What v1 reports of some news about a session: of a subscription's life the subscription webhook. */
export function webhookV1(session: Session, news: News): Worded {
  if (news === 'billed')
    return { type: 'subscription.billing', body: subscriptionWebhook(session, 'billing') };
  if (news === 'statusChanged')
    return {
      type: 'subscription.status_transition',
      body: subscriptionWebhook(session, 'status_transition'),
    };
  return { type: `transaction.${news}`, body: transactionWebhook(session) };
}

/** SDK 1.x sessions have the type in `status.type` and no `txType`. */
function transactionWebhook(session: Session): JsonObject {
  const { uuid, terms, link } = session;
  const status = statusV1(session);
  return {
    uuid,
    txType: terms.legacy ? undefined : terms.txType,
    status: status === undefined ? null : { settlementDetails: null, ...status },
    session: sessionV1(session),
    managementPageLink: link,
  };
}

function subscriptionWebhook(session: Session, type: 'billing' | 'status_transition'): JsonObject {
  return {
    subscriptionUUID: session.uuid,
    subscriptionReference: session.terms.reference,
    type,
    data: type === 'billing' ? billOf(session) : transitionOf(session),
  };
}

function billOf(session: Session): JsonObject | undefined {
  const bill = session.subscription?.lastBill;
  return bill && billV1(session, bill);
}

function transitionOf({ subscription }: Session): JsonObject | undefined {
  if (subscription === undefined) return undefined;
  const { previousStatus, status, updatedAt } = subscription;
  return { previousStatus, currentStatus: status, updatedAt: rfc3339(updatedAt) };
}
