import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createQBitFlow,
  toNodeHandler,
  type QBitFlowOptions,
  type ReturnPageOptions,
} from '@qbitflow/core';
import type { onTestFinished } from 'vitest';

type Json = Readonly<Record<string, unknown>>;

/** A moment at which a customer looks at a return page: what the API says then. */
export interface PageState {
  readonly name: string;
  readonly page: 'success' | 'cancel';
  readonly uuid: string;
  /** What the API says of it; absent where it does not answer. */
  readonly status?: Json | undefined;
  /** The HTTP status of that answer. @default 200 */
  readonly httpStatus?: number | undefined;
  /** The payment or subscription, once there is one. */
  readonly transaction?: Json | undefined;
  readonly generation?: 'v1' | 'v2';
}

const pay = 'pay@01a0c0c7-5a6b-4c7d-8e9f-0a1b2c3d4e5f';
const sub = 'sub@02b1d1d8-6b7c-4d8e-9fa0-1b2c3d4e5f60';
const txHash = '0x9f2c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a';

const currency = { id: 1, symbol: 'USDC', name: 'USD Coin', decimals: 6 };
const settled = {
  txHash,
  chain: 'BASE',
  explorerUrl: `https://explorer.invalid/tx/${txHash}`,
  currency,
  createdAt: '2026-11-20T16:04:11Z',
  confirmedAt: '2026-11-20T16:05:42.123456Z',
  from: '0xcustomerwallet',
  customerReference: 'jane@customer.test',
};

/** A payment as v2's API tells it. */
export const payment = {
  ...settled,
  uuid: pay,
  name: 'Sencha green tea, 250 g',
  reference: 'ORDER-2026-00173',
  price: 24.5,
  amount: 24.9,
  amountMinUnits: '24900000',
};

const subscription = {
  ...settled,
  uuid: sub,
  reference: 'SUB-00042',
  priceUsd: '12.00',
  frequency: { value: 1, unit: 'months' },
  status: 'trial',
  currentPeriodEnd: '2026-12-04T16:05:42Z',
  nextBillingDate: '2026-12-04T16:05:42Z',
};

const failedAttempt = { status: 'failed', at: '2026-11-20T16:04:11Z' };

/** Every state of the page. */
export const pageStates: readonly PageState[] = [
  {
    name: 'paid',
    page: 'success',
    uuid: pay,
    status: { status: 'completed' },
    transaction: payment,
  },
  {
    name: 'paid-after-cancel',
    page: 'cancel',
    uuid: pay,
    status: { status: 'completed' },
    transaction: payment,
  },
  {
    name: 'subscribed',
    page: 'success',
    uuid: sub,
    status: { status: 'completed' },
    transaction: subscription,
  },
  { name: 'to-pay', page: 'success', uuid: pay, status: { status: 'created' } },
  { name: 'sent', page: 'success', uuid: pay, status: { status: 'waitingConfirmation' } },
  {
    name: 'confirming',
    page: 'success',
    uuid: pay,
    status: { status: 'waitingConfirmation', txHash },
  },
  {
    name: 'attempt-failed',
    page: 'success',
    uuid: pay,
    status: { status: 'created', lastAttempt: failedAttempt },
  },
  { name: 'left', page: 'cancel', uuid: pay, status: { status: 'created' } },
  { name: 'failed', page: 'success', uuid: pay, status: { status: 'failed' }, generation: 'v1' },
  { name: 'expired', page: 'success', uuid: pay, status: { status: 'expired' } },
  {
    name: 'unknown',
    page: 'success',
    uuid: pay,
    status: { error: 'no', code: 'not_found' },
    httpStatus: 404,
  },
  { name: 'invalid', page: 'success', uuid: '', status: {} },
  { name: 'api-away', page: 'success', uuid: pay },
  { name: 'crowded', page: 'success', uuid: pay, status: { error: 'slow down' }, httpStatus: 429 },
];

/** A shop with a name, a logo and a colour. */
export const brand = {
  name: 'Kumo Tea',
  logo: `data:image/svg+xml;base64,${Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40"><rect width="40" height="40" rx="10" fill="#0f766e"/><path d="M10 22c0-5 4-8 8-8 3 0 6 2 7 5 4 0 6 2 6 5s-2 5-6 5H16c-4 0-6-3-6-7z" fill="#fff"/><text x="48" y="27" font-family="sans-serif" font-size="20" font-weight="700" fill="#0f766e">Kumo</text></svg>').toString('base64')}`,
  accent: '#0f766e',
  homeUrl: 'https://shop.invalid/',
  supportUrl: 'mailto:help@shop.invalid',
} as const;

/** What differs from a shop with a brand. */
export interface StateShopOptions {
  readonly kit?: Partial<QBitFlowOptions> | undefined;
  readonly page?: ReturnPageOptions | undefined;
  readonly finished: typeof onTestFinished;
}

/** Opens a shop whose API says what `state` says. Returns the page's address, without a language. */
export async function openState(
  state: PageState,
  { kit = {}, page = { brand, retryUrl: '/checkout?again={{UUID}}' }, finished }: StateShopOptions,
): Promise<string> {
  const { generation = 'v2' } = state;
  const qbitflow = createQBitFlow({
    apiKey: 'sk_test_x',
    baseUrl: `https://api.invalid/${generation}`,
    webhookSecret: false,
    logger: false,
    fetch: async (input) => answer(state, addressOf(input)),
    ...kit,
  });
  const server = createServer(toNodeHandler(qbitflow, { success: page, cancel: page }));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  finished(async () => {
    server.close();
    server.closeAllConnections();
    await qbitflow.close();
  });
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}/${state.page}?uuid=${encodeURIComponent(state.uuid)}`;
}

/** Where a fetch goes. */
export function addressOf(input: string | URL | Request): string {
  return input instanceof Request ? input.url : input.toString();
}

function answer({ status, httpStatus = 200, transaction }: PageState, url: string): Response {
  if (status === undefined) throw new TypeError('fetch failed');
  if (/\/status(?:\?|$)/.test(url))
    return Response.json(status, { status: httpStatus, headers: { 'retry-after': '30' } });
  return transaction === undefined
    ? Response.json({ error: 'no', code: 'not_found' }, { status: 404 })
    : Response.json(transaction);
}
