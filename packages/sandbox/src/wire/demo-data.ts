import type { Session } from '../state/sessions.js';
import { feeOf } from '../state/terms.js';
import type { JsonObject } from './canonical-json.js';

/** The people, places and coins of the sandbox's world: the same in every body it sends. */
export const demo = {
  merchantWallet: '0x00000000000000000000000000000000000a11ce',
  customerWallet: '0x0000000000000000000000000000000000000b0b',
  organizationName: 'Sandbox Shop',
  organizationId: 1,
  userName: 'Sandy Merchant',
  userId: 1,
  /** Of what is sold inline: QBitFlow makes a product of it. */
  productUuid: '00000000-0000-4000-8000-00000000000a',
  productId: 1,
  chain: 'ETH',
} as const;

/** The merchant's space, and its one webhook endpoint. */
export const space = {
  uuid: '00000000-0000-4000-8000-0000000000a0',
  name: demo.organizationName,
  /** Where all webhooks go, whatever its URL is. */
  endpointUuid: '00000000-0000-4000-8000-0000000000e0',
} as const;

const ETHER = {
  id: 2,
  name: 'Ether',
  symbol: 'ETH',
  decimals: 18,
  address: '',
  mainCurrency: null,
  test: true,
} as const;

/** Every coin has as many. */
export const COIN_DECIMALS = 6;
const coin = {
  decimals: COIN_DECIMALS,
  mainCurrencyId: 2,
  mainCurrency: ETHER,
  test: true,
} as const;

/** What customers can pay with; the first where they did not choose. */
export const currencies = [
  {
    id: 1,
    name: 'USD Coin',
    symbol: 'USDC',
    address: '0x0000000000000000000000000000000000005dc0',
    ...coin,
  },
  {
    id: 3,
    name: 'Tether USD',
    symbol: 'USDT',
    address: '0x0000000000000000000000000000000000005d70',
    ...coin,
  },
] as const;

/** Their ids. */
export const currencyIds: readonly number[] = currencies.map(({ id }) => id);

/** What a session was paid with. */
export function currencyOf({ currencyId }: Session): (typeof currencies)[number] {
  return currencies.find(({ id }) => id === currencyId) ?? currencies[0];
}

/** USD as the coin's smallest units: a decimal string. */
export function minUnits(usd: number): string {
  return String(BigInt(Math.round(usd * 10 ** COIN_DECIMALS)));
}

/** USD as a decimal string, never with an exponent. */
export function decimal(usd: number): string {
  return usd.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 });
}

/** Where the sandbox "shows" a transaction. The address leads nowhere. */
export function explorerUrl(txHash: string): string {
  return `https://explorer.invalid/tx/${txHash}`;
}

/** What the chain's own coin costs. */
export const COIN_PRICE_USD = 2500.5;

/** Where a transfer stands on the chain. */
export function onChain(at: number): JsonObject {
  return {
    networkFees: { amount: '21000', unitsConsumed: 21_000, l1Fee: '0' },
    blockData: { number: String(Math.floor(at / 12_000)), timestamp: Math.floor(at / 1000) },
  };
}

/** How a price is split: to the last of the coin's units. */
export function sharesOf(usd: number): JsonObject {
  const platform = feeOf(usd);
  const rest = BigInt(minUnits(usd)) - BigInt(minUnits(platform));
  return {
    usd: { platform, merchant: Number(rest) / 10 ** COIN_DECIMALS },
    minUnits: {
      platform: minUnits(platform),
      organization: '0',
      referral: '0',
      merchant: String(rest),
    },
  };
}
