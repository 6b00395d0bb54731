import { parseEvent, type NewDelivery } from '@qbitflow/core';
import { fixtures } from '@qbitflow/core/testing';

/** A recorded payment as a store sees it; every number makes another one. */
export function payment(number: number, changes: Partial<NewDelivery> = {}): NewDelivery {
  const uuid = paymentId(number);
  const raw = Buffer.from(JSON.stringify(fixtures.v2['payment.completed']({ data: { uuid } })));
  return {
    key: `payment.completed:${uuid}`,
    subject: uuid,
    id: `evt_${number}`,
    type: 'payment.completed',
    version: 'v2',
    source: 'webhook',
    raw,
    headers: { 'qbitflow-event-id': `evt_${number}` },
    receivedAt: 1_790_856_000_000,
    ...changes,
  };
}

export function paymentId(number: number): string {
  return `pay@01a0c0c7-5a6b-4c7d-8e9f-${String(number).padStart(12, '0')}`;
}

/** The event inside a delivery. */
export function eventOf(delivery: NewDelivery) {
  const parsed = parseEvent({ version: delivery.version, body: delivery.raw });
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.event;
}
