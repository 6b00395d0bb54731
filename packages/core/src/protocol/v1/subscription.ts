import type { Period } from '../../event/data.js';
import { isJsonObject, type JsonObject } from '../json-object.js';
import { rename } from './rename.js';
import { COMMON_NAMES } from './settled.js';
import { wordOf } from './subscription-status.js';

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

/** v1 counts periods in seconds; some servers send `{ value, unit }` already. */
export function periodOf(sent: unknown): Period | undefined {
  if (typeof sent === 'number') return { value: sent, unit: 'seconds' };
  if (!isJsonObject(sent) || typeof sent['value'] !== 'number' || typeof sent['unit'] !== 'string')
    return undefined;
  return { ...sent, value: sent['value'], unit: sent['unit'] };
}
