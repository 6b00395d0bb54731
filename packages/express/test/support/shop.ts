import { createQBitFlow, type QBitFlow, type WebhookEvent } from '@qbitflow/core';
import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { onTestFinished } from 'vitest';
import { serve } from './serve.js';

const SECRET = 'whsec_test_0123456789';
export const PAID = 'pay@01a0c0c7-5a6b-4c7d-8e9f-0a1b2c3d4e5f';

interface Shop {
  readonly qbitflow: QBitFlow;
  readonly seen: WebhookEvent[];
}

/** A kit whose API knows one paid payment. */
export async function openShop(): Promise<Shop> {
  const api = await serve((request, response) => {
    const isKnown = request.url?.includes(encodeURIComponent(PAID)) === true;
    response.writeHead(isKnown ? 200 : 404, { 'content-type': 'application/json' });
    const payment = { uuid: PAID, status: 'completed' };
    response.end(JSON.stringify(isKnown ? payment : { error: 'no' }));
  });
  const qbitflow = createQBitFlow({
    logger: false,
    apiKey: 'sk_test',
    baseUrl: `${api}/v2`,
    webhookSecret: SECRET,
  });
  const seen: WebhookEvent[] = [];
  qbitflow.onAny((event) => seen.push(event));
  onTestFinished(async () => qbitflow.close());
  return { qbitflow, seen };
}

/** A v2 delivery whose bytes no JSON.stringify would write again. */
export function v2Delivery() {
  const body = JSON.stringify(fixtures.v2['payment.completed']()).replace('4.99', '4.990');
  return signDelivery({ version: 'v2', body, secret: SECRET });
}
