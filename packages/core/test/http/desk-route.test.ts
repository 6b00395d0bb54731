import { toFetchHandler, toNodeHandler } from '@qbitflow/core';
import { expect, test } from 'vitest';
import { thrownBy } from '../support/rejection-of.js';
import { serve } from '../support/serve.js';
import { openShop } from '../support/shop.js';

test('node: neither the desk nor metrics are there unless they are mounted', async () => {
  const url = await serve(toNodeHandler(openShop().kit));
  expect((await fetch(`${url}/desk`)).status).toBe(404);
  expect((await fetch(`${url}/metrics`)).status).toBe(404);
});

test('node: mounted they answer this machine', async () => {
  const url = await serve(
    toNodeHandler(openShop().kit, { basePath: '/pay', desk: {}, metrics: {} }),
  );
  const page = await fetch(`${url}/pay/desk?view=deliveries`);
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('Deliveries')]);
  const figures = await fetch(`${url}/pay/metrics`);
  expect(await figures.text()).toContain('qbitflow_deliveries{state="due"} 0');
});

test('node: a proxy in front is noticed by the headers it adds', async () => {
  const url = await serve(toNodeHandler(openShop().kit, { desk: {}, metrics: {} }));
  const headers = { 'x-forwarded-for': '203.0.113.9' };
  expect((await fetch(`${url}/desk`, { headers })).status).toBe(403);
  expect((await fetch(`${url}/metrics`, { headers })).status).toBe(403);
});

test('node: a stream tells of changes until its reader goes', async () => {
  const url = await serve(toNodeHandler(openShop().kit, { desk: {} }));
  const leaving = new AbortController();
  const answer = await fetch(`${url}/desk?view=events`, { signal: leaving.signal });
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  leaving.abort();
});

test('fetch: no address is known there, so that it takes an authorize', async () => {
  const { kit } = openShop();
  const request = () => new Request('http://localhost/desk');
  expect((await toFetchHandler(kit, { desk: {} })(request())).status).toBe(403);
  const open = toFetchHandler(kit, { desk: { authorize: () => 'Ada' } });
  expect((await open(request())).status).toBe(200);
});

test.each([{ authorise: () => true }, { authorize: 'Ada' }, { authorize: null }])(
  'options that cannot work are refused when it is mounted (%o)',
  (desk) => {
    const { kit } = openShop();
    expect(thrownBy(() => toNodeHandler(kit, { desk: desk as object }))).toMatchObject({
      code: 'misconfigured',
    });
  },
);
