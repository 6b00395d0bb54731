import { z } from 'zod';
import {
  addsUp,
  billFields,
  coversFees,
  expiredCheckout,
  heldFundsFields,
  isConsistent,
  memberFields,
  paymentFields,
  refundFields,
  requiredAction,
  subscriptionFields,
  subscriptionStatus,
} from './bodies-v2.js';
import { billId, count, decimal, eventId, flag, time, url, usd, uuid, words } from './fields.js';

const managementPageLink = { managementPageLink: url.optional() };

const paid = z
  .strictObject({ ...paymentFields, ...managementPageLink })
  .refine(addsUp, 'amounts do not add up')
  .refine(coversFees, 'amount is not price + fees');

/** A subscription with what an event, or a read, has besides. */
export function subscription(besides: z.ZodRawShape): z.ZodType {
  return z
    .strictObject({ ...subscriptionFields, ...besides })
    .refine(isConsistent, 'a subscription is cancelled exactly when it says when and why');
}

/** A refund that stands so: it has an answer unless it waits for one. */
export function refund(status: 'pending' | 'approved' | 'rejected') {
  return z.strictObject({
    ...refundFields,
    status: z.literal(status),
    respondedAt: status === 'pending' ? z.null() : time,
  });
}

/** `data` of each of v2's 15 event types. */
export const eventDataV2 = {
  'payment.completed': paid,
  'subscription.created': subscription({
    ...managementPageLink,
    status: z.enum(['active', 'trial']),
  }),
  'subscription.billed': z
    .strictObject({
      ...billFields,
      subscriptionReference: words.optional(),
      subscriptionStatus,
    })
    .refine(addsUp, 'amounts do not add up'),
  'subscription.statusChanged': subscription({
    ...managementPageLink,
    previousStatus: subscriptionStatus,
  }),
  'subscription.actionRequiredChanged': subscription({
    ...managementPageLink,
    previousActionRequired: requiredAction.optional(),
  }),
  'subscription.billingFailed': subscription({
    ...managementPageLink,
    reason: z.enum([
      'insufficientBalance',
      'allowanceExhausted',
      'approvalRevoked',
      'maxAmountExceeded',
      'other',
    ]),
    failureCode: words.optional(),
    billUuid: billId,
    amountUsd: decimal,
    attempt: z.int().positive(),
    remainingAttempts: count,
    nextAttemptAt: time.optional(),
  }),
  'subscription.upcomingBill': subscription({
    billingDate: time,
    amountUsd: usd,
    trialEnding: flag,
    balanceSufficient: flag.optional(),
    allowanceSufficient: flag.optional(),
  }),
  'refund.requested': refund('pending'),
  'refund.completed': refund('approved'),
  'refund.denied': refund('rejected'),
  'member.joined': z.strictObject({ ...memberFields, invitationUuid: uuid }),
  'member.removed': z.strictObject(memberFields),
  'heldFunds.released': z.strictObject(heldFundsFields),
  'checkout.expired': expiredCheckout,
  'webhook.test': z.strictObject({ endpointUuid: uuid, message: words }),
} as const;

/** The envelope of an event type; an event's detail has `besides`. */
export function envelope(type: keyof typeof eventDataV2, besides: z.ZodRawShape = {}): z.ZodObject {
  return z.strictObject({
    id: eventId,
    type: z.literal(type),
    version: z.literal('v2'),
    createdAt: time,
    test: flag,
    userUuid: uuid.optional(),
    data: eventDataV2[type],
    ...besides,
  });
}
