import type { HttpRequest } from '@qbitflow/core';
import { fixtures } from '@qbitflow/core/testing';
import { describe, expect, test } from 'vitest';
import { paymentId } from '../support/deliveries.js';
import { openShop, type Shop } from '../support/shop.js';
import { parseScrape } from './support/prometheus.js';

const scrape: HttpRequest = { method: 'GET', url: '/metrics', client: '10.0.0.7', headers: {} };

async function scraped({ kit }: Pick<Shop, 'kit'>) {
  const { status, headers, body } = await kit.handleMetrics(scrape);
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  const families = parseScrape(body);
  return {
    body,
    families,
    value: (name: string, labels: Readonly<Record<string, string>> = {}): number | undefined => {
      const family = families.get(name.replace(/_(?:bucket|count|sum)$/, '')) ?? families.get(name);
      return family?.samples.find(
        (sample) =>
          sample.name === name &&
          Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
      )?.value;
    },
  };
}

async function openWorked(): Promise<Shop> {
  const shop = openShop({ handlers: { maxAttempts: 2, minBackoffMs: 1_000, maxBackoffMs: 1_000 } });
  shop.kit.on('payment.completed', ({ data }) => {
    if (data.uuid === paymentId(2)) throw new Error('no stock for jane@customer.example');
  });
  await shop.kit.start();
  for (const number of [1, 2, 3]) {
    const body = fixtures.v2['payment.completed']({
      id: `evt_${number}`,
      data: { uuid: paymentId(number) },
    });
    await shop.deliver(body);
    if (number === 1) await shop.deliver(body);
  }
  await shop.clock.advance(40_000);
  return shop;
}

test('what is in the inbox, by state', async () => {
  const { value, families } = await scraped(await openWorked());
  expect(value('qbitflow_deliveries', { state: 'done' })).toBe(2);
  expect(value('qbitflow_deliveries', { state: 'dead' })).toBe(1);
  expect(value('qbitflow_deliveries', { state: 'due' })).toBe(0);
  expect(value('qbitflow_oldest_due_age_seconds')).toBe(0);
  expect(families.get('qbitflow_handler_duration_seconds')?.type).toBe('histogram');
});

test('what was done, by type, and how long handlers took', async () => {
  const { value } = await scraped(await openWorked());
  const type = 'payment.completed';
  expect(value('qbitflow_deliveries_received_total', { type })).toBe(4);
  expect(value('qbitflow_deliveries_duplicate_total', { type })).toBe(1);
  expect(value('qbitflow_deliveries_done_total', { type })).toBe(2);
  expect(value('qbitflow_attempts_failed_total', { type })).toBe(2);
  expect(value('qbitflow_deliveries_dead_total', { type })).toBe(1);
  expect(value('qbitflow_handler_duration_seconds_count', { type })).toBe(4);
});

test('counters only grow, also over hours in which minutes come and go', async () => {
  const shop = await openWorked();
  const type = 'payment.completed';
  let before = (await scraped(shop)).value('qbitflow_deliveries_done_total', { type }) ?? 0;
  for (let number = 10; number < 16; number += 1) {
    await shop.deliver(
      fixtures.v2['payment.completed']({ id: `evt_${number}`, data: { uuid: paymentId(number) } }),
    );
    await shop.clock.advance(1_800_000);
    const now = (await scraped(shop)).value('qbitflow_deliveries_done_total', { type }) ?? 0;
    expect(now).toBe(before + 1);
    before = now;
  }
});

test('a scrape holds no key, no id, no body and no error', async () => {
  const { body } = await scraped(await openWorked());
  for (const secret of ['pay@', 'evt_', 'stock', 'jane', 'order'])
    expect(body).not.toContain(secret);
});

test('an odd type of event stays one label', async () => {
  const shop = openShop();
  const type = 'a"b\\c';
  Object.assign(shop.kit.deliveries, {
    activity: async () => ({
      processes: [],
      hours: [],
      minutes: [
        {
          from: shop.clock.now(),
          types: {
            [type]: {
              received: 1,
              duplicates: 0,
              done: 0,
              failed: 0,
              dead: 0,
              totalMs: 0,
              durations: [],
            },
          },
        },
      ],
    }),
  });
  expect((await scraped(shop)).value('qbitflow_deliveries_received_total', { type })).toBe(1);
});

describe('who may read them', () => {
  test.each<[string, Partial<HttpRequest>]>([
    ['a public address', { client: '203.0.113.9' }],
    ['a public address in IPv6', { client: '2001:db8::1' }],
    ['an unknown client', { client: undefined }],
    ['whoever comes through a proxy', { headers: { 'x-forwarded-for': '10.0.0.7' } }],
  ])('without authorize not %s', async (_name, changes) => {
    expect((await openShop().kit.handleMetrics({ ...scrape, ...changes })).status).toBe(403);
  });

  test.each([
    '127.0.0.1',
    '::1',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    'fd12:3456::1',
    '::ffff:10.0.0.1',
  ])('without authorize %s', async (client) => {
    expect((await openShop().kit.handleMetrics({ ...scrape, client })).status).toBe(200);
  });

  test('with authorize whom it lets in', async () => {
    const { kit } = openShop();
    const asked = { ...scrape, client: '203.0.113.9' };
    expect((await kit.handleMetrics(asked, { authorize: () => true })).status).toBe(200);
    expect((await kit.handleMetrics(scrape, { authorize: () => false })).status).toBe(403);
  });
});

test('a store that is away fails the scrape', async () => {
  const { kit, store, logger } = openShop();
  Object.assign(store, { stats: async () => Promise.reject(new Error('connection refused')) });
  expect((await kit.handleMetrics(scrape)).status).toBe(503);
  expect(logger.withCode('metrics_failed')).toHaveLength(1);
});

test.each([
  ['a sample without its group', 'x_total 1\n'],
  [
    'a name in two groups',
    '# HELP a b\n# TYPE a gauge\na 1\n# HELP c d\n# TYPE c gauge\nc 1\n# HELP a b\n# TYPE a gauge\na 2\n',
  ],
  ['a sample twice', '# HELP a b\n# TYPE a gauge\na 1\na 2\n'],
  ['a quote in a label', '# HELP a b\n# TYPE a gauge\na{b="c"d"} 1\n'],
  [
    'buckets that fall',
    '# HELP a b\n# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n',
  ],
  ['no last line end', '# HELP a b\n# TYPE a gauge\na 1'],
])('the parser of these tests notices %s', (_name, text) => {
  expect(() => parseScrape(text)).toThrow(/./);
});
