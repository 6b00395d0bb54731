import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { call, openSandbox } from '../support/world.js';

test('what the API was asked is kept, as it was sent', async () => {
  const sandbox = await openSandbox({ clock: fakeClock(1_000) });
  await call(sandbox, 'GET /v2/webhooks/events?limit=1');
  await call(sandbox, 'POST /v1/webhooks/verify', {});
  await call(sandbox, 'GET /sandbox/sessions');
  await fetch(sandbox.url);
  expect(sandbox.requests).toEqual([
    { method: 'GET', path: '/v2/webhooks/events?limit=1', at: 1_000 },
    { method: 'POST', path: '/v1/webhooks/verify', at: 1_000 },
  ]);
  expect((await call(sandbox, 'GET /sandbox/requests')).body['items']).toEqual(sandbox.requests);
});

test('requests are counted by text and by expression, refused ones too', async () => {
  const sandbox = await openSandbox({ apiFault: { status: 503 } });
  await call(sandbox, 'GET /v2/webhooks/events');
  await call(sandbox, 'GET /v2/webhooks/events/evt_1');
  await call(sandbox, 'POST /v2/webhooks/verify', {});
  expect(sandbox.countRequests('webhooks')).toBe(3);
  expect(sandbox.countRequests('POST ')).toBe(1);
  expect(sandbox.countRequests(/^GET .*\/events$/g)).toBe(1);
  sandbox.clearRequests();
  expect(sandbox.countRequests('')).toBe(0);
});

test('only the newest requests are kept', async () => {
  const sandbox = await openSandbox({ keep: 2 });
  for (const number of [1, 2, 3, 4, 5]) await call(sandbox, `GET /v2/${number}`);
  expect(sandbox.requests.map(({ path }) => path)).toEqual(['/v2/4', '/v2/5']);
  expect(sandbox.countRequests('/v2/')).toBe(2);
});
