import {
  keyOf,
  keyOfUnknown,
  ownIdOf,
  subjectOf,
  type IdentifyingFields,
} from '../../event/keys.js';
import type { WebhookEvent } from '../../event/types.js';
import { asError } from '../../errors.js';
import { isSubscriptionWebhook, isTransactionWebhook } from '../body-generation.js';
import { fingerprint } from '../fingerprint.js';
import { isJsonObject, type JsonObject } from '../json-object.js';
import { jsonTypeOf, problemOf, unreadable, type ParseResult } from '../parse-result.js';
import type { GoodReading, Reading } from './reading.js';
import { subscriptionWebhookSchema, transactionWebhookSchema, type V1Body } from './schemas.js';
import { readSubscriptionWebhook } from './subscription-webhook.js';
import { readTransactionWebhook } from './transaction-webhook.js';

/**
 * Reads a v1 body, transaction or subscription webhook, as an event with v2's names. v1 sends no event id: the
 * idempotency key stands in. A body of neither shape, or with a field of the wrong JSON type, is unreadable.
 */
export function v1ToEvent(value: unknown): ParseResult {
  if (!isJsonObject(value)) return unreadable(`body: expected object, got ${jsonTypeOf(value)}`);
  if (isSubscriptionWebhook(value)) {
    const checked = subscriptionWebhookSchema.safeParse(value);
    if (!checked.success) return unreadable(problemOf(checked.error.issues, value));
    return finish(value, readSubscriptionWebhook(value));
  }
  if (isTransactionWebhook(value)) {
    const checked = transactionWebhookSchema.safeParse(value);
    if (!checked.success) return unreadable(problemOf(checked.error.issues, value));
    return finish(value, readTransactionWebhook(value));
  }
  return unreadable('body: neither a transaction webhook nor a subscription webhook');
}

function finish(body: JsonObject, reading: Reading): ParseResult {
  if ('problem' in reading) return unreadable(reading.problem);
  const { type, data, test, sentType } = reading;
  const identifying = isJsonObject(data) ? data : {};
  let key: string;
  try {
    key = keyOfReading(reading, identifying, body);
  } catch (error) {
    return unreadable(asError(error).message);
  }
  const event = {
    id: key,
    key,
    subject: subjectOf(sentType ?? type, identifying, key),
    createdAt: undefined,
    test,
    userUuid: undefined,
    version: 'v1',
    raw: body satisfies V1Body,
    type,
    ...(sentType === undefined ? undefined : { sentType }),
    data,
  };
  // The readers match `data` with `type`, each held to event/data.ts by its return type.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { ok: true, event: event as WebhookEvent };
}

/** Throws for a body that would need a fingerprint and is too deep for one. */
function keyOfReading(
  reading: GoodReading,
  identifying: IdentifyingFields,
  body: JsonObject,
): string {
  const { type, sentType = '' } = reading;
  if (type === 'unknown') return keyOfUnknown(sentType, whatIsUnique(reading, body));
  const isNamed = ownIdOf(type, identifying) !== '';
  return keyOf(type, identifying, isNamed ? '' : whatIsUnique(reading, body));
}

function whatIsUnique({ unique, prefix }: GoodReading, body: JsonObject): string {
  if (unique !== undefined) return unique;
  return `${prefix === undefined ? '' : `${prefix}:`}${fingerprint(body)}`;
}
