import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createQBitFlow, type QBitFlow, type QBitFlowOptions, toNodeHandler } from '@qbitflow/core';
import type { FakeClock } from '@qbitflow/core/testing';
import { onTestFinished } from 'vitest';
import { type Operator, operatorOf } from '../../../packages/core/test/desk/support/operator.js';

/** A process of a shop that is served, with a desk that Ada may see. */
export interface DeskProcess {
  readonly url: string;
  readonly kit: QBitFlow;
  readonly ada: Operator;
  /** Ends it before the test does. */
  readonly close: () => Promise<void>;
}

/** Serves a kit on loopback until the test has finished; `register` gives it handlers before it starts. */
export async function openDeskProcess(
  options: Omit<QBitFlowOptions, 'clock'> & { readonly clock?: FakeClock },
  register: (kit: QBitFlow) => void = () => undefined,
): Promise<DeskProcess> {
  const kit = createQBitFlow({ logger: false, ...options });
  register(kit);
  await kit.start();
  const server = createServer(toNodeHandler(kit, { desk: { authorize: () => 'Ada' } }));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let closed: Promise<void> | undefined;
  const closeOnce = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    const closing = kit.close();
    // What it waits for has a time limit, which a clock that stands still would never reach.
    await options.clock?.advance(60_000);
    await closing;
  };
  const close = async (): Promise<void> => (closed ??= closeOnce());
  onTestFinished(close);
  return { url, kit, close, ada: operatorOf({ handleDesk: overHttp(url) }) };
}

/** The desk as a browser reaches it. */
function overHttp(url: string): QBitFlow['handleDesk'] {
  return async ({ method, url: path, rawBody }) => {
    const isPost = method === 'POST';
    const response = await fetch(url + path, {
      method,
      redirect: 'manual',
      ...(isPost && {
        body: String(rawBody),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }),
    });
    const headers = Object.fromEntries(response.headers);
    return { status: response.status, headers, body: await response.text() };
  };
}
