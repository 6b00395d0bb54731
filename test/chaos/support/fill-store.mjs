import { bodyOf, makeEvents } from './events.mjs';

const AT_ONCE = 1_000;
const LEASE_MS = 60_000;

/** Puts `rows` done and `rows` due deliveries into a store, with bodies of about `bytes`. */
export async function fillStore(store, { rows, bytes, random }) {
  const filler = 'x'.repeat(Math.max(0, bytes - 1_200));
  for (let from = 0; from < rows; from += AT_ONCE) {
    const size = Math.min(AT_ONCE, rows - from);
    await recordAll(store, makeEvents(random, size, filler));
    await completeAll(store);
  }
  for (let from = 0; from < rows; from += AT_ONCE)
    await recordAll(store, makeEvents(random, Math.min(AT_ONCE, rows - from), filler));
}

async function recordAll(store, events) {
  await Promise.all(events.map(async (event) => store.record(deliveryOf(event))));
}

function deliveryOf(event) {
  const { key, uuid, id } = event;
  return {
    key,
    subject: uuid,
    id,
    type: 'payment.completed',
    version: 'v2',
    source: 'webhook',
    raw: Buffer.from(JSON.stringify(bodyOf(event))),
    headers: { 'qbitflow-signature': 't=1790856000,v1=00' },
    receivedAt: 1_790_856_000_000,
  };
}

async function completeAll(store) {
  for (;;) {
    const taken = await store.takeDue({ limit: AT_ONCE, leaseMs: LEASE_MS });
    if (taken.length === 0) return;
    await Promise.all(taken.map(async (one) => store.complete(one, { succeeded: [] })));
  }
}
