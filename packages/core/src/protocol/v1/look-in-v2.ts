import { isJsonObject, type JsonObject } from '../json.js';
import { COMMON_NAMES, periodOf, rename, withMetadata, wordOf } from './v2-names.js';

/** v1's payment under v2's names and types; what v2 does not know stays as it is (`productId`). */
export function paymentInV2(sent: JsonObject): JsonObject {
  return withMetadata(rename(sent, COMMON_NAMES));
}

const NAMES: ReadonlyMap<string, string> = new Map([
  ...COMMON_NAMES,
  ['subscriptionStatus', 'status'],
]);

/** v1's subscription under v2's names and types; what v2 does not know stays as it is (`stopped`, `productId`). */
export function subscriptionInV2(sent: JsonObject): JsonObject {
  const fields = rename(sent, NAMES);
  const { frequency } = fields;
  return {
    ...fields,
    ...(typeof frequency === 'number' ? { frequency: periodOf(frequency) } : undefined),
    ...standing(fields),
  };
}

/** A cancelled subscription is stopped for good: that says more. */
function standing({ status, actionRequired, stopped }: JsonObject): JsonObject {
  if (stopped === true && status !== 'cancelled') return { status: 'stopped' };
  if (typeof status !== 'string') return {};
  const inV2 = wordOf(status);
  return actionRequired === undefined || actionRequired === null
    ? { ...inV2 }
    : { status: inV2.status };
}

/**
 * The envelope of something that was looked up, with v2's names and types in its data: earlier versions put v1's
 * answers in as they were.
 */
export function lookInV2(envelope: unknown): unknown {
  if (!isJsonObject(envelope) || !isJsonObject(envelope['data'])) return envelope;
  const { type, data } = envelope;
  if (type === 'subscription.created') return { ...envelope, data: subscriptionInV2(data) };
  return type === 'payment.completed' ? { ...envelope, data: paymentInV2(data) } : envelope;
}

/** A completed payment or subscription of v1's API under v2's names and types. */
export function transactionInV2(kind: 'payment' | 'subscription', data: JsonObject): JsonObject {
  return kind === 'payment' ? paymentInV2(data) : subscriptionInV2(data);
}
