import { FIXTURE_IDS, FIXTURE_REFERENCE, FIXTURE_TX_HASH } from './fixture-ids.js';

type Fields = Readonly<Record<string, unknown>>;

const PAYER = '0x1111111111111111111111111111111111111111';
const MERCHANT = '0x2222222222222222222222222222222222222222';
const MANAGEMENT_PAGE = 'https://qbitflow.app/manage?id=1042&token=a1b2';

const currency: Fields = {
  id: 3,
  name: 'USD Coin',
  symbol: 'USDC',
  decimals: 6,
  address: '0x3333333333333333333333333333333333333333',
  mainCurrencyId: 1,
  mainCurrency: { id: 1, name: 'Ether', symbol: 'ETH', decimals: 18, address: '', test: false },
  test: false,
};

const chainLinks: Fields = {
  txHash: FIXTURE_TX_HASH,
  chain: 'ETH',
  explorerUrl: `https://explorer.example/tx/${FIXTURE_TX_HASH}`,
};

const metadata: Fields = {
  feePercent: 1.5,
  txMetadata: {
    networkFees: { amount: '21000000000000', unitsConsumed: 21000, l1Fee: '0' },
    blockData: { number: '21000000', timestamp: 1_790_855_990 },
    mainCurrencyPriceUsd: 2500.5,
  },
  txAmounts: {
    usd: { platform: 0.07, merchant: 4.92, networkFee: 0.05 },
    minUnits: {
      platform: '74850',
      organization: '0',
      referral: '0',
      merchant: '4915150',
      networkFee: '50000',
    },
  },
};

const settled: Fields = {
  createdAt: '2026-10-01T11:59:50.123456Z',
  from: PAYER,
  to: MERCHANT,
  amount: 4.99,
  amountMinUnits: '4990000',
  currencyId: 3,
  currency,
  ...chainLinks,
  test: false,
  name: 'Blue T-shirt',
  description: 'Size M, with a <logo> & more',
  productUuid: FIXTURE_IDS.product,
  customerUuid: FIXTURE_IDS.customer,
  customerReference: 'customer-7',
  metadata,
  confirmedAt: '2026-10-01T11:59:58+00:00',
  paidMinUnits: '4990000',
  paidUsd: 4.99,
};

/** `data` of `payment.completed`. */
export const payment: Fields = {
  ...settled,
  uuid: FIXTURE_IDS.payment,
  reference: FIXTURE_REFERENCE,
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
export const bill: Fields = {
  ...settled,
  uuid: FIXTURE_IDS.bill,
  subscriptionUuid: FIXTURE_IDS.subscription,
  subscriptionReference: FIXTURE_REFERENCE,
  subscriptionStatus: 'active',
  periodStart: '2026-10-01T12:00:00Z',
  periodEnd: '2026-11-01T12:00:00Z',
};

/** `data` of `subscription.created`, and the greater part of every other subscription event's. */
export const subscription: Fields = {
  uuid: FIXTURE_IDS.subscription,
  reference: FIXTURE_REFERENCE,
  createdAt: '2026-10-01T12:00:00.000001Z',
  updatedAt: '2026-10-01T12:00:00.000001Z',
  from: PAYER,
  to: MERCHANT,
  productUuid: FIXTURE_IDS.product,
  subscriptionHash: '0x4444444444444444444444444444444444444444444444444444444444444444',
  currencyId: 3,
  currency,
  frequency: { value: 1, unit: 'months' },
  allowance: '59880000',
  status: 'active',
  actionRequired: null,
  currentPeriodEnd: '2026-11-01T12:00:00Z',
  priceUsd: '4.99',
  maxAmountPerPeriod: '5500000',
  lastBillingDate: '2026-10-01T12:00:00Z',
  nextBillingDate: '2026-11-01T12:00:00Z',
  test: false,
  customerUuid: FIXTURE_IDS.customer,
  customerReference: 'customer-7',
  managementPageLink: MANAGEMENT_PAGE,
};

/** `data` of the `refund.*` events; their statuses differ. */
export const refund: Fields = {
  uuid: FIXTURE_IDS.refund,
  txUuid: FIXTURE_IDS.payment,
  reason: 'The shirt does not fit',
  status: 'pending',
  createdAt: '2026-10-02T09:00:00Z',
  merchantMessage: '',
  respondedAt: null,
  test: false,
  ...chainLinks,
  initiatedBy: 'customer',
  held: false,
  paidMinUnits: '4990000',
  paidUsd: 4.99,
  refundPercent: 100,
  amountMinUnits: '4990000',
  amountUsd: 4.99,
  currencyId: 3,
  metadata: null,
};

/** `data` of `heldFunds.released`. */
export const heldFunds: Fields = {
  uuid: FIXTURE_IDS.transfer,
  createdAt: '2026-10-03T09:00:00Z',
  from: PAYER,
  to: MERCHANT,
  amount: 4.99,
  amountMinUnits: '4990000',
  currencyId: 3,
  currency,
  ...chainLinks,
  test: false,
  userUuid: FIXTURE_IDS.member,
  received: true,
  type: 'heldFundsRelease',
  txMetadata: { blockData: { number: '21000100', timestamp: 1_791_018_000 } },
  ledgers: [{ txUuid: FIXTURE_IDS.payment, amountMinUnits: '4990000' }],
};
