import { z } from 'zod';
import { flag, number, period, text } from '../fields.js';
import { currency } from '../settled-fields.js';

const subscriptionFields = {
  uuid: text,
  reference: text,
  createdAt: text,
  updatedAt: text,
  from: text,
  to: text,
  productUuid: text,
  subscriptionHash: text,
  currencyId: number,
  currency,
  frequency: period,
  allowance: text,
  status: text,
  actionRequired: text,
  currentPeriodEnd: text,
  priceUsd: text,
  maxAmountPerPeriod: text,
  lastBillingDate: text,
  nextBillingDate: text,
  cancelledAt: text,
  cancellationReason: text,
  minimumCancellationDate: text,
  test: flag,
  userUuid: text,
  customerUuid: text,
  customerReference: text,
  managementPageLink: text,
  name: text,
  description: text,
  txHash: text,
};

/** `subscription.created`. */
export const subscriptionSchema = z.looseObject(subscriptionFields);

/** `subscription.statusChanged`. */
export const statusChangeSchema = z.looseObject({
  ...subscriptionFields,
  previousStatus: text,
  previousActionRequired: text,
});

/** `subscription.actionRequiredChanged`. */
export const actionChangeSchema = z.looseObject({
  ...subscriptionFields,
  previousActionRequired: text,
});

/** `subscription.billingFailed`; its `amountUsd` is a decimal string. */
export const billingFailureSchema = z.looseObject({
  ...subscriptionFields,
  reason: text,
  failureCode: text,
  billUuid: text,
  amountUsd: text,
  attempt: number,
  remainingAttempts: number,
  nextAttemptAt: text,
});

/** `subscription.upcomingBill`; its `amountUsd` is a number. */
export const upcomingBillSchema = z.looseObject({
  ...subscriptionFields,
  billingDate: text,
  amountUsd: number,
  trialEnding: flag,
  balanceSufficient: flag,
  allowanceSufficient: flag,
});
