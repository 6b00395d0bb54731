import type { SessionPeriod, SessionTerms } from '../state/session.js';

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
