import type { BillingFailureReason, RequiredAction, Subscription } from './sessions.js';

/** What a customer left undone, as the reason that it makes the next bill fail for. */
const UNDONE: Readonly<Record<RequiredAction, BillingFailureReason>> = {
  topUpAllowance: 'allowanceExhausted',
  raiseMaximum: 'maxAmountExceeded',
  confirmTrial: 'other',
};

/** Why the next bill by the calendar will fail; `undefined` where it will be collected. */
export function failureAhead({
  billsFail,
  actionRequired,
}: Subscription): BillingFailureReason | undefined {
  return billsFail ?? (actionRequired && UNDONE[actionRequired]);
}
