import type { z } from 'zod';
import type { FieldError } from '../api/api-error.js';
import { type CheckoutForm, explainUnknownField } from './explain-unknown-field.js';
import { invalidCheckout } from './invalid-checkout.js';
import type { CheckoutTerms } from './params.js';
import { paramsSchemas } from './params-schema.js';

type Given = Readonly<Record<string, unknown>>;

/**
 * Checks parameters by the rules of the generation they are meant for. Throws `invalid_checkout` with all faults at
 * once; what only the API knows (https in live mode, the price cap of test mode) is left to it.
 */
export function validateParams(params: unknown, form: CheckoutForm): CheckoutTerms {
  if (typeof params !== 'object' || params === null || Array.isArray(params))
    throw invalidCheckout([{ field: '', message: 'parameters must be an object' }]);
  const given = Object.fromEntries(
    Object.entries(params).filter(([, value]) => value !== undefined),
  );
  const parsed = paramsSchemas[form.generation][form.kind].safeParse(given);
  const faults = [
    ...(parsed.success ? [] : parsed.error.issues.flatMap((issue) => explain(issue, form))),
    ...productFaults(given, form),
    ...customerFaults(given),
  ];
  if (!parsed.success || faults.length > 0) throw invalidCheckout(faults);
  return parsed.data;
}

function explain(issue: z.core.$ZodIssue, form: CheckoutForm): readonly FieldError[] {
  const field = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') return [{ field, message: issue.message }];
  return issue.keys.map((key) => ({
    field: field === '' ? key : `${field}.${key}`,
    message: field === '' ? explainUnknownField(key, form) : 'is not known',
  }));
}

function productFaults(given: Given, { generation }: CheckoutForm): readonly FieldError[] {
  const idField = generation === 'v1' ? 'productId' : 'productUuid';
  const has = (field: string): boolean => field in given;
  const isInline = ['productName', 'price', 'description'].some(has);
  // The other generation's id is refused as a field already: it shall not look as if no product was given.
  const forms = [has('productId') || has('productUuid'), has('productReference'), isInline];
  if (forms.filter(Boolean).length !== 1) {
    const message = `must be the only product: give exactly one of ${idField}, productReference, or productName with price`;
    return [{ field: idField, message }];
  }
  if (!isInline) return [];
  const wanted =
    generation === 'v1' ? ['productName', 'price', 'description'] : ['productName', 'price'];
  return wanted
    .filter((field) => !has(field))
    .map((field) => ({
      field,
      message: `is missing: a product described here needs ${list(wanted)}`,
    }));
}

function customerFaults(given: Given): readonly FieldError[] {
  if (!('customerUuid' in given && 'customerReference' in given)) return [];
  const message = 'names the customer a second time: give it or customerUuid, not both';
  return [{ field: 'customerReference', message }];
}

function list(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}
