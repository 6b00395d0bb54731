/** The people, places and coins of the sandbox's world: the same in every body it sends. */
export const cast = {
  merchantWallet: '0x00000000000000000000000000000000000a11ce',
  customerWallet: '0x0000000000000000000000000000000000000b0b',
  organizationName: 'Sandbox Shop',
  organizationId: 1,
  userName: 'Sandy Merchant',
  userId: 1,
  /** Of what is sold inline: QBitFlow makes a product of it. */
  productUuid: '00000000-0000-4000-8000-00000000000a',
  productId: 1,
  chain: 'sandbox',
  currency: {
    id: 1,
    name: 'USD Coin',
    symbol: 'USDC',
    decimals: 6,
    address: '0x0000000000000000000000000000000000005dc0',
    mainCurrency: null,
    test: true,
  },
} as const;

/** A body, or part of one, before it becomes JSON: fields that are `undefined` are left out, as servers do. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** USD as the coin's smallest units: a decimal string. */
export function minUnits(usd: number): string {
  return String(BigInt(Math.round(usd * 10 ** cast.currency.decimals)));
}

/** Where the sandbox "shows" a transaction. Nobody is there. */
export function explorerUrl(txHash: string): string {
  return `https://explorer.invalid/tx/${txHash}`;
}
