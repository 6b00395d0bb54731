import type { Bill, SubscriptionStatusChange } from '../../event/data.js';
import { canonicalId } from '../../event/keys.js';
import { isJsonObject, type JsonObject } from '../json-object.js';
import { jsonTypeOf, problemOf } from '../parse-result.js';
import { billSchema } from '../settled-fields.js';
import { present, type Reading } from './reading.js';
import { statusTransitionSchema, type V1SubscriptionWebhook } from './schemas.js';
import { billInV2 } from './settled.js';
import { wordOf, type StatusInV2 } from './subscription-status.js';

/** Maps v1's subscription webhook; a `type` newer than this kit becomes an unknown event. */
export function readSubscriptionWebhook(body: V1SubscriptionWebhook): Reading {
  const type = body.type ?? '';
  if (type !== 'billing' && type !== 'status_transition')
    return { type: 'unknown', sentType: type, data: body.data };
  const data = body.data ?? {};
  if (!isJsonObject(data)) return { problem: `data: expected object, got ${jsonTypeOf(data)}` };
  return type === 'billing' ? readBill(body, data) : readTransition(body, data);
}

function readBill(body: V1SubscriptionWebhook, sent: JsonObject): Reading {
  const bill = billInV2(sent);
  const checked = billSchema.safeParse(bill);
  if (!checked.success) return { problem: problemOf(checked.error.issues, bill, 'data') };
  const data: Bill = present({
    ...checked.data,
    uuid: checked.data.uuid ?? '',
    subscriptionUuid: checked.data.subscriptionUuid ?? body.subscriptionUUID,
    subscriptionReference: checked.data.subscriptionReference ?? body.subscriptionReference,
  });
  return { type: 'subscription.billed', data, test: checked.data.test ?? undefined };
}

function readTransition(body: V1SubscriptionWebhook, sent: JsonObject): Reading {
  const checked = statusTransitionSchema.safeParse(sent);
  if (!checked.success) return { problem: problemOf(checked.error.issues, sent, 'data') };
  const { currentStatus, previousStatus, updatedAt, ...others } = checked.data;
  const uuid = body.subscriptionUUID ?? '';
  const before = inV2(previousStatus);
  const data: SubscriptionStatusChange = {
    ...others,
    ...present({
      uuid,
      reference: body.subscriptionReference,
      ...inV2(currentStatus),
      previousStatus: before?.status,
      previousActionRequired: before?.actionRequired,
      updatedAt,
    }),
  };
  const parts = [canonicalId('sub@', uuid), previousStatus, currentStatus, updatedAt];
  // Without id or time, two transitions that differ could not be told apart by these.
  const unique = uuid && updatedAt ? parts.map((part) => part ?? '').join(':') : undefined;
  return { type: 'subscription.statusChanged', data, unique };
}

function inV2(status: string | null | undefined): StatusInV2 | undefined {
  return typeof status === 'string' ? wordOf(status) : undefined;
}
