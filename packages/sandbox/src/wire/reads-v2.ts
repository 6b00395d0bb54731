import type { Session, Subscription } from '../state/sessions.js';
import { paymentV2, subscriptionV2 } from './bodies-v2.js';
import type { JsonObject } from './canonical-json.js';
import { refundV2 } from './refunds-v2.js';

/** A payment as v2's API gives it: whether it can be given back, and how that went, no webhook says. */
export function paymentReadV2(session: Session, refundable: boolean): JsonObject {
  const { refund } = session;
  return { ...paymentV2(session), refund: refund && refundV2(session, refund), refundable };
}

/** A subscription as v2's API gives it: no webhook names its product. */
export function subscriptionReadV2(session: Session, subscription: Subscription): JsonObject {
  return { ...subscriptionV2(session, subscription), productName: session.terms.productName };
}
