import type { V1SubscriptionWebhook, V1TransactionWebhook } from '../protocol/v1/schemas.js';
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

/** What to change: fields of the body, and under `status` and `session` fields of those. */
export type V1TransactionOverrides = Fields & {
  readonly status?: Fields | null;
  readonly session?: Fields;
};

/** What to change: fields of the body, and under `data` fields of the data. */
export type V1SubscriptionOverrides = Fields & { readonly data?: Fields };

const paymentSession: Fields = {
  uuid: FIXTURE_IDS.payment,
  reference: FIXTURE_REFERENCE,
  productId: 42,
  productReference: 'tshirt-blue',
  productName: 'Blue T-shirt',
  description: 'Size M, with a <logo> & more',
  price: 4.99,
  successUrl: 'https://shop.example/success?uuid={{UUID}}&type={{TRANSACTION_TYPE}}',
  cancelUrl: 'https://shop.example/cancel?uuid={{UUID}}',
  organizationId: 9,
  organizationName: 'Example Shop',
  feeBps: 150,
  organizationFeeBps: 0,
  userId: 12,
  userName: 'Ada Lovelace',
  test: false,
  customerUUID: FIXTURE_IDS.customer,
  customerReference: 'customer-7',
  txType: 'payment',
  availableCurrencies: [1, 3],
};

const subscriptionSession: Fields = {
  ...paymentSession,
  uuid: FIXTURE_IDS.subscription,
  txType: 'createSubscription',
  frequency: 2_592_000,
  trialPeriod: 604_800,
  minPeriods: 3,
  upgradingFromTrial: false,
};

/** A transaction's progress as a webhook tells it: what is not there is empty. */
function statusOf(status: string, txHash = '', message = ''): Fields {
  return { status, txHash, message, settlementDetails: null };
}

const completed = statusOf('completed', FIXTURE_TX_HASH, 'Payment completed');

const payment: Fields = {
  uuid: FIXTURE_IDS.payment,
  txType: 'payment',
  status: completed,
  session: paymentSession,
  managementPageLink: 'https://qbitflow.app/manage?id=1042&token=a1b2',
};

const subscription: Fields = {
  ...payment,
  uuid: FIXTURE_IDS.subscription,
  txType: 'createSubscription',
  session: subscriptionSession,
};

const bill: Fields = {
  subscriptionUUID: FIXTURE_IDS.subscription,
  subscriptionReference: FIXTURE_REFERENCE,
  type: 'billing',
  data: {
    uuid: FIXTURE_IDS.bill,
    createdAt: '2026-10-01T11:59:50.123456Z',
    from: FIXTURE_WALLETS.payer,
    to: FIXTURE_WALLETS.merchant,
    amount: 4.99,
    amountMinUnits: '4990000',
    currencyId: FIXTURE_CURRENCY.id,
    currency: FIXTURE_CURRENCY,
    transactionHash: FIXTURE_TX_HASH,
    test: false,
    organizationId: 9,
    userId: 12,
    name: 'Blue T-shirt',
    description: 'Size M, with a <logo> & more',
    productId: 42,
    customerUUID: FIXTURE_IDS.customer,
    customerReference: 'customer-7',
    metadata: {
      feeBps: 150,
      txMetadata: { ...FIXTURE_ON_CHAIN, mainCurrencyPriceUSD: FIXTURE_COIN_PRICE_USD },
      txAmounts: FIXTURE_BILL_SHARES,
    },
    subscriptionUUID: FIXTURE_IDS.subscription,
  },
};

const transition: Fields = {
  subscriptionUUID: FIXTURE_IDS.subscription,
  subscriptionReference: FIXTURE_REFERENCE,
  type: 'status_transition',
  data: {
    previousStatus: 'active',
    currentStatus: 'past_due',
    updatedAt: '2026-11-01T12:00:05.5Z',
  },
};

/** Makers of v1 bodies. They describe what the v2 fixtures describe; every call gives a fresh object. */
export const v1Fixtures = {
  paymentCompleted: transactionMaker(payment),
  subscriptionCreated: transactionMaker(subscription),
  paymentExpired: transactionMaker({ ...payment, status: statusOf('expired') }),
  paymentPending: transactionMaker({
    ...payment,
    status: statusOf('pending', FIXTURE_TX_HASH, 'Waiting for the chain'),
  }),
  paymentFailed: transactionMaker({
    ...payment,
    status: statusOf('failed', FIXTURE_TX_HASH, 'The transaction was reverted'),
  }),
  subscriptionBilled: subscriptionMaker(bill),
  subscriptionStatusChanged: subscriptionMaker(transition),
  /** What the dashboard's "test webhook" sends; `signDelivery` gives it the id that marks it. */
  connectivityTest: transactionMaker({
    uuid: 'test-webhook-id',
    txType: 'payment',
    status: { status: 'completed' },
  }),
  /** From a server of SDK 1.x, which names the type in the status and lists whole currencies. */
  paymentCompletedSdk1: transactionMaker({
    uuid: FIXTURE_IDS.payment,
    status: { type: 'payment', ...completed },
    session: { ...paymentSession, availableCurrencies: [FIXTURE_CURRENCY] },
    managementPageLink: payment['managementPageLink'],
  }),
} as const;

function transactionMaker(
  base: Fields,
): (overrides?: V1TransactionOverrides) => V1TransactionWebhook {
  return (overrides = {}) => merge(base, overrides, ['status', 'session']);
}

function subscriptionMaker(
  base: Fields,
): (overrides?: V1SubscriptionOverrides) => V1SubscriptionWebhook {
  return (overrides = {}) => merge(base, overrides, ['data']);
}

function merge(base: Fields, overrides: Fields, deep: readonly string[]): Fields {
  const merged: Record<string, unknown> = { ...base, ...overrides };
  for (const field of deep) {
    const change = overrides[field];
    if (typeof change === 'object' && change !== null)
      merged[field] = { ...Object(base[field]), ...change };
  }
  return copyOf(merged);
}
