/** Of v2's subscription statuses those that the sandbox knows. */
export type SubscriptionStatus = 'trial' | 'active' | 'cancelled';

/** One bill of a subscription. All times in ms since 1970. */
export interface SubscriptionBill {
  /** `sub-hist@<uuid>`. */
  readonly uuid: string;
  readonly txHash: string;
  readonly at: number;
  readonly periodStart: number;
  readonly periodEnd: number;
}

/** What a paid subscription session became. All times in ms since 1970. */
export interface Subscription {
  readonly status: SubscriptionStatus;
  /** Before its latest change, if it ever changed. */
  readonly previousStatus?: SubscriptionStatus;
  readonly updatedAt: number;
  readonly currentPeriodEnd: number;
  /** A subscription in its trial has none yet. */
  readonly lastBill?: SubscriptionBill;
  /** How many bills there were. */
  readonly billCount: number;
  readonly cancelledAt?: number;
}
