import { fixtures } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { settle } from '../../support/settle.js';
import { openShop } from '../../support/shop.js';

const body = fixtures.v2['payment.completed']();

test('a fresh delivery and its duplicate have log lines of their own', async () => {
  const shop = openShop();
  await shop.deliver(body);
  await shop.deliver(body);
  const facts = {
    key: `payment.completed:${String(body.data['uuid'])}`,
    type: 'payment.completed',
    version: 'v2',
  };
  expect(shop.logger.withCode('delivery_recorded')).toMatchObject([{ level: 'debug', facts }]);
  expect(shop.logger.withCode('delivery_duplicate')).toMatchObject([{ level: 'debug', facts }]);
});

test('a refused delivery is told to onError after the answer, not before', async () => {
  const shop = openShop();
  await shop.deliver(body, { secret: 'whsec_other' });
  expect(shop.errors).toEqual([]);
  await settle();
  expect(shop.errors).toHaveLength(1);
});

test('an onError listener that throws changes no answer', async () => {
  const shop = openShop();
  shop.kit.onError(() => {
    throw new Error('listener');
  });
  expect((await shop.deliver(body, { secret: 'whsec_other' })).status).toBe(401);
  await settle();
  expect(shop.logger.withCode('on_error_failed')).toMatchObject([{ level: 'error' }]);
});

test('no log line holds the body', async () => {
  const shop = openShop();
  await shop.deliver({ ...body, data: { ...body.data, note: 'for Ada Lovelace only' } });
  await settle();
  expect(JSON.stringify(shop.logger.lines)).not.toContain('Ada Lovelace');
});
