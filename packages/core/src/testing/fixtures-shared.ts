/**
 * What the fixtures of both generations are about: by default they describe the same payment and subscription.
 * @example
 * ```js
 * import { FIXTURE_IDS, fixtures } from '@qbitflow/core/testing';
 *
 * console.assert(fixtures.v2['payment.completed']().data.uuid === FIXTURE_IDS.payment);
 * ```
 */
export const FIXTURE_IDS = {
  payment: 'pay@01a0c0c7-5a6b-4c7d-8e9f-0a1b2c3d4e5f',
  subscription: 'sub@02b1d1d8-6b7c-4d8e-9fa0-1b2c3d4e5f60',
  bill: 'sub-hist@03c2e2e9-7c8d-4e9f-a0b1-2c3d4e5f6071',
  refund: 'refund@04d3f3fa-8d9e-4fa0-b1c2-3d4e5f607182',
  transfer: 'transfer@05e4040b-9eaf-40b1-82d3-4e5f60718293',
  product: '06f5151c-afb0-41c2-93e4-5f60718293a4',
  customer: '0706262d-b0c1-42d3-a4f5-60718293a4b5',
  member: '0817373e-c1d2-43e4-b506-718293a4b5c6',
  endpoint: '0928484f-d2e3-44f5-8617-8293a4b5c6d7',
  space: '0a395950-e3f4-4506-9728-93a4b5c6d7e8',
  invitation: '0b4a6a61-f405-4617-a839-a4b5c6d7e8f9',
} as const;

/** The transaction hash in the fixtures. */
export const FIXTURE_TX_HASH = '0x9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

/** The merchant's order id in the fixtures. */
export const FIXTURE_REFERENCE = 'order-1042';

/** The wallets in the fixtures. */
export const FIXTURE_WALLETS = {
  payer: '0x1111111111111111111111111111111111111111',
  merchant: '0x2222222222222222222222222222222222222222',
} as const;

/** The coin of the fixtures, and the coin of its chain. */
export const FIXTURE_CURRENCY = {
  id: 3,
  name: 'USD Coin',
  symbol: 'USDC',
  decimals: 6,
  address: '0x3333333333333333333333333333333333333333',
  mainCurrencyId: 1,
  mainCurrency: {
    id: 1,
    name: 'Ether',
    symbol: 'ETH',
    decimals: 18,
    address: '',
    mainCurrency: null,
    test: false,
  },
  test: false,
} as const;

/** Where the transaction in the fixtures stands on its chain. */
export const FIXTURE_ON_CHAIN = {
  networkFees: { amount: '21000000000000', unitsConsumed: 21_000, l1Fee: '0' },
  blockData: { number: '21000000', timestamp: 1_790_855_990 },
} as const;

/** What the chain's coin costs in the fixtures, in USD. */
export const FIXTURE_COIN_PRICE_USD = 2500.5;

/** How the 4.99 USD of a bill are split. */
export const FIXTURE_BILL_SHARES = {
  usd: { platform: 0.07, merchant: 4.92, networkFee: 0.05 },
  minUnits: {
    platform: '74850',
    organization: '0',
    referral: '0',
    merchant: '4915150',
    networkFee: '50000',
  },
} as const;

/** A deep copy of a JSON value. jsdom has no `structuredClone`. */
export function copyOf<Value>(value: Value): Value {
  return globalThis.structuredClone?.(value) ?? JSON.parse(JSON.stringify(value));
}
