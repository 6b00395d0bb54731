import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import type { Sandbox } from '../../src/index.js';
import { call, openPayment, openSandbox, openSubscription, openWorld } from '../support/world.js';

async function page(sandbox: Sandbox, query: string) {
  const { status, body } = await call(sandbox, `GET /v2/webhooks/events${query}`);
  const items: { id: string; type: string }[] = Object(body['items'] ?? []);
  return { status, types: items.map(({ type }) => type), cursor: body['nextCursor'], items };
}

test('the log is newest first, in pages, by type', async () => {
  const { sandbox } = await openWorld({ deliver: 'v1' });
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.pay(await openSubscription(sandbox));
  await sandbox.expire(await openPayment(sandbox));
  const first = await page(sandbox, '?limit=2');
  expect(first.types).toEqual(['checkout.expired', 'subscription.billed']);
  expect(first.cursor).toBe(first.items[1]?.id);
  const second = await page(sandbox, `?limit=2&cursor=${String(first.cursor)}`);
  expect(second.types).toEqual(['subscription.created', 'payment.completed']);
  expect(second.cursor).toBeNull();
  expect((await page(sandbox, '?type=payment.completed')).types).toEqual(['payment.completed']);
  expect((await page(sandbox, '?type=unheard.of')).items).toEqual([]);
});

test('limit is clamped to 1 to 100, and never refused', async () => {
  const sandbox = await openSandbox();
  for (let count = 0; count < 101; count += 1) await sandbox.expire(await openPayment(sandbox));
  const counted = async (query: string) => {
    const { status, items, cursor } = await page(sandbox, query);
    expect([status, cursor]).toEqual([200, items.at(-1)?.id]);
    return items.length;
  };
  for (const none of ['', '?limit=', '?limit=abc']) expect(await counted(none)).toBe(20);
  for (const low of ['-5', '0', '1', '1.9']) expect(await counted(`?limit=${low}`)).toBe(1);
  for (const high of ['100', '101', '1e300', 'Infinity'])
    expect(await counted(`?limit=${high}`)).toBe(100);
  expect(await counted('?limit=3&limit=5')).toBe(3);
});

test.each(['evt_none', 'v1'])('a cursor that is no event of v2 is refused: %s', async (cursor) => {
  const sandbox = await openSandbox();
  await sandbox.pay(await openPayment(sandbox));
  const id = cursor === 'v1' ? sandbox.events.find(({ version }) => version === 'v1')?.id : cursor;
  expect(await call(sandbox, `GET /v2/webhooks/events?cursor=${String(id)}`)).toMatchObject({
    status: 400,
    body: { code: 'validation_failed', details: { errors: [{ field: 'cursor' }] } },
  });
});

test('one event shows how it went to the endpoint, attempt by attempt', async () => {
  const { sandbox, receiver } = await openWorld({}, (response, number) => {
    response.writeHead(number === 1 ? 500 : 204).end();
  });
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.idle();
  const id = sandbox.events[0]?.id ?? '';
  await sandbox.redeliver(id);
  const { body } = await call(sandbox, `GET /v2/webhooks/events/${id}`);
  const attempt = (number: number, delivered: boolean, statusCode: number) => ({
    uuid: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    eventId: id,
    eventType: 'payment.completed',
    endpointUuid: sandbox.endpointUuid,
    attempt: number,
    delivered,
    statusCode,
    durationMs: expect.any(Number),
    attemptedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
  });
  expect(body).toMatchObject({ id, type: 'payment.completed', version: 'v2' });
  expect(body['deliveries']).toEqual([
    {
      endpointUuid: sandbox.endpointUuid,
      url: receiver.url,
      delivered: true,
      attempts: [attempt(1, false, 500), attempt(2, true, 204), attempt(3, true, 204)],
    },
  ]);
  const again = await call(sandbox, `GET /v2/webhooks/events/${id}`);
  expect(again.body).toEqual(body);
});

test('an attempt that got no answer says why, and one that nobody took is not delivered', async () => {
  const { sandbox } = await openWorld({ retryDelaysMs: [] }, (response) => response.destroy());
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.idle();
  const { body } = await call(sandbox, `GET /v2/webhooks/events/${sandbox.events[0]?.id ?? ''}`);
  expect(body['deliveries']).toMatchObject([
    { delivered: false, attempts: [{ delivered: false, error: expect.any(String) }] },
  ]);
  expect(JSON.stringify(body['deliveries'])).not.toContain('statusCode');
});

test('an event that went nowhere has no deliveries', async () => {
  const sandbox = await openSandbox({ clock: fakeClock() });
  await sandbox.pay(await openPayment(sandbox));
  const [event] = sandbox.events;
  const { body } = await call(sandbox, `GET /v2/webhooks/events/${event?.id ?? ''}`);
  expect(body).toEqual({ ...JSON.parse(event?.text ?? ''), deliveries: [] });
});

test('there is no event of v1 in the log of v2', async () => {
  const sandbox = await openSandbox();
  await sandbox.pay(await openPayment(sandbox));
  const v1 = sandbox.events.find(({ version }) => version === 'v1')?.id ?? '';
  expect((await call(sandbox, `GET /v2/webhooks/events/${v1}`)).status).toBe(404);
});
