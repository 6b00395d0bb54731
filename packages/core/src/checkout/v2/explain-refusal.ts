import { type FieldError, isApiError } from '../../api/api-error.js';
import { invalidCheckout } from '../invalid-checkout.js';

const REFERENCE_CURES: ReadonlyMap<string, string> = new Map([
  [
    'idempotency_key_reused',
    'opened a checkout with other terms before: give changed terms a new reference',
  ],
  [
    'unique_violation',
    'is taken by an earlier checkout: give each attempt to sell a new reference',
  ],
]);

/**
 * What v2 finds wrong with the parameters themselves, as `invalid_checkout` like our own findings, the API's answer as
 * its cause; any other error as it is.
 */
export function explainRefusal(error: unknown, reference: string | undefined): unknown {
  if (!isApiError(error)) return error;
  const cure = REFERENCE_CURES.get(error.apiCode ?? '');
  const faults: readonly FieldError[] =
    cure !== undefined && reference !== undefined
      ? [{ field: 'reference', message: cure }]
      : error.fieldErrors;
  return faults.length === 0 ? error : invalidCheckout(faults, { cause: error });
}
