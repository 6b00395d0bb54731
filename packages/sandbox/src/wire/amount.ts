import type { SessionTerms } from '../state/session.js';
import type { JsonObject } from './cast.js';

/** QBitFlow's part of an amount: 1.5 %, in USD. */
export function feeOf(usd: number): number {
  return Math.round(usd * 1.5) / 100;
}

/** What the customer pays: the price and all fees, in USD. */
export function amountOf({ price, fees }: SessionTerms): number {
  if (fees === undefined) return price;
  const added = fees.items.map(({ amountUsd }) => amountUsd);
  if (fees.processingFee) added.push(feeOf(price));
  const sum = added.reduce((total, usd) => total + usd, price);
  return Math.round(sum * 1e6) / 1e6;
}

/** The fees in v2's words. */
export function feeLinesOf({ price, fees }: SessionTerms): readonly JsonObject[] {
  if (fees === undefined) return [];
  const lines: JsonObject[] = fees.items.map(({ label, description, amountUsd }) => ({
    type: 'custom',
    label,
    description,
    amountUsd: String(amountUsd),
  }));
  if (!fees.processingFee) return lines;
  const amountUsd = String(feeOf(price));
  return [...lines, { type: 'processingFee', label: 'Processing fee', amountUsd }];
}
