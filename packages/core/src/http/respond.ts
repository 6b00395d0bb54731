import { isQBitFlowError, statusOf, type ErrorCode } from '../errors.js';
import type { HttpResponse } from './http.js';
import type { RecordOutcome } from '../store/durable-store.js';

/** How soon a sender is asked to come again, in seconds; QBitFlow backs off by itself after that. */
const RETRY_AFTER_SECONDS = 10;

function json(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse {
  const body = JSON.stringify(value);
  return Object.freeze({
    status,
    headers: Object.freeze({
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(body)),
      ...headers,
    }),
    body,
  });
}

const RECEIVED = json(200, { received: true });
const DUPLICATE = json(200, { received: true, duplicate: true });

/** The 200. The two answers are made once: this is the hot path. */
export function acknowledge(outcome: RecordOutcome): HttpResponse {
  return outcome.status === 'duplicate' ? DUPLICATE : RECEIVED;
}

/** 200 for what was verified and needs no record (v1's connectivity test), or is hidden from strangers. */
export function acknowledgeOnly(): HttpResponse {
  return RECEIVED;
}

/** Why a request is not acknowledged, in the words a stranger may read: reasons and facts go to the log. */
const PUBLIC_TEXT: Partial<Record<ErrorCode, string>> = {
  method_not_allowed: 'method not allowed',
  body_too_large: 'body too large',
  body_timeout: 'the body did not arrive in time',
  body_aborted: 'the body is incomplete',
  overloaded: 'too much is being sent at once, please send again later',
  invalid_signature: 'invalid signature',
  verification_undecided: 'the signature could not be checked now, please send again later',
  store_unavailable: 'the delivery could not be recorded now, please send again later',
  claim_held: 'the delivery is being handled, please send again later',
  store_full: 'the delivery could not be recorded now, please send again later',
};

/** The answer to a request that failed. */
export function refuse(error: unknown): HttpResponse {
  const code = isQBitFlowError(error) ? error.code : 'internal';
  const status = statusOf(code);
  const consumed = isQBitFlowError(error) && code === 'body_consumed' ? error.message : undefined;
  return json(
    status,
    { error: consumed ?? PUBLIC_TEXT[code] ?? 'internal error' },
    extraHeaders(code, status),
  );
}

/** The answer to a delivery whose signature was not accepted, made once: a forgery shall not cost more than it must. */
export const REFUSED = json(statusOf('invalid_signature'), {
  error: PUBLIC_TEXT.invalid_signature,
});

function extraHeaders(code: ErrorCode, status: number): Record<string, string> {
  if (code === 'method_not_allowed') return { allow: 'POST' };
  return status === 503 ? { 'retry-after': String(RETRY_AFTER_SECONDS) } : {};
}
