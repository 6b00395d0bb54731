import type { V2EventType } from '../event/types.js';
import type { V2Envelope } from '../protocol/v2/schemas.js';
import {
  copyOf,
  FIXTURE_BILL_SHARES,
  FIXTURE_COIN_PRICE_USD,
  FIXTURE_CURRENCY,
  FIXTURE_IDS,
  FIXTURE_ON_CHAIN,
  FIXTURE_REFERENCE,
  FIXTURE_TX_HASH,
  FIXTURE_WALLETS,
} from './fixtures-shared.js';

type Fields = Readonly<Record<string, unknown>>;

/** A v2 envelope for tests; `data` is there and an object. */
export type V2Fixture = V2Envelope & { readonly data: Fields };

/** What to change: fields of the envelope, and under `data` fields of the data. `undefined` leaves a field out. */
export type V2Overrides = Fields & { readonly data?: Fields };

const MANAGEMENT_PAGE = 'https://qbitflow.app/manage?id=1042&token=a1b2';

const chainLinks: Fields = {
  txHash: FIXTURE_TX_HASH,
  chain: 'ETH',
  explorerUrl: `https://explorer.example/tx/${FIXTURE_TX_HASH}`,
};

const txMetadata: Fields = { ...FIXTURE_ON_CHAIN, mainCurrencyPriceUsd: FIXTURE_COIN_PRICE_USD };

const transferred: Fields = {
  createdAt: '2026-10-01T11:59:50.123456Z',
  from: FIXTURE_WALLETS.payer,
  to: FIXTURE_WALLETS.merchant,
  currencyId: FIXTURE_CURRENCY.id,
  currency: FIXTURE_CURRENCY,
  ...chainLinks,
  test: false,
};

const settled: Fields = {
  ...transferred,
  name: 'Blue T-shirt',
  description: 'Size M, with a <logo> & more',
  productUuid: FIXTURE_IDS.product,
  customerUuid: FIXTURE_IDS.customer,
  customerReference: 'customer-7',
  confirmedAt: '2026-10-01T11:59:58+00:00',
};

/** `data` of `payment.completed`. */
const payment: Fields = {
  ...settled,
  uuid: FIXTURE_IDS.payment,
  reference: FIXTURE_REFERENCE,
  amount: 5.04,
  amountMinUnits: '5040000',
  paidMinUnits: '5040000',
  paidUsd: 5.04,
  metadata: {
    feePercent: 1.5,
    txMetadata,
    txAmounts: {
      usd: { platform: 0.08, merchant: 4.96, networkFee: 0.05 },
      minUnits: {
        platform: '75600',
        organization: '0',
        referral: '0',
        merchant: '4964400',
        networkFee: '50000',
      },
    },
  },
  price: 4.99,
  fees: [
    {
      type: 'processingFee',
      label: 'Processing fee',
      description: 'Paid to the chain',
      amountUsd: '0.05',
    },
  ],
  note: 'Please gift-wrap',
  checkoutOpenedAt: '2026-10-01T11:58:00Z',
  managementPageLink: MANAGEMENT_PAGE,
};

/** `data` of `subscription.billed`. */
const bill: Fields = {
  ...settled,
  uuid: FIXTURE_IDS.bill,
  amount: 4.99,
  amountMinUnits: '4990000',
  paidMinUnits: '4990000',
  paidUsd: 4.99,
  metadata: { feePercent: 1.5, txMetadata, txAmounts: FIXTURE_BILL_SHARES },
  subscriptionUuid: FIXTURE_IDS.subscription,
  subscriptionReference: FIXTURE_REFERENCE,
  subscriptionStatus: 'active',
  periodStart: '2026-10-01T12:00:00Z',
  periodEnd: '2026-11-01T12:00:00Z',
};

/** What every subscription event is about. */
const subscribed: Fields = {
  uuid: FIXTURE_IDS.subscription,
  reference: FIXTURE_REFERENCE,
  createdAt: '2026-10-01T12:00:00.000001Z',
  updatedAt: '2026-10-01T12:00:00.000001Z',
  from: FIXTURE_WALLETS.payer,
  to: FIXTURE_WALLETS.merchant,
  productUuid: FIXTURE_IDS.product,
  subscriptionHash: '0x4444444444444444444444444444444444444444444444444444444444444444',
  currencyId: FIXTURE_CURRENCY.id,
  currency: FIXTURE_CURRENCY,
  frequency: { value: 1, unit: 'months' },
  allowance: '59880000',
  status: 'active',
  currentPeriodEnd: '2026-11-01T12:00:00Z',
  priceUsd: '4.99',
  maxAmountPerPeriod: '5500000',
  lastBillingDate: '2026-10-01T12:00:00Z',
  nextBillingDate: '2026-11-01T12:00:00Z',
  test: false,
  customerUuid: FIXTURE_IDS.customer,
  customerReference: 'customer-7',
};

/** `data` of `subscription.created`, and the greater part of most other subscription events'. */
const subscription: Fields = { ...subscribed, managementPageLink: MANAGEMENT_PAGE };

/** `data` of the `refund.*` events; their statuses differ. */
const refund: Fields = {
  uuid: FIXTURE_IDS.refund,
  txUuid: FIXTURE_IDS.payment,
  reason: 'The shirt does not fit',
  status: 'pending',
  createdAt: '2026-10-02T09:00:00Z',
  merchantMessage: '',
  respondedAt: null,
  test: false,
  txHash: '',
  initiatedBy: 'customer',
  held: false,
  paidMinUnits: '5040000',
  paidUsd: 5.04,
  refundPercent: 100,
  amountMinUnits: '5040000',
  amountUsd: 5.04,
  currencyId: FIXTURE_CURRENCY.id,
  metadata: null,
};

/** `data` of `heldFunds.released`. */
const heldFunds: Fields = {
  ...transferred,
  uuid: FIXTURE_IDS.transfer,
  createdAt: '2026-10-03T09:00:00Z',
  amount: 4.96,
  amountMinUnits: '4964400',
  userUuid: FIXTURE_IDS.member,
  received: true,
  type: 'releaseHeldFunds',
  txMetadata: { ...txMetadata, blockData: { number: '21000100', timestamp: 1_791_018_000 } },
  ledgers: [
    {
      txUuid: FIXTURE_IDS.payment,
      type: 'payment',
      description: 'Blue T-shirt',
      amount: 4.96,
      metadata: null,
      currencyId: FIXTURE_CURRENCY.id,
      owedMinUnits: '4964400',
      owedUsd: 4.96,
      createdAt: '2026-10-01T11:59:58Z',
    },
  ],
};

const member: Fields = {
  userUuid: FIXTURE_IDS.member,
  name: 'Ada',
  lastName: 'Lovelace',
  email: 'ada@shop.example',
  test: false,
  organizationFeePercent: 2.5,
  trustedAt: null,
  joinedAt: '2026-09-30T08:00:00Z',
  acceptedCurrencyIds: [1, 3],
  spaceUuid: FIXTURE_IDS.space,
};

const expiredCheckout: Fields = {
  uuid: FIXTURE_IDS.payment,
  reference: FIXTURE_REFERENCE,
  productUuid: FIXTURE_IDS.product,
  productReference: 'tshirt-blue',
  productName: 'Blue T-shirt',
  description: 'Size M, with a <logo> & more',
  price: 4.99,
  successUrl: 'https://qbitflow.app/checkout/1042',
  cancelUrl: 'https://shop.example/cancel?uuid={{UUID}}',
  redirectUrl: 'https://shop.example/success?uuid={{UUID}}&type={{TRANSACTION_TYPE}}',
  organizationName: 'Example Shop',
  userName: 'Ada Lovelace',
  test: false,
  txType: 'payment',
  availableCurrencyIds: [1, 3],
  fees: [],
  amount: 4.99,
  createdAt: '2026-09-30T12:00:00Z',
  expiresAt: '2026-10-01T12:00:00Z',
};

const DATA: Readonly<Record<V2EventType, Fields>> = {
  'payment.completed': payment,
  'subscription.created': subscription,
  'subscription.billed': bill,
  'subscription.statusChanged': { ...subscription, status: 'pastDue', previousStatus: 'active' },
  'subscription.actionRequiredChanged': {
    ...subscription,
    actionRequired: 'topUpAllowance',
  },
  'subscription.billingFailed': {
    ...subscription,
    status: 'pastDue',
    reason: 'insufficientBalance',
    failureCode: 'insufficient_balance',
    billUuid: FIXTURE_IDS.bill,
    amountUsd: '4.99',
    attempt: 1,
    remainingAttempts: 3,
    nextAttemptAt: '2026-11-02T12:00:00Z',
  },
  'subscription.upcomingBill': {
    ...subscribed,
    billingDate: '2026-11-01T12:00:00Z',
    amountUsd: 4.99,
    trialEnding: false,
    balanceSufficient: true,
    allowanceSufficient: true,
  },
  'refund.requested': refund,
  'refund.completed': {
    ...refund,
    ...chainLinks,
    status: 'approved',
    respondedAt: '2026-10-02T10:00:00Z',
    metadata: txMetadata,
  },
  'refund.denied': {
    ...refund,
    status: 'rejected',
    merchantMessage: 'Worn already',
    respondedAt: '2026-10-02T10:00:00Z',
  },
  'member.joined': { ...member, invitationUuid: FIXTURE_IDS.invitation },
  'member.removed': member,
  'heldFunds.released': heldFunds,
  'checkout.expired': expiredCheckout,
  'webhook.test': { endpointUuid: FIXTURE_IDS.endpoint, message: 'It works' },
};

type V2Fixtures = { readonly [Type in V2EventType]: (overrides?: V2Overrides) => V2Fixture };

/** One maker of envelopes for each of v2's 15 event types. Every call gives a fresh object. */
export const v2Fixtures: V2Fixtures = {
  'payment.completed': makerOf('payment.completed'),
  'subscription.created': makerOf('subscription.created'),
  'subscription.billed': makerOf('subscription.billed'),
  'subscription.statusChanged': makerOf('subscription.statusChanged'),
  'subscription.actionRequiredChanged': makerOf('subscription.actionRequiredChanged'),
  'subscription.billingFailed': makerOf('subscription.billingFailed'),
  'subscription.upcomingBill': makerOf('subscription.upcomingBill'),
  'refund.requested': makerOf('refund.requested'),
  'refund.completed': makerOf('refund.completed'),
  'refund.denied': makerOf('refund.denied'),
  'member.joined': makerOf('member.joined'),
  'member.removed': makerOf('member.removed'),
  'heldFunds.released': makerOf('heldFunds.released'),
  'checkout.expired': makerOf('checkout.expired'),
  'webhook.test': makerOf('webhook.test'),
};

function makerOf(type: V2EventType): (overrides?: V2Overrides) => V2Fixture {
  return (overrides = {}) =>
    copyOf({
      id: `evt_3f1c2d4e-5a6b-5c7d-8e9f-${type.length.toString(16).padStart(12, '0')}`,
      type,
      version: 'v2',
      createdAt: '2026-10-01T12:00:00Z',
      test: false,
      ...overrides,
      data: { ...DATA[type], ...overrides.data },
    });
}
