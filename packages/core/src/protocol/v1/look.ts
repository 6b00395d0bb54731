import { isJsonObject } from '../json-object.js';
import { paymentInV2 } from './settled.js';
import { subscriptionInV2 } from './subscription.js';

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
