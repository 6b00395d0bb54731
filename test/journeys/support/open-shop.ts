import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DurableStore, QBitFlow } from '@qbitflow/core';
import { type Sandbox, type SandboxOptions, type Scenario, startSandbox } from '@qbitflow/sandbox';
import { onTestFinished } from 'vitest';
import { createShop as createExpressShop } from '../../../examples/express-shop/shop.mjs';
import { createShop as createKoaShop } from '../../../examples/koa-shop/shop.mjs';
import { openStore } from './open-store.js';

/** The shops of the examples. */
export const shops = [
  { name: 'the Express shop', createShop: createExpressShop },
  { name: 'the Koa shop', createShop: createKoaShop },
] as const;

/** One of them, for what is core's page alone and no framework has a part in. */
export const oneShop = shops.filter(({ name }) => name.includes('Express'));

export type CreateShop = (typeof shops)[number]['createShop'];

export interface Order {
  readonly reference: string;
  readonly fulfilled: number;
}

/** A shop beside a sandbox of its own, until the test has finished. */
export interface OpenShop {
  readonly url: string;
  readonly sandbox: Sandbox;
  readonly orders: () => Order[];
  readonly qbitflow: QBitFlow;
  readonly server: Server;
}

/** What the sandbox shall be like, and by which API generation the shop speaks to it. */
export interface OpenShopOptions extends SandboxOptions {
  readonly generation?: 'v1' | 'v2';
  /** @default SQLite in a file of its own */
  readonly store?: DurableStore;
  /** Whose end closes everything: tests that run side by side each have their own. */
  readonly finished?: typeof onTestFinished;
}

/** Opens a shop for customers, with a QBitFlow in which the given things go wrong. */
export async function openShop(
  createShop: CreateShop,
  scenarios: readonly Scenario[] = [],
  {
    generation = 'v2',
    finished = onTestFinished,
    store: given,
    ...sandboxOptions
  }: OpenShopOptions = {},
): Promise<OpenShop> {
  const retryDelaysMs = [20, 20, 20];
  const sandbox = await startSandbox({ scenarios, retryDelaysMs, ...sandboxOptions });
  finished(() => sandbox.close());
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const baseUrl = generation === 'v1' ? sandbox.v1Url : sandbox.v2Url;
  const { apiKey, secret: webhookSecret } = sandbox;
  const log = (): void => undefined;
  const store = given ?? (await openStore(finished));
  const settings = { baseUrl, apiKey, webhookSecret, url, log, store };
  const { listener, qbitflow, orders } = createShop(settings);
  server.on('request', listener);
  finished(async () => {
    server.close();
    server.closeAllConnections();
    await qbitflow.close();
  });
  sandbox.setWebhookUrl(`${url}/qbitflow/webhook`);
  await qbitflow.start();
  // The examples are JavaScript: what their orders are is said here.
  const listed = (): Order[] => [...(orders as Map<string, Order>).values()];
  return { url, sandbox, orders: listed, qbitflow, server };
}
