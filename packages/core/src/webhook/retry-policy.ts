import { askedDelayMs, isQBitFlowError } from '../errors.js';
import { backoffDelay, type Backoff } from '../clock.js';
import type { TakenDelivery } from '../store/durable-store.js';
import type { DispatchResult, HandlerFailure } from './run-handlers.js';

/** What becomes of a delivery after an attempt. */
export type AttemptOutcome =
  | { readonly to: 'done' }
  | {
      readonly to: 'due';
      readonly delayMs: number;
      readonly error: string;
      readonly counted: boolean;
    }
  | { readonly to: 'dead'; readonly error: string };

/** The rules of retrying. */
export interface RetryRules extends Backoff {
  readonly maxAttempts: number;
  /** How long a delivery may be put off, in ms since it was recorded or replayed. */
  readonly giveUpAfterMs: number;
  readonly random: () => number;
  /** Ms since 1970. */
  readonly now: () => number;
}

/** What deciding needs to know of the delivery. */
type Attempted = Pick<TakenDelivery, 'started' | 'lapsed' | 'dueSince'>;

/** A reason is read by people, and kept with the delivery. */
const LONGEST_REASON = 2_000;

/**
 * Done when every handler succeeded; dead when no further attempt can help or none is left; else due again. One
 * failure that may pass is worth another attempt for all that failed. To be put off (`RetryLater`) is no failure: where
 * nothing else went wrong it is no attempt, and bounded by time alone.
 */
export function decideOutcome(
  { failures }: DispatchResult,
  delivery: Attempted,
  rules: RetryRules,
): AttemptOutcome {
  if (failures.length === 0) return { to: 'done' };
  const error = reasonOf(failures);
  if (failures.every(isHopeless)) return { to: 'dead', error };
  const now = rules.now();
  const asked = failures
    .map((failure) => askedDelayMs(failure.error, now))
    .filter((delay) => delay !== undefined);
  const isPutOff = asked.length === failures.length;
  const asksTooLong = now - delivery.dueSince >= rules.giveUpAfterMs;
  if (isPutOff ? asksTooLong : delivery.started >= rules.maxAttempts)
    return { to: 'dead', error: isPutOff ? putOffTooLong(rules, error) : error };
  const usual = (): number => backoffDelay(delivery.started, rules, rules.random);
  const delayMs = asked.length > 0 ? Math.max(...asked) : usual();
  // What had an unfinished start has finished one now: counting it clears it of the suspicion.
  return { to: 'due', delayMs, error, counted: !isPutOff || delivery.lapsed };
}

function reasonOf(failures: readonly HandlerFailure[]): string {
  const reason = failures.map(({ handler, error }) => `${handler}: ${error.message}`).join('; ');
  return reason.length > LONGEST_REASON ? `${reason.slice(0, LONGEST_REASON)}…` : reason;
}

function putOffTooLong({ giveUpAfterMs }: RetryRules, error: string): string {
  return `put off for longer than giveUpAfterMs (${giveUpAfterMs} ms): ${error}`;
}

function isHopeless({ error }: HandlerFailure): boolean {
  return isQBitFlowError(error) && error.code === 'unrecoverable';
}
