import { expect, test } from 'vitest';
import { startSandbox, type Scenario } from '../../src/index.js';
import { digestV2 } from '../support/formula.js';
import { openPayment, openSubscription, openWorld } from '../support/world.js';

async function paid(scenario: Scenario, rejectFirst = false) {
  const { sandbox, receiver } = await openWorld({ scenarios: [scenario] }, (response, number) => {
    response.statusCode = rejectFirst && number === 1 ? 401 : 200;
    response.end();
  });
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.idle();
  return { sandbox, received: receiver.received };
}

test('duplicate: one event comes twice', async () => {
  const { received } = await paid('duplicate');
  expect(received).toHaveLength(2);
  expect(received[0]?.body).toBe(received[1]?.body);
});

test('out-of-order: the bill comes before its subscription', async () => {
  const { sandbox, receiver } = await openWorld({ scenarios: ['out-of-order'] });
  await sandbox.pay(await openSubscription(sandbox));
  await sandbox.idle();
  expect(receiver.received.map(({ headers }) => headers['qbitflow-event-type'])).toEqual([
    'subscription.billed',
    'subscription.created',
  ]);
});

test('redirect-first: the customer is back before anything was sent', async () => {
  const { sandbox, receiver } = await openWorld({ scenarios: ['redirect-first'] });
  const { session, redirectUrl } = await sandbox.pay(await openPayment(sandbox));
  expect(session.status).toBe('completed');
  expect(redirectUrl).toContain('type=payment');
  expect(receiver.received).toHaveLength(0);
  await sandbox.idle();
  expect(receiver.received).toHaveLength(1);
});

test('wrong-secret: a forgery first, then the genuine one', async () => {
  const { received } = await paid('wrong-secret', true);
  const genuine = received.map((delivery) =>
    String(delivery.headers['qbitflow-signature']).includes(digestV2(delivery, 'whsec_sandbox')),
  );
  expect(genuine).toEqual([false, true]);
});

test('stale: rightly signed but ten minutes old, then fresh', async () => {
  const { received } = await paid('stale', true);
  const [old, fresh] = received.map((delivery) => {
    const signature = String(delivery.headers['qbitflow-signature']);
    expect(signature).toContain(digestV2(delivery, 'whsec_sandbox'));
    return Number(/t=(\d+)/.exec(signature)?.[1]);
  });
  expect((fresh ?? 0) - (old ?? 0)).toBeGreaterThanOrEqual(600);
});

test('dropped-answer: the merchant answered, and the event comes again', async () => {
  const { sandbox, received } = await paid('dropped-answer');
  expect(received).toHaveLength(2);
  expect(sandbox.deliveries[0]).toMatchObject({
    state: 'delivered',
    attempts: [{ error: 'the connection was cut before the answer was read' }, { status: 200 }],
  });
});

test('both-generations: v1 and v2 report one payment', async () => {
  const { sandbox, received } = await paid('both-generations');
  expect(sandbox.deliveries.map(({ version }) => version)).toEqual(['v2', 'v1']);
  const headers = Object.assign({}, ...received.map((delivery) => delivery.headers));
  expect(headers).toHaveProperty('qbitflow-signature');
  expect(headers).toHaveProperty('x-webhook-signature-256');
});

test('future-type: a type that nobody knows comes too, and is in the event log', async () => {
  const { sandbox, received } = await paid('future-type');
  const types = received.map(({ headers }) => headers['qbitflow-event-type']);
  expect(new Set(types)).toEqual(new Set(['payment.completed', 'loyalty.pointsGranted']));
  expect(sandbox.events.map(({ type }) => type)).toContain('loyalty.pointsGranted');
});

test('slow-body: the body comes in pieces and is whole in the end', async () => {
  const { received } = await paid('slow-body');
  expect(received[0]?.chunks).toBe(4);
  expect(JSON.parse(received[0]?.body ?? '')).toMatchObject({ type: 'payment.completed' });
});

test('an unknown scenario is refused with the names there are', async () => {
  // @ts-expect-error what a caller without types may pass
  await expect(startSandbox({ scenarios: ['teleport'] })).rejects.toThrow(
    'there is no scenario "teleport": choose from duplicate, out-of-order, redirect-first, ' +
      'wrong-secret, stale, dropped-answer, both-generations, future-type, slow-body',
  );
});
