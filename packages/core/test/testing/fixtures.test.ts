import { expect, it } from 'vitest';
import { fixtures } from '../../src/testing/index.js';
import { readBody } from '../../src/protocol/index.js';

it.each(Object.entries(fixtures.v1))('v1 %s is readable', (_, make) => {
  expect(readBody('v1', make()).parsed).toMatchObject({ ok: true });
});

it.each(Object.entries(fixtures.v2))('v2 %s is readable', (type, make) => {
  expect(readBody('v2', make()).parsed).toMatchObject({ ok: true, event: { type } });
});

it('overrides one level deep and gives fresh objects', () => {
  const first = fixtures.v2['payment.completed']({ id: 'evt_1', data: { uuid: 'pay@1' } });
  expect(first).toMatchObject({ id: 'evt_1', data: { uuid: 'pay@1', amount: 5.04 } });
  Reflect.set(first.data, 'amount', 1);
  expect(fixtures.v2['payment.completed']().data['amount']).toBe(5.04);
  expect(fixtures.v1.paymentCompleted({ session: { reference: 'r' }, status: null })).toMatchObject(
    {
      status: null,
      session: { reference: 'r', price: 4.99 },
    },
  );
});
