import { createQBitFlow } from '@qbitflow/core';
import { startSandbox } from '@qbitflow/sandbox';
import { expect, onTestFinished, test, vi } from 'vitest';
import { recoverNightly, untilNext } from '../recover-nightly.mjs';

test('what no webhook brought is fetched back and handled once', async () => {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  // No webhook URL: nothing is delivered, everything stands in the event log.
  const { apiKey, secret, v2Url } = sandbox;
  // The store is there first: what is older than it is left alone.
  const qbitflow = createQBitFlow({ logger: false, apiKey, baseUrl: v2Url, webhookSecret: secret });
  onTestFinished(() => qbitflow.close());
  const response = await fetch(`${v2Url}/transaction/session-checkout/new/payment`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
    body: JSON.stringify({ productName: 'Tea', price: 4.5, reference: 'order-1' }),
  });
  const { uuid } = await response.json();
  await sandbox.pay(uuid);

  const handled = [];
  qbitflow.on('payment.completed', (event) => {
    handled.push(event.data.reference);
  });
  const lines = [];
  const stop = recoverNightly(qbitflow, { log: (line) => lines.push(line) });
  onTestFinished(stop);
  await vi.waitFor(() => expect(handled).toEqual(['order-1']));
  await vi.waitFor(() => expect(lines).toEqual(['recovery: 1 of 1 events had been missed']));

  const again = await qbitflow.recover({ since: 0 });
  expect(again).toMatchObject({ seen: 1, recorded: 0, known: 1 });
  expect(handled).toEqual(['order-1']);
});

test('an API that is down is said so and changes nothing', async () => {
  const qbitflow = createQBitFlow({
    apiKey: 'sk',
    // A script that only recovers takes no deliveries.
    webhookSecret: false,
    baseUrl: 'http://127.0.0.1:9/v2',
  });
  qbitflow.recover = async () => {
    throw new Error('no answer');
  };
  const lines = [];
  const stop = recoverNightly(qbitflow, { log: (line) => lines.push(line) });
  await vi.waitFor(() => expect(lines).toEqual(['recovery: no answer; tried again tomorrow']));
  stop();
});

test('the night comes once a day', () => {
  expect(untilNext(3, new Date(2026, 0, 1, 2, 0))).toBe(3_600_000);
  expect(untilNext(3, new Date(2026, 0, 1, 3, 0))).toBe(24 * 3_600_000);
});
