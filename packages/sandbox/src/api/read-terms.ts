import { isQBitFlowError } from '@qbitflow/core';
import { parseTarget } from '../boundary.js';
import { amountOf, type SessionKind, type SessionTerms } from '../state/terms.js';
import type { JsonObject } from '../wire/canonical-json.js';
import { ValidationError } from './error-answers.js';
import { readFees } from './read-fees.js';
import { readProduct } from './read-product.js';
import { OWN_ID, readFields, UUID, type Fields } from './read-request.js';

type Cycle = Pick<SessionTerms, 'frequency' | 'trialPeriod' | 'minPeriods'>;

const YEAR = 31_536_000;
/** Shorter than any date's end: QBitFlow says nothing of a trial's longest. */
const CENTURY = 100 * YEAR;
/** The sandbox is in test mode: 5 minutes to a year, in seconds. */
const FREQUENCY = { shortest: 300, longest: YEAR };
const TRIAL = { orNone: true, longest: CENTURY };
const MIN_PERIODS = { whole: true, min: 0, max: 1_000 };

/** v1's create body as terms. Throws 400 naming every field at fault. */
export function readTermsV1(
  body: JsonObject,
  kind: SessionKind,
  allowRemote: boolean,
): SessionTerms {
  const fields = readFields(body);
  return checked(fields, {
    ...termsV1(fields, kind, allowRemote),
    ...(kind === 'payment' ? {} : cycleV1(fields)),
  });
}

function termsV1(fields: Fields, kind: SessionKind, allowRemote: boolean): SessionTerms {
  return {
    kind,
    ...typesOf(kind),
    legacy: false,
    ...readProduct(fields, 'productId'),
    reference: fields.text('reference', { min: 1 }),
    successUrl: fields.url('successUrl'),
    cancelUrl: fields.url('cancelUrl'),
    webhookUrl: readWebhookUrl(fields, allowRemote),
    customerUuid: fields.text('customerUUID', UUID),
    customerReference: fields.text('customerReference', { min: 1 }),
  };
}

function cycleV1(fields: Fields): Cycle {
  fields.demand('frequency');
  return {
    frequency: fields.period('frequency', { longest: YEAR }),
    trialPeriod: fields.period('trialPeriod', TRIAL),
    minPeriods: fields.number('minPeriods', MIN_PERIODS),
  };
}

function typesOf(kind: SessionKind): Pick<SessionTerms, 'txType' | 'placeholderType'> {
  const txType = kind === 'payment' ? 'payment' : 'createSubscription';
  return { txType, placeholderType: txType };
}

function checked(
  { errors }: Fields,
  terms: SessionTerms,
  details: Readonly<Record<string, number>> = {},
): SessionTerms {
  if (errors.length === 0) return terms;
  throw new ValidationError(errors, 'the request is not valid', details);
}

function readWebhookUrl(fields: Fields, allowRemote: boolean): string | undefined {
  const webhookUrl = fields.url('webhookUrl');
  if (webhookUrl === undefined) return undefined;
  try {
    return parseTarget(webhookUrl, allowRemote).href;
  } catch (error) {
    const reason = isQBitFlowError(error) ? error.message : 'is not valid';
    return fields.reject('webhookUrl', reason);
  }
}

/**
 * SDK 1.x's create body as terms: a subscription's are under `options`, and the placeholder shows its
 * `subscriptionType` instead of the transaction type. Throws 400 naming every field at fault.
 */
export function readLegacyTerms(body: JsonObject, allowRemote: boolean): SessionTerms {
  const fields = readFields(body);
  const options = fields.object('options', '{ subscriptionType, frequency, … }');
  const kind = fields.has('options') ? 'subscription' : 'payment';
  const terms = { ...termsV1(fields, kind, allowRemote), legacy: true };
  if (options === undefined) return checked(fields, terms);
  const subscriptionType = readSubscriptionType(options);
  return checked(fields, { ...terms, ...cycleV1(options), placeholderType: subscriptionType });
}

function readSubscriptionType(options: Fields): string {
  const type = options.text('subscriptionType') ?? 'subscription';
  if (type === 'payAsYouGo')
    options.reject('subscriptionType', 'payAsYouGo is switched off: QBitFlow creates no more');
  else if (type !== 'subscription') options.reject('subscriptionType', 'must be subscription');
  return type;
}

/** v2's create body as terms. Throws 400 `validation_failed` naming every field at fault. */
export function readTermsV2(
  body: JsonObject,
  kind: SessionKind,
  priceCapUsd: number,
): SessionTerms {
  const fields = readFields(body);
  const terms: SessionTerms = {
    kind,
    ...typesOf(kind),
    legacy: false,
    ...readProduct(fields, 'productUuid'),
    reference: fields.text('reference', OWN_ID),
    successUrl: fields.url('successUrl'),
    cancelUrl: fields.url('cancelUrl'),
    customerUuid: fields.text('customerUuid', UUID),
    customerReference: fields.text('customerReference', OWN_ID),
    expiresInMinutes: fields.number('expiresInMinutes', { whole: true, min: 10, max: 1_440 }),
    ...(kind === 'payment' ? { fees: readFees(fields) } : cycleV2(fields)),
  };
  const isOverCap = amountOf(terms) > priceCapUsd;
  if (isOverCap)
    fields.reject('price', `must be at most ${priceCapUsd} USD in test mode, fees included`);
  return checked(fields, terms, isOverCap ? { max: priceCapUsd } : {});
}

function cycleV2(fields: Fields): Cycle {
  if (fields.has('fees')) fields.reject('fees', 'are for payments only');
  return {
    frequency: fields.period('frequency', FREQUENCY),
    trialPeriod: fields.period('trialPeriod', TRIAL),
    minPeriods: fields.number('minPeriods', MIN_PERIODS),
  };
}
