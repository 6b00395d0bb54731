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
  currency: {
    id: 1,
    name: 'USD Coin',
    symbol: 'USDC',
    decimals: 6,
    address: '0x0000000000000000000000000000000000005dc0',
    mainCurrencyId: 2,
    mainCurrency: {
      id: 2,
      name: 'Ether',
      symbol: 'ETH',
      decimals: 18,
      address: '',
      mainCurrency: null,
      test: true,
    },
    test: true,
  },
} as const;

/** USD as the coin's smallest units: a decimal string. */
export function minUnits(usd: number): string {
  return String(BigInt(Math.round(usd * 10 ** demo.currency.decimals)));
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
    usd: { platform, merchant: Number(rest) / 10 ** demo.currency.decimals },
    minUnits: {
      platform: minUnits(platform),
      organization: '0',
      referral: '0',
      merchant: String(rest),
    },
  };
}
