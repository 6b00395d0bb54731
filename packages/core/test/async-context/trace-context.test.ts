import { createQBitFlow, type EventContext, type HttpHeaders } from '@qbitflow/core';
import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { expect, onTestFinished, test } from 'vitest';
import { settle } from '../support/settle.js';
import { openShop, post, SECRET } from '../support/shop.js';

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** What the handler is told of the trace when a delivery comes with these headers. */
async function traceOf(sent: HttpHeaders): Promise<EventContext['trace'][]> {
  const { kit, clock } = openShop();
  const seen: EventContext['trace'][] = [];
  kit.onAny((_event, { trace, attempt }) => {
    seen.push(trace);
    if (attempt === 1) throw new Error('once more');
  });
  const body = fixtures.v2['payment.completed']();
  const { headers, ...rest } = signDelivery({ version: 'v2', secret: SECRET, body, clock });
  await kit.handleWebhook(post({ ...rest, headers }, { headers: { ...headers, ...sent } }));
  await settle();
  await clock.advance(10_000);
  return seen;
}

test('a handler is told the trace that brought its delivery, at each attempt', async () => {
  const trace = { traceparent: TRACEPARENT, tracestate: 'vendor=opaque,other=1' };
  expect(await traceOf(trace)).toEqual([trace, trace]);
});

test.each([
  ['names in any case', { Traceparent: TRACEPARENT }, { traceparent: TRACEPARENT }],
  ['no trace', {}, undefined],
  ['a state without a parent', { tracestate: 'vendor=1' }, undefined],
  [
    'an all-zero trace id',
    { traceparent: TRACEPARENT.replace(/-0af\w+/, `-${'0'.repeat(32)}`) },
    undefined,
  ],
  ['the invalid version', { traceparent: TRACEPARENT.replace(/^00/, 'ff') }, undefined],
  ['a megabyte', { traceparent: TRACEPARENT.repeat(20_000) }, undefined],
  [
    'a state too long to be passed on',
    { traceparent: TRACEPARENT, tracestate: 'v=1,'.repeat(200) },
    { traceparent: TRACEPARENT },
  ],
])('%s', async (_name, headers, expected) => {
  expect(await traceOf(headers)).toEqual([expected, expected]);
});

test('the trace is recorded with the delivery, beside its signature', async () => {
  const kit = createQBitFlow({ webhookSecret: SECRET, logger: false });
  onTestFinished(async () => kit.close());
  const body = fixtures.v2['webhook.test']();
  const { headers, body: rawBody } = signDelivery({ version: 'v2', secret: SECRET, body });
  const sent = { ...headers, traceparent: TRACEPARENT, cookie: 'session=secret' };
  await kit.handleWebhook({ method: 'POST', url: '/', headers: sent, rawBody });
  const { items } = await kit.deliveries.list();
  expect(items.map(({ headers: kept }) => kept)).toEqual([
    { 'qbitflow-signature': headers['qbitflow-signature'], traceparent: TRACEPARENT },
  ]);
});
