import * as z from 'zod';
import { lazily } from '../lazily.js';

/**
 * The kinds of field both generations' bodies are made of. Servers drop zero values, so each may be absent or null;
 * a value of another JSON type is refused. None converts anything.
 */
export const fieldKinds = lazily(() => {
  const text = z.string().nullish();
  // A JSON number.
  const number = z.number().nullish();
  // `true` or `false`.
  const flag = z.boolean().nullish();
  const numberOrText = z.union([z.number(), z.string()]).nullish();
  // What is paid is not kept from its handlers because an amount beside it is text where the protocol says number, or
  // the other way round: both pass as they are, and the types promise what the protocol does.
  // USD as a number.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const usd = numberOrText as unknown as typeof number;
  // USD as a decimal string.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const usdText = numberOrText as unknown as typeof text;
  // A list of currency ids.
  const ids = z.array(z.number()).nullish();
  // An object whose fields this kit does not look at.
  const anyObject = z.looseObject({}).nullish();
  // A period.
  const period = z.looseObject({ value: number, unit: text }).nullish();

  const currencyFields = {
    id: number,
    name: text,
    symbol: text,
    decimals: number,
    address: text,
    mainCurrencyId: number,
    test: flag,
  };

  // A currency; a main currency has none above it, so a hostile body cannot make validation recurse.
  const currency = z
    .looseObject({ ...currencyFields, mainCurrency: z.looseObject(currencyFields).nullish() })
    .nullish();

  // How a transaction was split; what is in its parts is kept as sent.
  const metadata = z
    .looseObject({
      feePercent: number,
      organizationFee: anyObject,
      referralFee: anyObject,
      txMetadata: anyObject,
      txAmounts: anyObject,
    })
    .nullish();

  // What a payment, a bill and a payout of held funds have in common.
  const transferFields = {
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

  // What a payment and a bill have in common.
  const settledFields = {
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

  // A subscription's bill; v1's after its fields took v2's names.
  const bill = z.looseObject({
    ...settledFields,
    subscriptionUuid: text,
    subscriptionReference: text,
    subscriptionStatus: text,
    periodStart: text,
    periodEnd: text,
  });

  return {
    text,
    number,
    flag,
    usd,
    usdText,
    ids,
    anyObject,
    period,
    currency,
    transferFields,
    settledFields,
    bill,
  };
});
