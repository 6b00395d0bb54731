import { parseEvent } from '@qbitflow/core';
import { expect, test } from 'vitest';
import type { Sandbox } from '../../src/index.js';
import { call, openPayment, openSandbox, openSubscription, payment } from '../support/world.js';

/** `<version> <key>` of every event in the log, in its order. */
function keys(sandbox: Sandbox): string[] {
  return sandbox.events.map(({ version, text }) => {
    const result = parseEvent({ version, body: text });
    return `${version} ${result.ok ? result.event.key : result.problem}`;
  });
}

test('both generations of one payment have one key', async () => {
  const sandbox = await openSandbox();
  const uuid = await openPayment(sandbox, { reference: 'order-1' });
  await sandbox.pay(uuid);
  const key = `payment.completed:${uuid.slice('pay@'.length)}`;
  expect(keys(sandbox).map((line) => line.replace('pay@', ''))).toEqual([`v2 ${key}`, `v1 ${key}`]);
});

test('a subscription and its bill are told alike by both', async () => {
  const sandbox = await openSandbox();
  await sandbox.pay(await openSubscription(sandbox));
  const [created, billed, createdV1, billedV1] = keys(sandbox);
  expect(created).toMatch(/^v2 subscription\.created:/);
  expect(billed).toMatch(/^v2 subscription\.billed:/);
  expect(createdV1).toBe(created?.replace('v2', 'v1'));
  expect(billedV1).toBe(billed?.replace('v2', 'v1'));
});

test('so is an expired checkout', async () => {
  const sandbox = await openSandbox();
  await sandbox.expire(
    await openSubscription(sandbox, { trialPeriod: { value: 7, unit: 'days' } }),
  );
  const [v2, v1] = keys(sandbox);
  expect(v2).toMatch(/^v2 checkout\.expired:/);
  expect(v1).toBe(v2?.replace('v2', 'v1'));
});

test("SDK 1.x's bodies are understood too", async () => {
  const sandbox = await openSandbox();
  const create = 'POST /v1/transaction/session-checkout/';
  const { body } = await call(sandbox, create, payment);
  await sandbox.pay(String(body['uuid']));
  const [v2, v1] = keys(sandbox);
  expect(v2).toMatch(/^v2 payment\.completed:/);
  expect(v1).toBe(v2?.replace('v2', 'v1'));
});
