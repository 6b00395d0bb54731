import { z } from 'zod';
import { anyObject, flag, ids, number, period, text, usd, usdText } from '../fields.js';
import { billSchema, settledFields, transferFields } from '../settled-fields.js';
import {
  actionChangeSchema,
  billingFailureSchema,
  statusChangeSchema,
  subscriptionSchema,
  upcomingBillSchema,
} from './subscription-schemas.js';

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

const fee = z.looseObject({
  type: text,
  label: text,
  description: text,
  amountUsd: usdText,
});

const paymentSchema = z.looseObject({
  ...settledFields,
  reference: text,
  price: usd,
  fees: z.array(fee).nullish(),
  note: text,
  checkoutOpenedAt: text,
  managementPageLink: text,
});

const refundSchema = z.looseObject({
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

const memberSchema = z.looseObject({
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

const heldFundsSchema = z.looseObject({
  ...transferFields,
  type: text,
  ledgers: z.array(z.unknown()).nullish(),
});

const expiredCheckoutSchema = z.looseObject({
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

/** What `data` must look like, for each of v2's 15 event types. */
export const V2_DATA_SCHEMAS = {
  'payment.completed': paymentSchema,
  'subscription.created': subscriptionSchema,
  'subscription.billed': billSchema,
  'subscription.statusChanged': statusChangeSchema,
  'subscription.actionRequiredChanged': actionChangeSchema,
  'subscription.billingFailed': billingFailureSchema,
  'subscription.upcomingBill': upcomingBillSchema,
  'refund.requested': refundSchema,
  'refund.completed': refundSchema,
  'refund.denied': refundSchema,
  'member.joined': memberSchema,
  'member.removed': memberSchema,
  'heldFunds.released': heldFundsSchema,
  'checkout.expired': expiredCheckoutSchema,
  'webhook.test': z.looseObject({ endpointUuid: text, message: text }),
} as const;

/** The event types v2 documents. */
export type V2EventType = keyof typeof V2_DATA_SCHEMAS;
