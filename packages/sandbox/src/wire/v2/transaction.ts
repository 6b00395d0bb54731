import { rfc3339 } from '../../rfc3339.js';
import type { Session } from '../../state/session.js';
import { cast, explorerUrl, minUnits, type JsonObject } from '../cast.js';

/** What a payment and a bill have in common, in v2's names. */
export function settledFacts(session: Session): JsonObject {
  const { terms, txHash, customerUuid } = session;
  const paidAt = rfc3339(session.completedAt ?? session.createdAt);
  return {
    createdAt: paidAt,
    from: cast.customerWallet,
    to: cast.merchantWallet,
    amount: terms.price,
    amountMinUnits: minUnits(terms.price),
    currencyId: cast.currency.id,
    currency: cast.currency,
    txHash,
    chain: cast.chain,
    explorerUrl: explorerUrl(txHash),
    test: true,
    name: terms.productName,
    description: terms.description,
    productUuid: terms.productUuid,
    customerUuid,
    customerReference: terms.customerReference,
    metadata: metadataOf(terms.price, session.completedAt ?? session.createdAt),
    confirmedAt: paidAt,
    paidMinUnits: minUnits(terms.price),
    paidUsd: terms.price,
  };
}

/** The payment that a completed session became, in v2's names. */
export function paymentV2(session: Session): JsonObject {
  const { terms } = session;
  return {
    uuid: session.uuid,
    ...settledFacts(session),
    reference: terms.reference,
    price: terms.price,
    fees: [{ type: 'platform', label: 'QBitFlow fee', amountUsd: feeOf(terms.price) }],
    checkoutOpenedAt: rfc3339(session.createdAt),
  };
}

function feeOf(usd: number): number {
  return Math.round(usd * 1.5) / 100;
}

function metadataOf(usd: number, at: number): JsonObject {
  const platform = feeOf(usd);
  const merchant = Math.round((usd - platform) * 100) / 100;
  return {
    feePercent: 1.5,
    txMetadata: {
      networkFees: { amount: '21000', unitsConsumed: '21000' },
      blockData: { number: Math.floor(at / 12_000), timestamp: Math.floor(at / 1000) },
    },
    txAmounts: {
      usd: { platform, merchant },
      minUnits: { platform: minUnits(platform), merchant: minUnits(merchant) },
    },
  };
}
