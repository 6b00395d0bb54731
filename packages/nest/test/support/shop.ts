import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createQBitFlow, type QBitFlow, type QBitFlowOptions } from '@qbitflow/core';
import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { onTestFinished } from 'vitest';

const SECRET = 'whsec_test_0123456789';

/** A kit that takes the deliveries of {@link deliver}. */
export function openKit(options: Partial<QBitFlowOptions> = {}): QBitFlow {
  const qbitflow = createQBitFlow({ webhookSecret: SECRET, logger: false, ...options });
  onTestFinished(async () => qbitflow.close());
  return qbitflow;
}

/** Serves a listener on loopback until the test has finished; resolves with its URL. */
export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

/** A completed payment as QBitFlow sends it; no JSON.stringify would write its bytes again. */
export function paid() {
  const text = JSON.stringify(fixtures.v2['payment.completed']()).replace('4.99', '4.990');
  return signDelivery({ version: 'v2', body: text, secret: SECRET });
}

/** Sends it; resolves with the status. */
export async function deliver(url: string): Promise<number> {
  const { headers, body } = paid();
  const sent = { ...headers, 'content-type': 'application/json' };
  return (await fetch(url, { method: 'POST', headers: sent, body: new Uint8Array(body) })).status;
}
