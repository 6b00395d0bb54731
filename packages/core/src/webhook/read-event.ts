import type { WebhookEvent } from '../event/types.js';
import type { TakenDelivery } from '../store/durable-store.js';
import type { ParseResult } from '../protocol/parse-result.js';
import { parseEvent } from './parse-event.js';

/** The event of a taken delivery: handed over by a store in this process, or read again from its bytes. */
export function readEvent(taken: TakenDelivery): ParseResult {
  if (isEvent(taken.event)) return { ok: true, event: taken.event };
  return parseEvent({ version: taken.version, body: taken.raw });
}

/** Only `record` puts something there, and it puts what `parseEvent` made. */
function isEvent(value: unknown): value is WebhookEvent {
  return typeof value === 'object' && value !== null && 'type' in value && 'key' in value;
}
