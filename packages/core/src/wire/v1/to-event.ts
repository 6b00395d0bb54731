import { keyOf, ownIdOf, subjectOf } from '../../event/keys.js';
import type { WebhookEvent } from '../../event/types.js';
import { asError } from '../../errors.js';
import { fingerprint } from '../fingerprint.js';
import { isJsonObject, type JsonObject } from '../json-object.js';
import { jsonTypeOf, problemOf, unreadable, type ParseResult } from '../parse-result.js';
import type { Reading } from './reading.js';
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

function isSubscriptionWebhook(value: JsonObject): boolean {
  return 'subscriptionUUID' in value || ('type' in value && 'data' in value);
}

function isTransactionWebhook(value: JsonObject): boolean {
  return ['uuid', 'txType', 'status', 'session'].some((field) => Object.hasOwn(value, field));
}

function finish(body: JsonObject, reading: Reading): ParseResult {
  if ('problem' in reading) return unreadable(reading.problem);
  const { type, data, test, sentType } = reading;
  const identifying = isJsonObject(data) ? data : {};
  const keyType = sentType ?? type;
  let otherwise = '';
  if (ownIdOf(keyType, identifying) === '') {
    try {
      otherwise = reading.unique ?? withFingerprint(reading.prefix, body);
    } catch (error) {
      return unreadable(asError(error).message);
    }
  }
  const key = keyOf(keyType, identifying, otherwise);
  const event = {
    id: key,
    key,
    subject: subjectOf(keyType, identifying, key),
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

function withFingerprint(prefix: string | undefined, body: JsonObject): string {
  return `${prefix === undefined ? '' : `${prefix}:`}${fingerprint(body)}`;
}
