import { z } from 'zod';
import { anyObject, flag, number, text, usd } from './fields.js';

const currencyFields = {
  id: number,
  name: text,
  symbol: text,
  decimals: number,
  address: text,
  mainCurrencyId: number,
  test: flag,
};

/** A currency; a main currency has none above it, so a hostile body cannot make validation recurse. */
export const currency = z
  .looseObject({ ...currencyFields, mainCurrency: z.looseObject(currencyFields).nullish() })
  .nullish();

/** How a transaction was split; what is in its parts is kept as sent. */
export const metadata = z
  .looseObject({
    feePercent: number,
    organizationFee: anyObject,
    referralFee: anyObject,
    txMetadata: anyObject,
    txAmounts: anyObject,
  })
  .nullish();

/** What a payment, a bill and a payout of held funds have in common. */
export const transferFields = {
  uuid: text,
  createdAt: text,
  from: text,
  to: text,
  amount: number,
  amountMinUnits: text,
  currencyId: number,
  currency,
  txHash: text,
  chain: text,
  explorerUrl: text,
  test: flag,
  userUuid: text,
};

/** What a payment and a bill have in common. */
export const settledFields = {
  ...transferFields,
  name: text,
  description: text,
  productUuid: text,
  customerUuid: text,
  customerReference: text,
  metadata,
  confirmedAt: text,
  paidMinUnits: text,
  paidUsd: usd,
};

/** A subscription's bill; v1's after its fields took v2's names. */
export const billSchema = z.looseObject({
  ...settledFields,
  subscriptionUuid: text,
  subscriptionReference: text,
  subscriptionStatus: text,
  periodStart: text,
  periodEnd: text,
});
