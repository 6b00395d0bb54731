import type { Generation } from './generation.js';
import { isJsonObject, type JsonObject } from './json.js';

/** Names at the top of v1's bodies that v2's envelope does not have. */
const ONLY_V1 = ['subscriptionUUID', 'txType', 'session'];
/** What an envelope has beside its `type`; v1's subscription webhook, which has a `type` too, has none of it. */
const ONLY_V2 = ['id', 'version', 'createdAt'];
const OF_TRANSACTION_WEBHOOK = ['uuid', 'status', 'session', 'txType'];

/**
 * The generation a JSON-parsed body belongs to, by its shape alone, or `undefined` for none of both. Nothing unsigned
 * has a say: whoever adds or renames headers must not choose how a body is read.
 */
export function generationOfBody(value: unknown): Generation | undefined {
  if (!isJsonObject(value)) return undefined;
  if (isEnvelope(value)) return 'v2';
  return isSubscriptionWebhook(value) || isTransactionWebhook(value) ? 'v1' : undefined;
}

function isEnvelope(value: JsonObject): boolean {
  if (!Object.hasOwn(value, 'type')) return false;
  if (value['version'] === 'v2') return true;
  return hasAnyOf(value, ONLY_V2) && !hasAnyOf(value, ONLY_V1);
}

/** Whether a v1 body is the subscription webhook. */
export function isSubscriptionWebhook(value: JsonObject): boolean {
  const hasNews = Object.hasOwn(value, 'type') && Object.hasOwn(value, 'data');
  return Object.hasOwn(value, 'subscriptionUUID') || hasNews;
}

/** Whether a v1 body that is no subscription webhook is the transaction webhook. */
export function isTransactionWebhook(value: JsonObject): boolean {
  return hasAnyOf(value, OF_TRANSACTION_WEBHOOK);
}

function hasAnyOf(value: JsonObject, names: readonly string[]): boolean {
  return names.some((name) => Object.hasOwn(value, name));
}
