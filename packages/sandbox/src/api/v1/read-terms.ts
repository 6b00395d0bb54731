import { isQBitFlowError } from '@qbitflow/core';
import { parseTarget } from '../../delivery/parse-target.js';
import type { SessionKind, SessionTerms } from '../../state/session.js';
import type { JsonObject } from '../../wire/cast.js';
import { ValidationError } from '../api-error.js';
import { readFields, type Fields } from '../fields.js';
import { readProduct } from '../product.js';

/** v1's create body as terms (protocol §1). Throws 400 naming every field at fault. */
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
    ...(kind === 'payment' ? {} : readCycle(fields)),
  };
  if (fields.errors.length === 0) return terms;
  throw new ValidationError(fields.errors);
}

function readCycle(fields: Fields): Pick<SessionTerms, 'frequency' | 'trialPeriod' | 'minPeriods'> {
  if (!fields.has('frequency')) fields.refuse('frequency', 'is required');
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
    return fields.refuse('webhookUrl', reason);
  }
}
