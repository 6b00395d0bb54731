/** What a session is for. */
export type SessionKind = 'payment' | 'subscription';

/** A length of time as a merchant writes it, e.g. `{ value: 1, unit: 'months' }`. */
export interface SessionPeriod {
  readonly value: number;
  readonly unit: string;
}

/** A line of the merchant's own on top of the price. */
export interface SessionFee {
  readonly label: string;
  readonly description?: string | undefined;
  readonly amountUsd: number;
}

/** What a customer pays beside the price. */
export interface SessionFees {
  /** Whether the customer bears QBitFlow's processing fee. The sandbox's dashboard says no. */
  readonly processingFee: boolean;
  readonly items: readonly SessionFee[];
}

/** What the merchant asked for, under one set of names for both API generations. */
export interface SessionTerms {
  readonly kind: SessionKind;
  /** `payment`, `createSubscription` or, from SDK 1.x, `createPAYGSubscription`. */
  readonly txType: string;
  /** What `{{TRANSACTION_TYPE}}` becomes: the type, or what SDK 1.x pages show instead. */
  readonly placeholderType: string;
  /** Opened through SDK 1.x's route: its v1 webhooks have the type in `status.type`. */
  readonly legacy: boolean;
  readonly productId?: number | undefined;
  readonly productUuid?: string | undefined;
  readonly productReference?: string | undefined;
  readonly productName: string;
  readonly description?: string | undefined;
  /** USD. */
  readonly price: number;
  /** On top of the price of a v2 payment. */
  readonly fees?: SessionFees | undefined;
  /** The merchant's order id. */
  readonly reference?: string | undefined;
  readonly successUrl?: string | undefined;
  readonly cancelUrl?: string | undefined;
  /** Where older v1 integrations want this session's webhooks. */
  readonly webhookUrl?: string | undefined;
  readonly customerUuid?: string | undefined;
  readonly customerReference?: string | undefined;
  readonly frequency?: SessionPeriod | undefined;
  readonly trialPeriod?: SessionPeriod | undefined;
  readonly minPeriods?: number | undefined;
  /** Minutes until the link ends; QBitFlow's own default is 24 hours. */
  readonly expiresInMinutes?: number | undefined;
  /** The marketplace member in whose space it was opened. */
  readonly userUuid?: string | undefined;
}

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
