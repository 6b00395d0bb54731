import type { HttpRequest } from '@qbitflow/core';
import { fixtures } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { paymentId } from '../../support/deliveries.js';
import { openShop, stateOf } from '../../support/shop.js';
import { operatorOf } from '../support/operator.js';

const keyOf = (number: number) => `payment.completed:${paymentId(number)}`;
const confirm = (number: number, kind = 'discard') =>
  `?view=confirm&do=${kind}&key=${encodeURIComponent(keyOf(number))}`;

async function openDead() {
  const shop = openShop({ handlers: { maxAttempts: 1 } });
  shop.kit.on('payment.completed', () => {
    throw new Error('no stock');
  });
  await shop.kit.start();
  for (const number of [1, 2]) {
    await shop.deliver(fixtures.v2['payment.completed']({ data: { uuid: paymentId(number) } }));
    await shop.clock.advance(0);
  }
  let name = 'Ada';
  const operator = operatorOf(shop.kit, { authorize: () => name });
  return {
    ...shop,
    operator,
    become: (other: string) => {
      name = other;
    },
    nothingWasDone: async () => {
      await shop.clock.advance(20_000);
      expect(await stateOf(shop.store, keyOf(1))).toBe('dead');
      expect(await stateOf(shop.store, keyOf(2))).toBe('dead');
      expect(shop.logger.withCode('desk_action_asked')).toEqual([]);
      expect(shop.logger.withCode('desk_forged')).toHaveLength(1);
    },
  };
}

test('the same form, genuine, is taken', async () => {
  const { operator, clock, store } = await openDead();
  const form = (await operator.open(confirm(1))).form('Discard');
  await operator.send(form);
  await clock.advance(10_000);
  expect((await store.list({ state: 'dead' })).items.map(({ key }) => key)).toEqual([keyOf(2)]);
});

test.each<[string, (form: URLSearchParams) => void]>([
  ['without its token', (form) => form.delete('token')],
  ['with an invented token', (form) => form.set('token', `99999999999999.${'A'.repeat(43)}`)],
  ['with a token whose time was put off', (form) => form.set('token', `9${form.get('token')}`)],
  ['for another delivery', (form) => form.set('key', keyOf(2))],
  ['for another action', (form) => form.set('do', 'replay')],
  ['for all instead of one', (form) => (form.delete('key'), form.set('state', 'dead'))],
])('a form %s does nothing', async (_name, change) => {
  const { operator, nothingWasDone } = await openDead();
  const form = (await operator.open(confirm(1))).form('Discard');
  change(form);
  expect((await operator.send(form)).status).toBe(403);
  await nothingWasDone();
});

test('a form that widens its filter does nothing', async () => {
  const { operator, nothingWasDone } = await openDead();
  const form = (await operator.open('?view=confirm&do=discard&state=dead&error=nothing')).form(
    'Discard',
  );
  form.delete('error');
  expect((await operator.send(form)).status).toBe(403);
  await nothingWasDone();
});

test('a form of another operator does nothing', async () => {
  const { operator, become, nothingWasDone } = await openDead();
  const form = (await operator.open(confirm(1))).form('Discard');
  become('Mallory');
  expect((await operator.send(form)).status).toBe(403);
  await nothingWasDone();
});

test('a form that is older than twelve hours does nothing', async () => {
  const { operator, clock, nothingWasDone } = await openDead();
  const form = (await operator.open(confirm(1))).form('Discard');
  await clock.advance(12 * 3_600_000 + 1);
  expect((await operator.send(form)).status).toBe(403);
  await nothingWasDone();
});

test.each<[string, HttpRequest['headers']]>([
  ['another site', { 'sec-fetch-site': 'cross-site' }],
  ['a sister domain', { 'sec-fetch-site': 'same-site' }],
  ['another origin, by an old browser', { origin: 'https://evil.example' }],
])('a form sent by %s does nothing, though its token is good', async (_name, headers) => {
  const { operator, nothingWasDone } = await openDead();
  const form = (await operator.open(confirm(1))).form('Discard');
  const answer = await operator.send(form, { headers: { host: 'localhost', ...headers } });
  expect(answer.status).toBe(403);
  await nothingWasDone();
});

test.each<[string, HttpRequest['headers']]>([
  ['of this origin', { 'sec-fetch-site': 'same-origin', origin: 'null' }],
  ['on plain http', { origin: 'null' }],
  ['of an old browser', { origin: 'http://localhost' }],
])('a form %s is taken', async (_name, headers) => {
  const { operator } = await openDead();
  const form = (await operator.open(confirm(1))).form('Discard');
  const answer = await operator.send(form, { headers: { host: 'localhost', ...headers } });
  expect(answer.text).toContain('It begins in');
});

test('a link does nothing, whatever it says', async () => {
  const { operator, clock, store } = await openDead();
  const form = (await operator.open(confirm(1))).form('Discard');
  await operator.open(`?${form.toString()}`);
  await clock.advance(20_000);
  expect(await stateOf(store, keyOf(1))).toBe('dead');
});

test('forms of one process are good in another that has the same secret', async () => {
  const { operator, store, clock } = await openDead();
  const form = (await operator.open(confirm(1))).form('Discard');
  const other = operatorOf(openShop({ store, clock }).kit, { authorize: () => 'Ada' });
  await other.open(confirm(1));
  expect((await other.send(form)).text).toContain('It begins in');
});

test('a form that is larger than any of ours is refused', async () => {
  const { operator } = await openDead();
  await operator.open('');
  const answer = await operator.send(
    new URLSearchParams({ do: 'replay', key: 'x'.repeat(100_000) }),
  );
  expect(answer.status).toBe(400);
});
