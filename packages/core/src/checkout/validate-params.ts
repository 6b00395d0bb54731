import type { z } from 'zod';
import type { FieldError } from '../api/api-error.js';
import type { CheckoutForm } from './checkout-form.js';
import { explainUnknownField } from './explain-unknown-field.js';
import { invalidCheckout } from './invalid-checkout.js';
import type { CheckoutTerms } from './params.js';
import { paramsSchemaOf } from './params-schema.js';
import { returnUrlsOf } from './return-urls.js';
import { capFaults, customerFaults, productFaults } from './together-rules.js';

/**
 * Checks parameters by the rules of the generation they are meant for and gives them as they are sent: amounts
 * canonical, return URLs complete. Throws `invalid_checkout` with all faults at once; what depends on a mode that the
 * API key does not say is left to the API.
 */
export function validateParams(params: unknown, form: CheckoutForm): CheckoutTerms {
  if (typeof params !== 'object' || params === null || Array.isArray(params))
    throw invalidCheckout([{ field: '', message: 'parameters must be an object' }]);
  const given = Object.fromEntries(
    Object.entries(params).filter(([, value]) => value !== undefined),
  );
  const parsed = paramsSchemaOf(form).safeParse(given);
  const { urls, faults: urlFaults } = returnUrlsOf(given, form);
  const faults = [
    ...(parsed.success ? [] : parsed.error.issues.flatMap((issue) => explain(issue, form))),
    ...urlFaults,
    ...productFaults(given, form),
    ...customerFaults(given),
    ...capFaults(given, form),
  ];
  if (!parsed.success || faults.length > 0) throw invalidCheckout(faults);
  return { ...parsed.data, ...urls };
}

function explain(issue: z.core.$ZodIssue, form: CheckoutForm): readonly FieldError[] {
  const field = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') return [{ field, message: issue.message }];
  return issue.keys.map((key) => ({
    field: field === '' ? key : `${field}.${key}`,
    message: field === '' ? explainUnknownField(key, form) : 'is not known',
  }));
}
