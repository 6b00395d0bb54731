import type { KnownEventType } from './types.js';

/** A record, so that no type can be forgotten here. */
const TYPES: Readonly<Record<KnownEventType, true>> = {
  'payment.completed': true,
  'subscription.created': true,
  'subscription.billed': true,
  'subscription.statusChanged': true,
  'subscription.actionRequiredChanged': true,
  'subscription.billingFailed': true,
  'subscription.upcomingBill': true,
  'refund.requested': true,
  'refund.completed': true,
  'refund.denied': true,
  'member.joined': true,
  'member.removed': true,
  'heldFunds.released': true,
  'checkout.expired': true,
  'transaction.updated': true,
  'webhook.test': true,
};

/** Whether this kit has events of a type; `constructor` and `__proto__`, which every object has, are none. */
export function isUnderstoodType(type: string): type is KnownEventType {
  return Object.hasOwn(TYPES, type);
}
