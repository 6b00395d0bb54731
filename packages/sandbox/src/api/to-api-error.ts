import { isQBitFlowError } from '@qbitflow/core';
import { CheckoutError, type CheckoutProblem } from '../checkout/checkout-error.js';
import { ApiError, UniqueViolation } from './api-error.js';

/** Status and v2 code of everything a checkout can refuse (protocol §4). */
const ANSWERS: Readonly<Record<CheckoutProblem, readonly [status: number, code: string]>> = {
  unknown: [404, 'not_found'],
  already_sent: [409, 'tx_already_sent'],
  expired: [410, 'expired'],
  not_possible: [409, 'not_possible'],
  reference_taken: [409, 'unique_violation'],
  key_reused: [422, 'idempotency_key_reused'],
};

/** Whether what was thrown is a fault of the sandbox, and not an answer it was meant to give. */
export function isUnforeseen(thrown: unknown): boolean {
  const meant =
    thrown instanceof ApiError || thrown instanceof CheckoutError || isQBitFlowError(thrown);
  return !meant;
}

/** Anything thrown while answering, as an answer. */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (thrown instanceof CheckoutError) {
    if (thrown.problem === 'reference_taken')
      return new UniqueViolation('reference', thrown.message);
    const [status, code] = ANSWERS[thrown.problem];
    return new ApiError(status, code, thrown.message);
  }
  if (isQBitFlowError(thrown))
    return thrown.code === 'invalid_reference'
      ? new ApiError(404, 'not_found', thrown.message)
      : new ApiError(409, 'not_possible', thrown.message);
  return new ApiError(500, 'internal_error', 'the sandbox failed: its log says why');
}
