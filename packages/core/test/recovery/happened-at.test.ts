import { expect, test } from 'vitest';
import { eventTime, transactionTime } from '../../src/recovery/happened-at.js';

const NOW = Date.parse('2026-10-01T12:00:00Z');
const at = (time: string): number => Date.parse(`2026-10-01T${time}Z`);
const block = (timestamp: unknown) => ({ txMetadata: { blockData: { number: '1', timestamp } } });

test.each([
  [
    'its confirmation',
    { confirmedAt: '2026-10-01T11:00:00Z', createdAt: '2026-10-01T10:00:00Z', metadata: block(1) },
    at('11:00:00'),
  ],
  [
    'else its block, to the end of the second',
    { createdAt: '2026-10-01T10:00:00Z', metadata: block(at('09:00:00') / 1000) },
    at('09:00:00.999'),
  ],
  [
    'else its record',
    { createdAt: '2026-10-01T10:00:00.123456Z', metadata: null },
    at('10:00:00.123'),
  ],
  ['with an offset', { createdAt: '2026-10-01T13:00:00+02:00' }, at('11:00:00')],
  [
    "past Go's word for never",
    { confirmedAt: '0001-01-01T00:00:00Z', createdAt: '2026-10-01T10:00:00Z' },
    at('10:00:00'),
  ],
  [
    'past a time without a zone',
    { confirmedAt: '2026-10-01T11:00:00', createdAt: '2026-10-01T10:00:00Z' },
    at('10:00:00'),
  ],
  [
    'past what is no date',
    { confirmedAt: '2026-13-45T99:00:00Z', createdAt: '2026-10-01T10:00:00Z' },
    at('10:00:00'),
  ],
  [
    'past a block in ms',
    { createdAt: '2026-10-01T10:00:00Z', metadata: block(at('09:00:00')) },
    at('10:00:00'),
  ],
  [
    'past an empty block',
    { createdAt: '2026-10-01T10:00:00Z', metadata: block(0) },
    at('10:00:00'),
  ],
  [
    'past a block of text',
    { createdAt: '2026-10-01T10:00:00Z', metadata: block('1790856000') },
    at('10:00:00'),
  ],
  [
    'past metadata of another shape',
    { createdAt: '2026-10-01T10:00:00Z', metadata: { txMetadata: [] } },
    at('10:00:00'),
  ],
  ['from a clock that goes fast', { confirmedAt: '2026-10-01T12:04:00Z' }, at('12:04:00')],
])('a transaction is dated by %s', (_what, data, expected) => {
  expect(transactionTime(data, NOW)).toBe(expected);
});

test.each([
  ['no time', {}],
  ['null', { confirmedAt: null, createdAt: null, metadata: null }],
  ['a number', { createdAt: NOW }],
  ['a year that is to come', { createdAt: '2027-10-01T12:00:00Z' }],
  ['a day alone', { createdAt: '2026-10-01' }],
  ['words', { createdAt: 'yesterday' }],
])('%s dates nothing', (_what, data) => {
  expect(transactionTime(data, NOW)).toBeUndefined();
});

test('an event is dated by its envelope, else by what it is about', () => {
  const data = { confirmedAt: '2026-10-01T09:00:00Z' };
  expect(eventTime({ createdAt: '2026-10-01T11:00:00Z', data }, NOW)).toBe(at('11:00:00'));
  expect(eventTime({ createdAt: null, data }, NOW)).toBe(at('09:00:00'));
  expect(eventTime({ data: [data] }, NOW)).toBeUndefined();
});
