import { createQBitFlow, type QBitFlow } from '@qbitflow/core';
import { type FakeClock, fixtures, signDelivery } from '@qbitflow/core/testing';
import { onTestFinished } from 'vitest';
import { serve } from './serve.js';

const SECRET = 'whsec_test_0123456789';

/** The payment that the API knows. */
export const OPEN = 'pay@01a0c0c7-5a6b-4c7d-8e9f-0a1b2c3d4e60';

/** A kit whose API knows one open payment. */
export async function openShop({ clock }: { clock?: FakeClock } = {}): Promise<{
  readonly qbitflow: QBitFlow;
}> {
  const api = await serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ uuid: OPEN, status: 'created' }));
  });
  const qbitflow = createQBitFlow({
    logger: false,
    apiKey: 'sk_test',
    baseUrl: `${api}/v2`,
    webhookSecret: SECRET,
    clock,
  });
  onTestFinished(async () => {
    const closing = qbitflow.close();
    await clock?.advance(60_000);
    await closing;
  });
  return { qbitflow };
}

/** A v2 delivery whose bytes no JSON.stringify would write again. */
export function v2Delivery() {
  const body = JSON.stringify(fixtures.v2['payment.completed']()).replace('4.99', '4.990');
  return signDelivery({ version: 'v2', body, secret: SECRET });
}
