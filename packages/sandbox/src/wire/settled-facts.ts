import { rfc3339 } from '../rfc3339.js';
import type { SessionTerms } from '../state/session.js';
import { amountOf, feeOf } from './amount.js';
import { cast, explorerUrl, minUnits, type JsonObject } from './cast.js';

/** One transfer on the chain. */
export interface Settlement {
  readonly txHash: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly customerUuid: string | undefined;
}

/** What a payment and a bill have in common, in v2's names. */
export function settledFacts(terms: SessionTerms, settlement: Settlement): JsonObject {
  const { txHash, at, customerUuid } = settlement;
  const amount = amountOf(terms);
  return {
    createdAt: rfc3339(at),
    from: cast.customerWallet,
    to: cast.merchantWallet,
    amount,
    amountMinUnits: minUnits(amount),
    currencyId: cast.currency.id,
    currency: cast.currency,
    txHash,
    chain: cast.chain,
    explorerUrl: explorerUrl(txHash),
    test: true,
    name: terms.productName,
    description: terms.description ?? '',
    productUuid: terms.productUuid ?? cast.productUuid,
    customerUuid,
    customerReference: terms.customerReference,
    metadata: metadataOf(amount, at),
    confirmedAt: rfc3339(at),
    paidMinUnits: minUnits(amount),
    paidUsd: amount,
  };
}

/** How a price was split and where that stands on the chain, in v2's names and types (protocol §6). */
function metadataOf(usd: number, at: number): JsonObject {
  return {
    feePercent: 1.5,
    txMetadata: { ...onChain(at), mainCurrencyPriceUsd: COIN_PRICE_USD },
    txAmounts: sharesOf(usd),
  };
}

/** The same, in v1's: fees in hundredths of a percent. */
export function metadataV1(usd: number, at: number): JsonObject {
  return {
    feeBps: 150,
    txMetadata: { ...onChain(at), mainCurrencyPriceUSD: COIN_PRICE_USD },
    txAmounts: sharesOf(usd),
  };
}

const COIN_PRICE_USD = 2500.5;

function onChain(at: number): JsonObject {
  return {
    networkFees: { amount: '21000', unitsConsumed: 21_000, l1Fee: '0' },
    blockData: { number: String(Math.floor(at / 12_000)), timestamp: Math.floor(at / 1000) },
  };
}

function sharesOf(usd: number): JsonObject {
  const platform = feeOf(usd);
  const merchant = Math.round((usd - platform) * 100) / 100;
  return {
    usd: { platform, merchant },
    minUnits: {
      platform: minUnits(platform),
      organization: '0',
      referral: '0',
      merchant: minUnits(merchant),
    },
  };
}
