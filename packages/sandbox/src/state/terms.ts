import type { SessionPeriod, SessionTerms } from './sessions.js';
import type { JsonObject } from '../wire/demo-data.js';

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

const SECONDS: Readonly<Record<string, number>> = {
  seconds: 1,
  minutes: 60,
  hours: 3_600,
  days: 86_400,
  weeks: 604_800,
  months: 2_592_000,
  years: 31_536_000,
};

const MONTHLY: SessionPeriod = { value: 1, unit: 'months' };

/** In what both generations count. */
export const UNITS: readonly string[] = Object.keys(SECONDS);

/** A period in seconds, as v1's sessions give it; a month is 30 days, a year 365. */
export function secondsOf(period: SessionPeriod): number {
  return period.value * (SECONDS[period.unit] ?? 1);
}

/** How often a subscription is billed: monthly where the merchant did not say. */
export function frequencyOf({ frequency = MONTHLY }: SessionTerms): SessionPeriod {
  return frequency;
}
