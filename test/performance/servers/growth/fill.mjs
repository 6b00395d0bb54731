// Fills a store through its own contract, as many at once as pays: recorded, taken and completed, each one.
import { randomUUID } from 'node:crypto';

const AT_ONCE = 1_000;
const LEASE_MS = 60_000;
/** A type that no handler of the kit in this process wants, so that its worker leaves it alone. */
const FILLER = 'growth.filler';

const BODY = JSON.stringify({ type: FILLER, padding: 'x'.repeat(1_200) });

/** A delivery of about 1.3 kB that is like no other, with bytes of its own. */
export function newDelivery(type = FILLER) {
  const uuid = randomUUID();
  return {
    key: `${type}:pay@${uuid}`,
    subject: `pay@${uuid}`,
    id: `evt_${randomUUID()}`,
    type,
    version: 'v2',
    source: 'webhook',
    raw: Buffer.from(BODY.replace('x'.repeat(36), uuid)),
    headers: { 'qbitflow-signature': `t=1790856000,v1=${uuid.replaceAll('-', '').repeat(2)}` },
    receivedAt: Date.now(),
    reference: `order-${uuid}`,
  };
}

/** Records `count` dead letters, each with a reason of its own. Resolves with what takes them away again. */
export async function fillDead(store, count) {
  const dead = Array.from({ length: count }, () => newDelivery('growth.dead'));
  await Promise.all(
    dead.map(async (delivery) => store.record({ ...delivery, dead: `no stock: ${delivery.id}` })),
  );
  return async () => {
    await Promise.all(dead.map(async ({ key }) => store.discard(key)));
  };
}

/** Records `count` deliveries of `type`, which wait. */
export async function fillDue(store, count, type) {
  for (let left = count; left > 0; left -= AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, left) }, () => newDelivery(type));
    await Promise.all(some.map((delivery) => store.record(delivery)));
  }
}

/** Takes and completes whatever of `type` is due. */
export async function workOff(store, type) {
  const options = { limit: AT_ONCE, leaseMs: LEASE_MS, types: { only: [type] } };
  for (;;) {
    const taken = await store.takeDue(options);
    if (taken.length === 0) return;
    await Promise.all(taken.map(({ key, token }) => store.complete({ key, token }, NO_PROGRESS)));
  }
}

const NO_PROGRESS = { succeeded: ['handler-1'] };

/** Brings `count` more deliveries to `done`; the store may take each in the step that records it. */
export async function fillDone(store, count) {
  for (let left = count; left > 0; left -= AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, left) }, () => newDelivery());
    const outcomes = await Promise.all(
      some.map(async (delivery) => {
        const { taken } = await store.record(delivery, { leaseMs: LEASE_MS });
        if (taken === undefined) return false;
        await store.complete({ key: delivery.key, token: taken.token }, NO_PROGRESS);
        return true;
      }),
    );
    if (outcomes.includes(false)) await workOff(store, FILLER);
  }
}
