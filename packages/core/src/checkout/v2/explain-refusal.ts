import { type ApiError, type FieldError, isApiError } from '../../api/api-error.js';
import { invalidCheckout } from '../invalid-checkout.js';

const REFERENCE_CURES: ReadonlyMap<string, string> = new Map([
  [
    'idempotency_key_reused',
    'opened a checkout with other terms before: give changed terms a new reference',
  ],
  [
    'unique_violation',
    'is taken by an earlier checkout: it is paid, or open on other terms and opened elsewhere. Keep the uuid of each session with its order and give it as replaces, or sell under a new reference',
  ],
]);

/** Whether somebody else, or other terms, hold the order's reference or this very key. */
export function isHeld(error: unknown): boolean {
  if (!isApiError(error)) return false;
  if (error.apiCode === 'idempotency_key_reused') return true;
  return error.apiCode === 'unique_violation' && fieldOf(error) === 'reference';
}

/**
 * What QBitFlow finds wrong with the parameters themselves, as `invalid_checkout` like our own findings, the API's
 * answer as its cause; any other error as it is.
 */
export function explainRefusal(error: unknown, reference: string | undefined): unknown {
  if (!isApiError(error)) return error;
  const faults = faultsOf(error, reference);
  return faults.length === 0 ? error : invalidCheckout(faults, { cause: error });
}

function faultsOf(error: ApiError, reference: string | undefined): readonly FieldError[] {
  const { apiCode = '', details, fieldErrors } = error;
  const cure = REFERENCE_CURES.get(apiCode);
  const field = fieldOf(error);
  if (cure !== undefined && field === 'reference' && reference !== undefined)
    return [{ field, message: cure }];
  if (apiCode === 'unique_violation' && field !== 'reference')
    return [{ field, message: 'is taken already: give another one' }];
  const { max } = details;
  if (max === undefined || fieldErrors.some((fault) => fault.message.includes(String(max))))
    return fieldErrors;
  const message = `and its fees must together be at most ${max} USD here: QBitFlow caps them in test mode`;
  return [...fieldErrors.filter((fault) => fault.field !== 'price'), { field: 'price', message }];
}

/** The field whose value is taken; the reference where the API does not say. */
function fieldOf({ details }: ApiError): string {
  return typeof details['field'] === 'string' ? details['field'] : 'reference';
}
