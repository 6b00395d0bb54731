import { expect, test } from 'vitest';
import { openPayment, openWorld } from '../support/world.js';

test('anything but success is tried again with the same event id until it is accepted', async () => {
  const { sandbox, receiver } = await openWorld({}, (response, number) => {
    response.statusCode = [500, 503, 204][number - 1] ?? 500;
    response.end();
  });
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.idle();
  expect(sandbox.deliveries[0]).toMatchObject({
    state: 'delivered',
    attempts: [{ status: 500 }, { status: 503 }, { status: 204 }],
  });
  const ids = receiver.received.map(({ headers }) => headers['qbitflow-event-id']);
  expect(new Set(ids)).toEqual(new Set([sandbox.events[0]?.id]));
});

test('v1 takes nothing but 200', async () => {
  const { sandbox } = await openWorld({ deliver: 'v1' }, (response, number) => {
    response.statusCode = number === 1 ? 204 : 200;
    response.end();
  });
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.idle();
  expect(sandbox.deliveries[0]).toMatchObject({ attempts: [{ status: 204 }, { status: 200 }] });
});

test('a delivery is given up when its retries are used up', async () => {
  const { sandbox } = await openWorld({}, (response) => {
    response.statusCode = 401;
    response.end();
  });
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.idle();
  expect(sandbox.deliveries[0]?.state).toBe('failed');
  expect(sandbox.deliveries[0]?.attempts).toHaveLength(4);
});

test('redirects are failures, not directions', async () => {
  const { sandbox, receiver } = await openWorld({}, (response, number) => {
    if (number === 1) response.writeHead(307, { location: '/elsewhere' });
    response.end();
  });
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.idle();
  expect(receiver.received).toHaveLength(2);
  expect(sandbox.deliveries[0]).toMatchObject({ attempts: [{ status: 307 }, { status: 200 }] });
});

test('an answer that does not come in time counts as none', async () => {
  const { sandbox } = await openWorld({ deliveryTimeoutMs: 50 }, (response, number) => {
    if (number > 1) response.end();
  });
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.idle();
  expect(sandbox.deliveries[0]).toMatchObject({
    state: 'delivered',
    attempts: [{ error: 'no answer within 50 ms' }, { status: 200 }],
  });
});

test('an endless answer is cut off, its status counts', async () => {
  const { sandbox } = await openWorld({}, (response) => {
    // A write to a connection that is gone calls back at once, with the error: going on would never end.
    const more = (error?: Error | null): void => {
      if (!error && !response.destroyed) response.write('x'.repeat(16_384), more);
    };
    more();
  });
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.idle();
  expect(sandbox.deliveries[0]).toMatchObject({ state: 'delivered', attempts: [{ status: 200 }] });
});

test('nobody listening is a failed attempt, and closing stops the retries', async () => {
  const { sandbox, receiver } = await openWorld({ retryDelaysMs: [60_000] });
  await receiver.close();
  await sandbox.pay(await openPayment(sandbox));
  await expect.poll(() => sandbox.deliveries[0]?.attempts.length).toBe(1);
  await sandbox.close();
  expect(sandbox.deliveries[0]).toMatchObject({ state: 'stopped', attempts: [{ number: 1 }] });
});

test('closing cuts a delivery that waits for its answer', async () => {
  const { sandbox, receiver } = await openWorld({}, () => undefined);
  await sandbox.pay(await openPayment(sandbox));
  await expect.poll(() => receiver.received.length).toBe(1);
  await sandbox.close();
  expect(sandbox.deliveries[0]).toMatchObject({ state: 'stopped' });
});
