import { isApiError } from './api-error.js';

const FIRST_WAIT_MS = 1000;
const LONGEST_ASKED_WAIT_MS = 60_000;
/** Spreads callers that failed together, on top of the wait the protocol names. */
const SPREAD = 0.25;

/** What decides about another attempt. */
export interface RetryQuestion {
  readonly error: unknown;
  readonly method: string;
  readonly hasIdempotencyKey: boolean;
  /** Retries made so far. */
  readonly retries: number;
  readonly maxRetries: number;
  readonly random: () => number;
}

/**
 * The wait (ms) before the next attempt, or `undefined` when there shall be none. The rules are the protocol's (§4):
 * only reads and creates with an idempotency key; on no answer, 5xx, 429 and `idempotency_key_in_use`; 1 s · 2^n, at
 * least what the API asks for, and not at all when it asks for more than 60 s.
 */
export function retryDelay(question: RetryQuestion): number | undefined {
  const { error, retries, maxRetries, random } = question;
  if (retries >= maxRetries || !isSafeToRepeat(question) || !isTransient(error)) return undefined;
  const asked = isApiError(error) ? (error.retryAfterMs ?? 0) : 0;
  if (asked > LONGEST_ASKED_WAIT_MS) return undefined;
  const ownWait = FIRST_WAIT_MS * 2 ** retries * (1 + SPREAD * random());
  return Math.max(ownWait, asked);
}

function isSafeToRepeat({ method, hasIdempotencyKey }: RetryQuestion): boolean {
  return method === 'GET' || (method === 'POST' && hasIdempotencyKey);
}

function isTransient(error: unknown): boolean {
  if (!isApiError(error)) return false;
  if (error.code === 'api_unreachable' || error.code === 'api_timeout') return true;
  const status = error.status ?? 0;
  return (
    (error.code === 'api_rejected' && (status >= 500 || status === 429)) ||
    (status === 409 && error.apiCode === 'idempotency_key_in_use')
  );
}
