import type { SessionKind, SessionTerms } from '../../state/session.js';
import type { JsonObject } from '../../wire/cast.js';
import { UNITS_V2 } from '../../wire/period.js';
import { ValidationError } from '../api-error.js';
import { readFields } from '../fields.js';
import { readProduct } from '../product.js';

const REFERENCE = /^[A-Za-z0-9._:@-]{1,100}$/;

/** v2's create body as terms (protocol §1). Throws 400 `validation_failed` naming every field at fault. */
export function readTermsV2(
  body: JsonObject,
  kind: SessionKind,
  priceCapUsd: number,
): SessionTerms {
  const fields = readFields(body);
  const txType = kind === 'payment' ? 'payment' : 'createSubscription';
  const terms: SessionTerms = {
    kind,
    txType,
    placeholderType: txType,
    legacy: false,
    ...readProduct(fields, { idField: 'productUuid', descriptionRequired: false, priceCapUsd }),
    reference: fields.text('reference', {
      pattern: REFERENCE,
      hint: '1 to 100 of A-Z a-z 0-9 . _ : @ -',
    }),
    successUrl: fields.url('successUrl'),
    cancelUrl: fields.url('cancelUrl'),
    customerUuid: fields.text('customerUuid', { min: 1 }),
    customerReference: fields.text('customerReference', { min: 1 }),
    expiresInMinutes: fields.number('expiresInMinutes', { whole: true, min: 10, max: 1_440 }),
    ...(kind === 'payment'
      ? {}
      : {
          frequency: fields.period('frequency', UNITS_V2),
          trialPeriod: fields.period('trialPeriod', UNITS_V2),
          minPeriods: fields.number('minPeriods', { whole: true, min: 1, max: 1_000 }),
        }),
  };
  if (fields.errors.length === 0) return terms;
  throw new ValidationError(fields.errors);
}
