import { failureAhead } from '../state/billing-failure.js';
import type { BillingFailureReason, FailedBill, Session, Subscription } from '../state/sessions.js';
import { rfc3339 } from '../time.js';
import type { JsonObject } from './canonical-json.js';
import { decimal } from './demo-data.js';

/** v2's code of a failure, beside its reason. */
const FAILURE_CODES: Readonly<Record<BillingFailureReason, string>> = {
  insufficientBalance: 'insufficient_balance',
  allowanceExhausted: 'allowance_exhausted',
  approvalRevoked: 'approval_revoked',
  maxAmountExceeded: 'max_amount_exceeded',
  other: 'transaction_failed',
};

/** What a try to collect a bill came to: its amount is a decimal string. */
export function failureV2({ terms }: Session, bill: FailedBill): JsonObject {
  const { uuid, reason, attempt, remainingAttempts, nextAttemptAt } = bill;
  return {
    reason,
    failureCode: FAILURE_CODES[reason],
    billUuid: uuid,
    amountUsd: decimal(terms.price),
    attempt,
    remainingAttempts,
    nextAttemptAt: nextAttemptAt === undefined ? undefined : rfc3339(nextAttemptAt),
  };
}

/** The bill that is due next, and whether it can be collected: its amount is a number. */
export function upcomingBillV2({ terms }: Session, subscription: Subscription): JsonObject {
  const { status, currentPeriodEnd } = subscription;
  const failure = failureAhead(subscription);
  return {
    billingDate: rfc3339(currentPeriodEnd),
    amountUsd: terms.price,
    trialEnding: status === 'trial',
    balanceSufficient: failure !== 'insufficientBalance',
    allowanceSufficient: failure !== 'allowanceExhausted' && failure !== 'approvalRevoked',
  };
}

/** When a subscription is billed next: the retry of a bill that failed, or the end of its period. */
export function nextBillingDateOf({
  status,
  currentPeriodEnd,
  failedBill,
}: Subscription): string | undefined {
  const at = status === 'pastDue' ? failedBill?.nextAttemptAt : currentPeriodEnd;
  const isComing = status === 'trial' || status === 'active' || status === 'pastDue';
  return isComing && at !== undefined ? rfc3339(at) : undefined;
}
