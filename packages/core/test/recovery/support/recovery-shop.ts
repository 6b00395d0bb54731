import { memoryStore, type DurableStore, type WebhookEvent } from '@qbitflow/core';
import { fakeClock, fixtures, type FakeClock } from '@qbitflow/core/testing';
import { startApi, type ApiServer } from '../../api/support/api-server.js';
import { openShop, type Shop } from '../../support/shop.js';

export const PAYMENT = 'pay@01a0c0c7-5a6b-4c7d-8e9f-000000000001';
export const SUBSCRIPTION = 'sub@01a0c0c7-5a6b-4c7d-8e9f-000000000002';

const NOW = 1_790_856_000_000;
const DAY_MS = 86_400_000;

/** A memory store that remembers a day: what the fixtures tell of happened within it. */
export async function storeOfYesterday(): Promise<{ clock: FakeClock; store: DurableStore }> {
  const clock = fakeClock(NOW - DAY_MS);
  const store = memoryStore({ clock });
  await clock.advance(DAY_MS);
  return { clock, store };
}

/** A shop beside an API, whose handlers write down what they handled. */
export interface RecoveryShop extends Shop {
  readonly api: ApiServer;
  /** Events that reached the handlers. */
  readonly handled: WebhookEvent[];
  /** Their keys. */
  readonly keys: () => string[];
  /** The paths of the API that were asked, without queries. */
  readonly paths: () => string[];
}

export async function openRecoveryShop(
  options: {
    generation?: 'v1' | 'v2';
    clock?: FakeClock;
    store?: DurableStore;
    apiPath?: string;
  } = {},
): Promise<RecoveryShop> {
  const { generation = 'v2', ...rest } = options;
  const api = await startApi();
  const shop = openShop({
    ...(await storeOfYesterday()),
    ...rest,
    apiKey: 'sk_test',
    baseUrl: `${api.origin}/${generation}`,
  });
  const handled: WebhookEvent[] = [];
  shop.kit.onAny(
    (event) => {
      handled.push(event);
    },
    { name: 'collect' },
  );
  return {
    ...shop,
    api,
    handled,
    keys: () => handled.map(({ key }) => key),
    paths: () => api.requests.map(({ url }) => decodeURIComponent(url.split('?', 1)[0] ?? '')),
  };
}

export type LogItem = Readonly<Record<string, unknown>>;

/** v2's event log, newest first, `pageSize` at a time whatever was asked for. */
export function serveLog(
  api: ApiServer,
  items: readonly LogItem[],
  pageSize = 100,
): { readonly cursors: (string | null)[] } {
  const cursors: (string | null)[] = [];
  api.on('/v2/webhooks/events', (response) => {
    const query = new URL(api.requests.at(-1)?.url ?? '', api.origin).searchParams;
    const cursor = query.get('cursor');
    cursors.push(cursor);
    const start = cursor === null ? 0 : items.findIndex(({ id }) => id === cursor) + 1;
    const page = items.slice(start, start + pageSize);
    const isLast = start + pageSize >= items.length;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ items: page, nextCursor: isLast ? null : page.at(-1)?.['id'] }));
  });
  return { cursors };
}

/** A completed payment in the log; a higher number is an earlier one. */
export function logged(number: number, changes: LogItem = {}): LogItem {
  const uuid = `pay@01a0c0c7-5a6b-4c7d-8e9f-${String(number).padStart(12, '0')}`;
  const at = new Date(1_790_856_000_000 - number * 60_000).toISOString();
  return fixtures.v2['payment.completed']({
    id: `evt_${number}`,
    createdAt: at,
    data: { uuid },
    ...changes,
  });
}

export const keyOf = (number: number): string =>
  `payment.completed:pay@01a0c0c7-5a6b-4c7d-8e9f-${String(number).padStart(12, '0')}`;
