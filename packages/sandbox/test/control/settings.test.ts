import { expect, test } from 'vitest';
import { call, openPayment, openSandbox, openWorld } from '../support/world.js';

test('scenarios change at run time', async () => {
  const { sandbox, receiver } = await openWorld({ scenarios: ['duplicate'] });
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.idle();
  expect(receiver.received).toHaveLength(2);
  sandbox.setScenarios([]);
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.idle();
  expect(receiver.received).toHaveLength(3);
  sandbox.setScenarios(['both-generations', 'duplicate']);
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.idle();
  expect(receiver.received).toHaveLength(7);
  // @ts-expect-error what a caller without types may pass
  expect(() => sandbox.setScenarios(['teleport'])).toThrow('there is no scenario "teleport"');
});

test('everything that changes at run time can be changed over HTTP', async () => {
  const sandbox = await openSandbox();
  const wanted = {
    webhookUrl: 'http://127.0.0.1:9/webhook',
    scenarios: ['stale', 'duplicate'],
    webSocket: 'silent',
    apiFault: { status: 429, retryAfterSeconds: 2, drop: false, paths: 'status$' },
  };
  expect((await call(sandbox, 'POST /sandbox/settings', wanted)).body).toEqual(wanted);
  const path = '/v2/transaction/session-checkout/pay@1/status';
  expect((await call(sandbox, `GET ${path}`)).status).toBe(429);
  await call(sandbox, 'POST /sandbox/settings', { apiFault: null, scenarios: [] });
  expect((await call(sandbox, 'GET /sandbox/settings')).body).toEqual({
    ...wanted,
    scenarios: [],
    apiFault: null,
  });
});

test.each([
  [{ scenarios: ['teleport'] }, 'there is no scenario "teleport"'],
  [{ webSocket: 'shout' }, 'there is no WebSocket mode "shout"'],
  [{ webhookUrl: 'https://example.com' }, 'is not this machine'],
  [{ apiFault: { status: '429' } }, 'status must be a number'],
  [{ apiFault: { paths: '(' } }, 'Invalid regular expression'],
  [{ toString: 1 }, 'there is no setting toString'],
])('%j is refused', async (body, message) => {
  const sandbox = await openSandbox();
  const answer = await call(sandbox, 'POST /sandbox/settings', body);
  expect(answer.status).toBe(400);
  expect(answer.body['error']).toContain(message);
});
