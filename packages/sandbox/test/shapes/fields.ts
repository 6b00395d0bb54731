import { z } from 'zod';

// What the fields of QBitFlow's bodies are made of, by the protocol alone: nothing here comes from the kit or the sandbox.

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

function idOf(...prefixes: readonly string[]) {
  return z.string().regex(new RegExp(`^(?:${prefixes.join('|')})${UUID}$`), prefixes.join(', '));
}

export const uuid = idOf('');
export const paymentId = idOf('pay@');
export const subscriptionId = idOf('sub@');
export const transactionId = idOf('pay@', 'sub@');
export const billId = idOf('sub-hist@');
export const refundId = idOf('refund@');
export const transferId = idOf('transfer@');
/** What can be refunded or held. */
export const paidId = idOf('pay@', 'sub-hist@', 'payg@');
export const eventId = idOf('evt_');

/** RFC 3339, with any offset and precision. */
export const time = z.iso.datetime({ offset: true });
export const unixSeconds = z.int().min(1_000_000_000).max(9_999_999_999);
export const seconds = z.int().positive();

/** A decimal string without a sign. */
export const decimal = z.string().regex(/^\d+(?:\.\d+)?$/, 'decimal string');
/** An amount of a coin's smallest units. */
export const minUnits = z.string().regex(/^\d+$/, 'decimal string of whole units');
export const usd = z.number().nonnegative();
export const percent = z.number().min(0).max(100);
/** Hundredths of a percent. */
export const bps = z.int().min(0).max(10_000);
export const count = z.int().nonnegative();

export const flag = z.boolean();
export const text = z.string();
/** A text that says something; the merchant's own ids too: v1 takes them as they are, and v2 shows them. */
export const words = z.string().min(1);
export const url = z.url({ protocol: /^https?$/ });

export const period = z.strictObject({
  value: z.int().positive(),
  unit: z.enum(['seconds', 'minutes', 'hours', 'days', 'weeks', 'months', 'years']),
});

const coin = {
  id: z.int().positive(),
  name: words,
  symbol: words,
  decimals: count,
  address: text,
  test: flag,
};

/** A chain's own coin has none above it. */
const mainCurrency = z.strictObject({ ...coin, mainCurrency: z.null() });

export const currency = z.union([
  mainCurrency,
  z.strictObject({ ...coin, mainCurrencyId: z.int().positive(), mainCurrency }),
]);

export const networkFees = z.strictObject({
  amount: minUnits,
  unitsConsumed: count,
  l1Fee: minUnits.optional(),
});

export const blockData = z.strictObject({ number: minUnits, timestamp: unixSeconds });

export const txAmounts = z.strictObject({
  usd: z.strictObject({
    platform: usd,
    organization: usd.optional(),
    referral: usd.optional(),
    merchant: usd,
    networkFee: usd.optional(),
  }),
  minUnits: z.strictObject({
    platform: minUnits,
    organization: minUnits,
    referral: minUnits,
    merchant: minUnits,
    networkFee: minUnits.optional(),
  }),
});

interface Shares {
  readonly platform: number | string;
  readonly organization?: number | string | undefined;
  readonly referral?: number | string | undefined;
  readonly merchant: number | string;
}

/** What everyone gets together; what the network took came on top. */
export function sumOf({ platform, organization = 0, referral = 0, merchant }: Shares): number {
  return [platform, organization, referral, merchant].reduce<number>(
    (sum, share) => sum + Number(share),
    0,
  );
}

/** Whether two amounts of USD are the same cent. */
export function sameUsd(a: number, b: number): boolean {
  return Math.abs(a - b) < 0.005;
}

/** v2's error of a field, and any text that an id of a request may be. */
export const requestId = z.string().regex(/^[A-Za-z0-9_.:-]{1,128}$/, 'request id');
