import { expect, test } from 'vitest';
import { parseSession } from '../../src/checkout/session.js';
import { thrownBy } from '../support/rejection-of.js';

const opened = { uuid: 'pay@1', link: 'https://q.test/pay@1' };

test.each([
  [1_790_856_000, '2026-10-01T12:00:00.000Z'],
  ['2026-10-01T12:00:00Z', '2026-10-01T12:00:00.000Z'],
  ['2026-10-01T14:00:00.123456+02:00', '2026-10-01T12:00:00.123Z'],
])('%s is a date', (expiresAt, date) => {
  expect(parseSession({ ...opened, expiresAt }, undefined)).toEqual({
    ...opened,
    expiresAt: new Date(date),
  });
});

test.each([undefined, null, 0, '', 'soon', 1e300])('an expiry of %j is none', (expiresAt) => {
  expect(parseSession({ ...opened, expiresAt }, 'order-1')).toEqual({
    ...opened,
    reference: 'order-1',
  });
});

test.each([
  undefined,
  null,
  'ok',
  {},
  { ...opened, uuid: '' },
  { ...opened, uuid: 7 },
  { ...opened, link: undefined },
  { ...opened, link: '/pay@1' },
  { ...opened, link: 'javascript:alert(1)' },
  { ...opened, link: 'https://' },
  { ...opened, expiresAt: true },
])('%j cannot be read', (answer) => {
  expect(thrownBy(() => parseSession(answer, undefined))).toMatchObject({
    name: 'ApiError',
    code: 'api_unreadable',
  });
});
