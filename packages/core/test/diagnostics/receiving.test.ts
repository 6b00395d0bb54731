import { fixtures } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { openShop } from '../support/shop.js';
import { watchDiagnostics } from './watch-diagnostics.js';

const body = fixtures.v2['payment.completed']({ id: 'evt_1' });
const KEY = 'payment.completed:pay@01a0c0c7-5a6b-4c7d-8e9f-0a1b2c3d4e5f';
const FACTS = { key: KEY, id: 'evt_1', type: 'payment.completed', version: 'v2' };

test('a fresh delivery is received and recorded', async () => {
  const { deliver, logger } = openShop({ processing: 'elsewhere' });
  const messages = watchDiagnostics();
  await deliver(body);
  expect(messages).toEqual([
    { code: 'delivery_received', ...FACTS },
    { code: 'delivery_recorded', ...FACTS },
  ]);
  expect(logger.lines.filter(({ facts }) => facts['key'] === KEY)).toEqual([
    {
      level: 'debug',
      facts: { code: 'delivery_received', ...FACTS },
      message: 'a delivery came in and is genuine',
    },
    {
      level: 'debug',
      facts: { code: 'delivery_recorded', ...FACTS },
      message: 'a delivery was recorded',
    },
  ]);
});

test('one that was seen before is received and a duplicate', async () => {
  const { deliver, logger } = openShop({ processing: 'elsewhere' });
  await deliver(body);
  const messages = watchDiagnostics();
  await deliver(body);
  expect(messages).toEqual([
    { code: 'delivery_received', ...FACTS },
    { code: 'delivery_duplicate', ...FACTS },
  ]);
  expect(logger.withCode('delivery_duplicate')).toMatchObject([{ level: 'debug' }]);
});

test('one with a wrong signature is refused, with the reason and nothing of the stranger', async () => {
  const { deliver, logger } = openShop();
  const messages = watchDiagnostics();
  await deliver(body, { secret: 'whsec_of_somebody_else' });
  expect(messages).toEqual([{ code: 'delivery_refused', reason: 'no_matching_signature' }]);
  expect(logger.withCode('delivery_refused')).toMatchObject([{ level: 'debug' }]);
});

test('a request that is no delivery is not noted', async () => {
  const { kit } = openShop();
  const messages = watchDiagnostics();
  await kit.handleWebhook({ method: 'GET', url: '/webhook', headers: {} });
  expect(messages).toEqual([]);
});

test('a delivery that could not be recorded was neither recorded nor seen before', async () => {
  const shop = openShop({ processing: 'elsewhere' });
  shop.store.record = async () => {
    throw new Error('down');
  };
  const { deliver } = openShop({ processing: 'elsewhere', store: shop.store });
  const messages = watchDiagnostics(['delivery_recorded', 'delivery_duplicate']);
  expect((await deliver(body)).status).toBe(503);
  expect(messages).toEqual([]);
});
