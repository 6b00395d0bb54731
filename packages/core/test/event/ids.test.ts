import { expect, it } from 'vitest';
import {
  canonicalId,
  keyOfExpiredCheckout,
  keyOfPayment,
  keyOfSubscription,
} from '../../src/event/keys.js';

const UUID = '01a0c0c7-5a6b-4c7d-8e9f-0a1b2c3d4e5f';
const UPPER = UUID.toUpperCase();
const BARE = UUID.replaceAll('-', '');

it.each([
  UUID,
  `pay@${UUID}`,
  UPPER,
  `PAY@${UPPER}`,
  `Pay@${UUID}`,
  BARE,
  `pay@${BARE}`,
  BARE.toUpperCase(),
  `{${UUID}}`,
  `pay@{${UPPER}}`,
  `{pay@${UUID}}`,
  `urn:uuid:${UUID}`,
  `URN:UUID:${UPPER}`,
  `01a0c0c7-5a6b4c7d-8e9f0a1b-2c3d4e5f`,
])('%s is one payment', (spelling) => {
  expect(keyOfPayment(spelling)).toBe(`payment.completed:pay@${UUID}`);
});

it('as QBitFlow sends it, an id is written as it always was', () => {
  expect(keyOfSubscription(`sub@${UUID}`)).toBe(`subscription.created:sub@${UUID}`);
  expect(keyOfSubscription(UUID)).toBe(`subscription.created:sub@${UUID}`);
  expect(keyOfExpiredCheckout(`SUB@${UPPER}`, 'payment')).toBe(`checkout.expired:sub@${UUID}`);
  expect(canonicalId('sub-hist@', `sub-hist@${UUID}`)).toBe(`sub-hist@${UUID}`);
  expect(canonicalId('refund@', `Refund@${UPPER}`)).toBe(`refund@${UUID}`);
});

it('a prefix is never changed for another one', () => {
  expect(canonicalId('pay@', `SUB@${UPPER}`)).toBe(`sub@${UUID}`);
  expect(canonicalId('pay@', `transfer@${UUID}`)).toBe(`transfer@${UUID}`);
});

it.each([
  ['1', 'pay@1'],
  ['PAY@1', 'PAY@1'],
  ['Order-7', 'pay@Order-7'],
  [`${UUID}.`, `pay@${UUID}.`],
  [` ${UUID}`, `pay@ ${UUID}`],
  [`{${UUID}`, `pay@{${UUID}`],
  [`${UUID}}`, `pay@${UUID}}`],
  [`${UUID}0`, `pay@${UUID}0`],
  [`pay@x@${UPPER}`, `pay@x@${UPPER}`],
  [`pay@${UPPER}\n`, `pay@${UPPER}\n`],
  ['pay@', 'pay@'],
  ['@', '@'],
  ['{}', 'pay@{}'],
  ['０１a0c0c7-5a6b-4c7d-8e9f-0a1b2c3d4e5f', 'pay@０１a0c0c7-5a6b-4c7d-8e9f-0a1b2c3d4e5f'],
])('%j is opaque and stays', (id, canonical) => {
  expect(canonicalId('pay@', id)).toBe(canonical);
});

it.each([undefined, null, '', 7, {}, ['pay@1']])('%j is no id', (id) => {
  expect(canonicalId('pay@', id)).toBe('');
});

it('a very long text is read in no time', () => {
  const long = `${'a-'.repeat(500_000)}@${UUID}`;
  expect(canonicalId('pay@', long)).toBe(long);
});
