import { isQBitFlowError } from '@qbitflow/core';
import { parseTarget } from '../boundary.js';
import {
  amountOf,
  type SessionFee,
  type SessionFees,
  type SessionKind,
  type SessionTerms,
} from '../state/terms.js';
import type { JsonObject } from '../wire/canonical-json.js';
import { ValidationError } from './error-answers.js';
import { readFields, type Fields, type TextRule } from './read-request.js';

/** v1's create body as terms. Throws 400 naming every field at fault. */
export function readTermsV1(
  body: JsonObject,
  kind: SessionKind,
  allowRemote: boolean,
): SessionTerms {
  const fields = readFields(body);
  const txType = kind === 'payment' ? 'payment' : 'createSubscription';
  const terms: SessionTerms = {
    kind,
    txType,
    placeholderType: txType,
    legacy: false,
    ...readProduct(fields, 'productId'),
    reference: fields.text('reference', { min: 1 }),
    successUrl: fields.url('successUrl'),
    cancelUrl: fields.url('cancelUrl'),
    webhookUrl: readWebhookUrl(fields, allowRemote),
    customerUuid: fields.text('customerUUID', { min: 1 }),
    customerReference: fields.text('customerReference', { min: 1 }),
    ...(kind === 'payment' ? {} : readCycleV1(fields)),
  };
  if (fields.errors.length === 0) return terms;
  throw new ValidationError(fields.errors);
}

function readCycleV1(
  fields: Fields,
): Pick<SessionTerms, 'frequency' | 'trialPeriod' | 'minPeriods'> {
  if (!fields.has('frequency')) fields.reject('frequency', 'is required');
  return {
    frequency: fields.period('frequency'),
    trialPeriod: fields.period('trialPeriod', { orNone: true }),
    minPeriods: fields.number('minPeriods', { whole: true, min: 0 }),
  };
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
  const options = optionsOf(body);
  if (options === undefined) return { ...readTermsV1(body, 'payment', allowRemote), legacy: true };
  const placeholderType = options['subscriptionType'] ?? 'subscription';
  if (placeholderType !== 'subscription' && placeholderType !== 'payAsYouGo')
    throw new ValidationError([
      { field: 'options.subscriptionType', message: 'must be subscription or payAsYouGo' },
    ]);
  const { frequency, trialPeriod, minPeriods } = options;
  const terms = readTermsV1(
    { ...body, frequency, trialPeriod, minPeriods },
    'subscription',
    allowRemote,
  );
  const txType = placeholderType === 'payAsYouGo' ? 'createPAYGSubscription' : terms.txType;
  return { ...terms, txType, placeholderType, legacy: true };
}

function optionsOf(body: JsonObject): JsonObject | undefined {
  const { options } = body;
  return typeof options === 'object' && options !== null ? { ...options } : undefined;
}

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
    ...(kind === 'payment' ? { fees: readFees(body, fields) } : readCycleV2(fields)),
  };
  const isOverCap = amountOf(terms) > priceCapUsd;
  if (isOverCap)
    fields.reject('price', `must be at most ${priceCapUsd} USD in test mode, fees included`);
  if (fields.errors.length === 0) return terms;
  throw new ValidationError(
    fields.errors,
    'the request is not valid',
    isOverCap ? { max: priceCapUsd } : {},
  );
}

function readCycleV2(
  fields: Fields,
): Pick<SessionTerms, 'frequency' | 'trialPeriod' | 'minPeriods'> {
  if (fields.has('fees')) fields.reject('fees', 'are for payments only');
  return {
    frequency: fields.period('frequency', FREQUENCY),
    trialPeriod: fields.period('trialPeriod', { orNone: true }),
    minPeriods: fields.number('minPeriods', { whole: true, min: 0, max: 1_000 }),
  };
}

const MOST_ITEMS = 10;
const MOST_USD = 1_000_000;
/** Up to seven digits, two of them behind the point. */
const AMOUNT = /^\d{1,7}(\.\d{1,2})?$/;

/** Reads a payment's `fees`; what is wrong with them is gathered in `fields` under dotted names. */
function readFees(body: JsonObject, fields: Fields): SessionFees | undefined {
  const { fees } = body;
  if (fees === undefined || fees === null) return undefined;
  if (typeof fees !== 'object' || Array.isArray(fees))
    return fields.reject('fees', 'must be { processingFee, items }');
  const { processingFee, items = [] }: JsonObject = { ...fees };
  if (processingFee !== undefined && typeof processingFee !== 'boolean')
    fields.reject('fees.processingFee', 'must be true or false');
  if (!Array.isArray(items) || items.length > MOST_ITEMS)
    return fields.reject('fees.items', `must be a list of up to ${MOST_ITEMS}`);
  const read = items.map((item: unknown, index) => readItem(item, `fees.items.${index}`, fields));
  return {
    processingFee: processingFee === true,
    items: read.filter((item) => item !== undefined),
  };
}

function readItem(item: unknown, name: string, fields: Fields): SessionFee | undefined {
  if (typeof item !== 'object' || item === null || Array.isArray(item))
    return fields.reject(name, 'must be { label, description, amountUsd }');
  const given: JsonObject = { ...item };
  const inner = readFields(given);
  const line = { pattern: /^[^\p{Cc}\u2028\u2029]*$/u, hint: 'one line' };
  const label = inner.text('label', { ...line, min: 1, max: 40 });
  if (!inner.has('label')) inner.reject('label', 'is required');
  const description = inner.text('description', { max: 200 });
  const amountUsd = feeUsdOf(given['amountUsd']);
  if (amountUsd === undefined)
    inner.reject('amountUsd', 'must be more than 0, at most 1000000, with up to 2 decimals');
  for (const { field, message } of inner.errors) fields.reject(`${name}.${field}`, message);
  if (inner.errors.length > 0 || label === undefined || amountUsd === undefined) return undefined;
  return { label, description, amountUsd };
}

/** Numbers are taken as JSON writes them, so that 0.30000000000000004 has too many decimals. */
function feeUsdOf(amount: unknown): number | undefined {
  if (typeof amount !== 'string' && typeof amount !== 'number') return undefined;
  const usd = AMOUNT.test(String(amount)) ? Number(amount) : 0;
  return usd > 0 && usd <= MOST_USD ? usd : undefined;
}

/** What a session sells. */
export type Product = Pick<
  SessionTerms,
  'productId' | 'productUuid' | 'productReference' | 'productName' | 'description' | 'price'
>;

/** Price, in USD, of every product that the sandbox only knows the id of. */
const UNKNOWN_PRICE_USD = 1;

/** What a UUID may be. */
const UUID: TextRule = {
  pattern: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  hint: 'a UUID',
};

/** What v2 takes in names and descriptions. */
const PLAIN: TextRule = {
  pattern: /^[^\p{Cc}<>{}[\]\\|;"~^`]*$/u,
  hint: 'without control characters and < > { } [ ] \\ | ; " ~ ^ `',
};

/**
 * Reads the product, which must be given in exactly one of three ways: v1's with a number, v2's with a UUID. The sandbox
 * knows every id and reference.
 */
function readProduct(fields: Fields, idField: 'productId' | 'productUuid'): Product {
  const isV1 = idField === 'productId';
  const inline = fields.has('productName') || fields.has('price');
  const ways = [fields.has(idField), fields.has('productReference'), inline];
  if (ways.filter(Boolean).length !== 1)
    fields.reject(
      idField,
      `exactly one of ${idField}, productReference, or productName with price`,
    );
  if (inline) {
    const wanted = isV1 ? ['productName', 'description', 'price'] : ['productName', 'price'];
    for (const field of wanted) if (!fields.has(field)) fields.reject(field, 'is required');
  } else if (!isV1 && fields.has('description')) {
    fields.reject('description', 'goes with productName and price only');
  }
  const productId = isV1 ? fields.number(idField, { whole: true }) : undefined;
  const productUuid = isV1 ? undefined : fields.text(idField, UUID);
  const productReference = fields.text('productReference', { min: 1, max: 100 });
  const words = isV1 ? {} : PLAIN;
  return {
    productId,
    productUuid,
    productReference,
    productName:
      fields.text('productName', { ...words, min: 2, max: 100 }) ??
      `Product ${productReference ?? productUuid ?? productId ?? ''}`,
    description: fields.text('description', { ...words, min: 2, max: 500 }),
    price: fields.number('price', { above: 0 }) ?? UNKNOWN_PRICE_USD,
  };
}
