import type { DeliverySource, LaterWebhook, NewDelivery } from '@qbitflow/core';
import { deepEqual, equal } from 'node:assert/strict';
import { hasFields, sameBytes } from '../support/asserting.js';
import type { DurableBench } from './case.js';
import { delivery, keyOf } from './delivery.js';
import { takeNext } from './taking.js';

const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, index) => 255 - index);

/** What a success page found of payment 1. */
export const look = (source: DeliverySource = 'return'): NewDelivery =>
  delivery(1, {
    source,
    id: keyOf(1),
    version: 'v1',
    raw: Buffer.from('{"thin":true}'),
    headers: {},
  });

/** The webhook about it, the `number`th one that comes. */
export const webhook = (number: number): NewDelivery => ({
  ...delivery(number, {
    raw: Buffer.concat([EVERY_BYTE, Buffer.from(String(number))]),
    headers: { 'qbitflow-signature': `t=1,v1=${number}`, 'x-odd': `'"\\%{}[]:;,$1 \u00fc` },
  }),
  key: keyOf(1),
  subject: delivery(1).subject,
});

const ownFacts = ({ id, version, receivedAt }: LaterWebhook) => ({ id, version, receivedAt });

/** Asserts what one of them alone brings, field by field. */
export function sameBody(
  actual: LaterWebhook | undefined,
  expected: LaterWebhook,
  what: string,
): void {
  hasFields(actual, ownFacts(expected), what);
  sameBytes(actual?.raw, expected.raw);
  deepEqual({ ...actual?.headers }, expected.headers, what);
}

/** Asserts that the record of the look has this webhook beside it. */
export async function hasBoth(bench: DurableBench, first: NewDelivery, later: NewDelivery) {
  const stored = await bench.store.get(keyOf(1));
  const { key, subject, type, source } = first;
  hasFields(stored, { key, subject, type, source }, 'the record stays what it was');
  sameBody(stored, first, 'the look');
  sameBody(stored?.webhook, later, 'the webhook beside it');
}

/** Takes delivery 1 and asserts that it comes with the webhook's body. */
export async function takeAsWebhook(bench: DurableBench, later: NewDelivery): Promise<void> {
  const taken = await takeNext(bench);
  sameBody(taken, later, 'taken');
  hasFields(taken, { key: keyOf(1), type: later.type, subject: later.subject }, 'taken');
  equal(taken.source, 'return', 'the source stays what it was');
}
