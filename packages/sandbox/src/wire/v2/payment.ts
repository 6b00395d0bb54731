import { rfc3339 } from '../../rfc3339.js';
import type { Session } from '../../state/session.js';
import type { JsonObject } from '../cast.js';
import { feeLinesOf } from '../amount.js';
import { settledFacts } from '../settled-facts.js';

/** The payment that a completed session became, in v2's names. */
export function paymentV2(session: Session): JsonObject {
  const { terms, txHash = '', customerUuid, createdAt, completedAt } = session;
  return {
    uuid: session.uuid,
    ...settledFacts(terms, { txHash, at: completedAt ?? createdAt, customerUuid }),
    reference: terms.reference,
    price: terms.price,
    fees: feeLinesOf(terms),
    note: '',
    checkoutOpenedAt: rfc3339(createdAt),
  };
}
