import { isQBitFlowError, type RetryLater } from '../../errors.js';
import { backoffDelay, type Backoff } from './backoff.js';
import type { DispatchResult, HandlerFailure } from './dispatch-to-handlers.js';

/** What becomes of a delivery after an attempt. */
export type AttemptOutcome =
  | { readonly to: 'done' }
  | { readonly to: 'due'; readonly delayMs: number; readonly error: string }
  | { readonly to: 'dead'; readonly error: string };

/** The rules of retrying. */
export interface RetryRules extends Backoff {
  readonly maxAttempts: number;
  readonly random: () => number;
}

/**
 * Done when every handler succeeded; dead when no further attempt can help or none is left; else due again. One
 * failure that may pass is worth another attempt for all that failed.
 */
export function decideOutcome(
  { failures }: DispatchResult,
  attempt: number,
  rules: RetryRules,
): AttemptOutcome {
  if (failures.length === 0) return { to: 'done' };
  const error = failures
    .map(({ handler, error: { message } }) => `${handler}: ${message}`)
    .join('; ');
  if (attempt >= rules.maxAttempts || failures.every(isHopeless)) return { to: 'dead', error };
  const asked = failures.map(askedDelay).filter((delay) => delay !== undefined);
  const delayMs =
    asked.length > 0 ? Math.max(...asked) : backoffDelay(attempt, rules, rules.random);
  return { to: 'due', delayMs, error };
}

function isHopeless({ error }: HandlerFailure): boolean {
  return isQBitFlowError(error) && error.code === 'unrecoverable';
}

function askedDelay({ error }: HandlerFailure): number | undefined {
  return isRetryLater(error) ? Math.max(0, error.delayMs) : undefined;
}

function isRetryLater(error: Error): error is RetryLater {
  return isQBitFlowError(error) && error.code === 'retry_later' && 'delayMs' in error;
}
