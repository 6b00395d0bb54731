import type { Session } from '../../state/session.js';
import type { JsonObject } from '../cast.js';
import type { News } from '../news.js';
import { sessionV1 } from './session.js';
import { statusV1 } from './status.js';
import { billV1 } from './transaction.js';

/** A v1 webhook body, with the name that the sandbox's log gives it. */
interface Worded {
  readonly type: string;
  readonly body: JsonObject;
}

/** The transaction webhook of a session. SDK 1.x sessions have the type in `status.type` and no `txType`. */
export function transactionWebhook(session: Session, status: JsonObject | undefined): JsonObject {
  return {
    uuid: session.uuid,
    txType: session.terms.legacy ? undefined : session.terms.txType,
    status: status ?? null,
    session: sessionV1(session),
    managementPageLink: session.link,
  };
}

/** What v1 reports of some news about a session. */
export function webhooksV1(session: Session, news: News): readonly Worded[] {
  const transaction = {
    type: `transaction.${news}`,
    body: transactionWebhook(session, statusV1(session)),
  };
  if (news !== 'completed' || session.billUuid === undefined) return [transaction];
  return [transaction, { type: 'subscription.billing', body: billingWebhook(session) }];
}

function billingWebhook(session: Session): JsonObject {
  return {
    subscriptionUUID: session.uuid,
    subscriptionReference: session.terms.reference,
    type: 'billing',
    data: billV1(session),
  };
}
