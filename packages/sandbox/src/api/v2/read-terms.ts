import type { SessionKind, SessionTerms } from '../../state/session.js';
import { amountOf } from '../../wire/amount.js';
import type { JsonObject } from '../../wire/cast.js';
import { ValidationError } from '../api-error.js';
import { readFields, type Fields, type TextRule } from '../fields.js';
import { readProduct, UUID } from '../product.js';
import { readFees } from './read-fees.js';

/** What the merchant's own ids may be. */
const OWN_ID: TextRule = {
  pattern: /^[A-Za-z0-9._:@-]{1,100}$/,
  hint: '1 to 100 of A-Z a-z 0-9 . _ : @ -',
};
/** The sandbox is in test mode: 5 minutes to a year, in seconds. */
const FREQUENCY = { shortest: 300, longest: 31_536_000 };

/** v2's create body as terms. Throws 400 `validation_failed` naming every field at fault. */
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
    ...readProduct(fields, 'productUuid'),
    reference: fields.text('reference', OWN_ID),
    successUrl: fields.url('successUrl'),
    cancelUrl: fields.url('cancelUrl'),
    customerUuid: fields.text('customerUuid', UUID),
    customerReference: fields.text('customerReference', OWN_ID),
    expiresInMinutes: fields.number('expiresInMinutes', { whole: true, min: 10, max: 1_440 }),
    ...(kind === 'payment' ? { fees: readFees(body, fields) } : readCycle(fields)),
  };
  const isOverCap = amountOf(terms) > priceCapUsd;
  if (isOverCap)
    fields.refuse('price', `must be at most ${priceCapUsd} USD in test mode, fees included`);
  if (fields.errors.length === 0) return terms;
  throw new ValidationError(
    fields.errors,
    'the request is not valid',
    isOverCap ? { max: priceCapUsd } : {},
  );
}

function readCycle(fields: Fields): Pick<SessionTerms, 'frequency' | 'trialPeriod' | 'minPeriods'> {
  if (fields.has('fees')) fields.refuse('fees', 'are for payments only');
  return {
    frequency: fields.period('frequency', FREQUENCY),
    trialPeriod: fields.period('trialPeriod', { orNone: true }),
    minPeriods: fields.number('minPeriods', { whole: true, min: 0, max: 1_000 }),
  };
}
