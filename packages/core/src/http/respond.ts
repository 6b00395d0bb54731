import { isQBitFlowError, statusOf, type ErrorCode } from '../errors.js';
import type { HttpResponse } from './http.js';

/** How soon a sender is asked to come again, in seconds; QBitFlow backs off by itself after that. */
const RETRY_AFTER_SECONDS = 10;

/** A JSON answer, frozen so that it can be made once and given often. */
export function jsonResponse(
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

/** The answer for a path that is none of ours. */
export const NOT_FOUND = jsonResponse(404, { error: 'not found' });

/** Why a delivery is not acknowledged, in words fit for an unknown sender: reasons and facts go to the log. */
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

/** The answer to a webhook request that failed. */
export function errorResponse(error: unknown): HttpResponse {
  const code = isQBitFlowError(error) ? error.code : 'internal';
  const status = statusOf(code);
  const consumed = isQBitFlowError(error) && code === 'body_consumed' ? error.message : undefined;
  return jsonResponse(
    status,
    { error: consumed ?? PUBLIC_TEXT[code] ?? 'internal error' },
    extraHeaders(code, status),
  );
}

function extraHeaders(code: ErrorCode, status: number): Record<string, string> {
  if (code === 'method_not_allowed') return { allow: 'POST' };
  return status === 503 ? { 'retry-after': String(RETRY_AFTER_SECONDS) } : {};
}
