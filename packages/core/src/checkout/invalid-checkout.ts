import type { FieldError } from '../api/api-error.js';
import { QBitFlowError } from '../errors.js';

/** The error for parameters that cannot be sent; `facts.fieldErrors` has every fault. No value is repeated in it. */
export function invalidCheckout(
  fieldErrors: readonly FieldError[],
  options: { readonly cause?: unknown } = {},
): QBitFlowError {
  const faults = fieldErrors.map(({ field, message }) => (field ? `${field} ${message}` : message));
  return new QBitFlowError(
    'invalid_checkout',
    `this checkout cannot be opened, correct its parameters: ${faults.join('; ')}`,
    { ...options, facts: { fieldErrors } },
  );
}
