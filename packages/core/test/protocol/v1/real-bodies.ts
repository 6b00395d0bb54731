/** Bodies as v1's servers write them, taken from the protocol and not from fixtures or the sandbox. */

const UUID = '5b1f3c9e-7a42-4d55-9a0e-8c1d2e3f4a5b';
export const PAYMENT = `pay@${UUID}`;
export const SUBSCRIPTION = `sub@${UUID}`;
export const BILL = `sub-hist@${UUID}`;

/** A while before anything here happened, ms since 1970. */
export const BEFORE_MS = 1_793_999_000_000;

const currency = {
  id: 5,
  name: 'USD Coin',
  symbol: 'USDC',
  decimals: 6,
  address: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
  mainCurrencyId: 4,
  mainCurrency: { id: 4, name: 'Base Ether', symbol: 'ETH', decimals: 18, test: false },
  test: false,
};

export const metadata = {
  feeBps: 150,
  organizationFee: { organizationId: 9, organization: 'Example Shop', feeBps: 29 },
  referralFee: { referralId: 31, feeBps: 1000 },
  txMetadata: {
    networkFees: { amount: '1200000000000', unitsConsumed: 65_000, l1Fee: '3100000' },
    blockData: { number: '38125001', timestamp: 1_794_000_000 },
    mainCurrencyPriceUSD: 3120.55,
  },
  txAmounts: {
    usd: { platform: 0.19, merchant: 12.3 },
    minUnits: { platform: '187350', organization: '0', referral: '0', merchant: '12302650' },
  },
};

/** `GET /transaction/payment/:uuid`. */
export const paymentRead = {
  uuid: PAYMENT,
  createdAt: '2026-11-06T22:20:05.123456+01:00',
  from: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
  to: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
  amount: 12.49,
  amountMinUnits: '12490000',
  currencyId: 5,
  currency,
  transactionHash: '0x1d6f',
  test: false,
  organizationId: 9,
  userId: 12,
  reference: 'order-77',
  name: 'Teapot',
  description: 'Holds a litre',
  productId: 42,
  customerUUID: 'c5e7a1aa-58bd-4c8f-9c55-0d0f9a3be001',
  customerReference: 'customer-7',
  metadata,
};

/** `GET /transaction/subscription/:uuid`. */
export const subscriptionRead = {
  uuid: SUBSCRIPTION,
  reference: 'club-5',
  createdAt: '2026-11-06T22:20:05.123456+01:00',
  updatedAt: '2026-11-06T22:20:05.123456+01:00',
  from: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
  to: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
  productId: 42,
  subscriptionHash: '0x77aa',
  currencyId: 5,
  currency,
  frequency: 2_592_000,
  allowance: '149880000',
  subscriptionStatus: 'active',
  stopped: false,
  organizationId: 9,
  userId: 12,
  lastBillingDate: '2026-11-06T21:20:05Z',
  nextBillingDate: '2026-12-06T21:20:05Z',
  test: false,
  customerUUID: 'c5e7a1aa-58bd-4c8f-9c55-0d0f9a3be001',
  customerReference: 'customer-7',
};

/** The subscription webhook of type `billing`. */
export const billing = {
  subscriptionUUID: SUBSCRIPTION,
  subscriptionReference: 'club-5',
  type: 'billing',
  data: {
    uuid: BILL,
    createdAt: '2026-11-06T21:20:05Z',
    from: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
    to: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
    amount: 12.49,
    amountMinUnits: '12490000',
    currencyId: 5,
    currency,
    transactionHash: '0x88bb',
    test: false,
    organizationId: 9,
    userId: 12,
    name: 'Tea club',
    description: 'A box each month',
    productId: 42,
    customerUUID: 'c5e7a1aa-58bd-4c8f-9c55-0d0f9a3be001',
    metadata,
  },
};

const session = {
  uuid: PAYMENT,
  reference: 'order-77',
  productId: 42,
  productReference: 'teapot',
  productName: 'Teapot',
  description: 'Holds a litre',
  price: 12.49,
  successUrl: 'https://shop.example/thanks?uuid={{UUID}}&type={{TRANSACTION_TYPE}}',
  cancelUrl: 'https://shop.example/cart',
  organizationId: 9,
  organizationName: 'Example Shop',
  feeBps: 150,
  organizationFeeBps: 0,
  userId: 12,
  userName: 'Ada Lovelace',
  test: false,
  customerUUID: null,
  txType: 'payment',
  availableCurrencies: [4, 5],
};

/** The transaction webhook. */
export const transaction = {
  uuid: PAYMENT,
  txType: 'payment',
  status: { status: 'completed', txHash: '0x1d6f', message: '', settlementDetails: { any: 1 } },
  session,
  managementPageLink: 'https://qbitflow.app/m?id=1&k=2',
};

/** The same of a subscription, from a server of SDK 1.x: the type in the status, the terms under `options`. */
export const sdk1Transaction = {
  uuid: SUBSCRIPTION,
  status: { type: 'createSubscription', status: 'completed', txHash: '0x77aa' },
  session: {
    ...session,
    uuid: SUBSCRIPTION,
    txType: 'createSubscription',
    availableCurrencies: [currency],
    options: {
      subscriptionType: 'subscription',
      frequency: 2_592_000,
      trialPeriod: 604_800,
      freeCredits: 0,
      minPeriods: 3,
    },
  },
};
