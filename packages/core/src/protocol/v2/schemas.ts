import * as z from 'zod';
import { lazily } from '../../lazily.js';
import { fieldKinds } from '../fields.js';

/** A v2 webhook body as sent: every event type comes in the same envelope. */
export interface V2Envelope {
  /** `evt_…`, the same on every retry. */
  readonly id: string;
  readonly type: string;
  readonly version?: string | null | undefined;
  /** RFC 3339, as sent. */
  readonly createdAt?: string | null | undefined;
  readonly test?: boolean | null | undefined;
  /** The marketplace member it concerns. */
  readonly userUuid?: string | null | undefined;
  readonly data?: unknown;
  readonly [field: string]: unknown;
}

/** What the envelope's `data` must look like, by what it is about. */
export const dataSchemas = lazily(() => {
  const {
    anyObject,
    currency,
    flag,
    ids,
    number,
    period,
    settledFields,
    text,
    transferFields,
    usd,
    usdText,
    bill,
  } = fieldKinds();
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

  // `subscription.created`.
  const subscription = z.looseObject(subscriptionFields);

  // `subscription.statusChanged`.
  const statusChange = z.looseObject({
    ...subscriptionFields,
    previousStatus: text,
    previousActionRequired: text,
  });

  // `subscription.actionRequiredChanged`.
  const actionChange = z.looseObject({
    ...subscriptionFields,
    previousActionRequired: text,
  });

  // `subscription.billingFailed`; its `amountUsd` is a decimal string.
  const billingFailure = z.looseObject({
    ...subscriptionFields,
    reason: text,
    failureCode: text,
    billUuid: text,
    amountUsd: text,
    attempt: number,
    remainingAttempts: number,
    nextAttemptAt: text,
  });

  // `subscription.upcomingBill`; its `amountUsd` is a number.
  const upcomingBill = z.looseObject({
    ...subscriptionFields,
    billingDate: text,
    amountUsd: number,
    trialEnding: flag,
    balanceSufficient: flag,
    allowanceSufficient: flag,
  });

  const fee = z.looseObject({
    type: text,
    label: text,
    description: text,
    amountUsd: usdText,
  });

  // `payment.completed`.
  const payment = z.looseObject({
    ...settledFields,
    reference: text,
    price: usd,
    fees: z.array(fee).nullish(),
    note: text,
    checkoutOpenedAt: text,
    managementPageLink: text,
  });

  // All that is about a refund.
  const refund = z.looseObject({
    uuid: text,
    txUuid: text,
    reason: text,
    status: text,
    createdAt: text,
    merchantMessage: text,
    respondedAt: text,
    test: flag,
    userUuid: text,
    txHash: text,
    initiatedBy: text,
    held: flag,
    paidMinUnits: text,
    paidUsd: usd,
    refundPercent: number,
    amountMinUnits: text,
    amountUsd: usd,
    currencyId: number,
    metadata: anyObject,
    chain: text,
    explorerUrl: text,
  });

  // A member who joined or left.
  const member = z.looseObject({
    userUuid: text,
    name: text,
    lastName: text,
    email: text,
    test: flag,
    organizationFeePercent: number,
    trustedAt: text,
    joinedAt: text,
    acceptedCurrencyIds: ids,
    spaceUuid: text,
    invitationUuid: text,
  });

  const ledger = z.looseObject({
    txUuid: text,
    type: text,
    description: text,
    refundedTxUuid: text,
    amount: usd,
    currencyId: number,
    owedMinUnits: text,
    owedUsd: usd,
    createdAt: text,
  });

  // `heldFunds.released`.
  const heldFunds = z.looseObject({
    ...transferFields,
    type: text,
    txMetadata: anyObject,
    ledgers: z.array(ledger).nullish(),
  });

  // `checkout.expired`.
  const expiredCheckout = z.looseObject({
    uuid: text,
    reference: text,
    productUuid: text,
    productReference: text,
    productName: text,
    description: text,
    price: usd,
    successUrl: text,
    cancelUrl: text,
    redirectUrl: text,
    organizationName: text,
    userName: text,
    test: flag,
    txType: text,
    availableCurrencyIds: ids,
    createdAt: text,
    expiresAt: text,
    fees: z.array(fee).nullish(),
    amount: usd,
    frequency: period,
    trialPeriod: period,
    minPeriods: number,
    upgradingFromTrial: flag,
  });

  // `webhook.test`.
  const webhookTest = z.looseObject({ endpointUuid: text, message: text });

  return {
    subscription,
    statusChange,
    actionChange,
    billingFailure,
    upcomingBill,
    payment,
    refund,
    member,
    heldFunds,
    expiredCheckout,
    webhookTest,
    bill,
  };
});
