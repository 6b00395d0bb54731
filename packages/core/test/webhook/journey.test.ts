import { createQBitFlow, toNodeHandler, type WebhookEvent } from '@qbitflow/core';
import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { serve } from '../support/serve.js';

const secret = 'whsec_test';

test('a signed delivery travels from the socket to the handler of its type, once', async () => {
  const seen: WebhookEvent[] = [];
  const qbitflow = createQBitFlow({ logger: false, webhookSecret: secret });
  onTestFinished(() => qbitflow.close());
  qbitflow.on('payment.completed', (event) => {
    seen.push(event);
  });
  const url = await serve(toNodeHandler(qbitflow));
  const { headers, body } = signDelivery({
    version: 'v2',
    body: fixtures.v2['payment.completed'](),
    secret,
  });
  const send = () => fetch(`${url}/webhook`, { method: 'POST', headers, body });

  const first = await send();
  expect([first.status, await first.json()]).toEqual([200, { received: true }]);
  await vi.waitFor(() => expect(seen).toHaveLength(1));
  const second = await send();
  expect([second.status, await second.json()]).toEqual([200, { received: true, duplicate: true }]);
  expect(seen[0]?.type).toBe('payment.completed');
});
