import { expect, test } from 'vitest';
import {
  arrivalOf,
  readStored,
  readTaken,
  readText,
  storableText,
  type StoredFields,
  type TakenFields,
} from '@qbitflow/core/store';
import { payment } from '../support/deliveries.js';

const RECORDED = {
  key: 'k',
  subject: 's',
  id: 'evt_1',
  type: 'payment.completed',
  version: 'v2',
  source: 'return',
  receivedAt: 5,
  headers: { a: 'b' },
  raw: new Uint8Array([1, 2]),
} as const;

const STORED = {
  ...RECORDED,
  state: 'dead',
  started: 2,
  finished: 1,
  succeeded: ['mail'],
  recordedAt: 6,
  at: 7,
  lastError: 'x',
} as const;

const WEBHOOK = {
  id: 'evt_2',
  version: 'v1',
  receivedAt: 9,
  headers: {},
  raw: RECORDED.raw,
} as const;

const bytes = (text: string): Uint8Array => Buffer.from(text);

test.each<[string, Partial<StoredFields>]>([
  ['values', {}],
  ['bigints', { receivedAt: 5n, started: 2n, finished: 1n, recordedAt: 6n, at: 7n, unhandled: 0n }],
  ['digits', { receivedAt: '5', started: '2', finished: '1', unhandled: '0' }],
  ['bytes', { key: bytes('k'), state: bytes('dead'), lastError: bytes('x'), at: bytes('7') }],
  ['JSON', { headers: '{"a":"b"}', succeeded: '["mail"]' }],
  ['JSON in bytes', { headers: bytes('{"a":"b"}'), succeeded: bytes('["mail"]') }],
  ['a Buffer', { raw: Buffer.from([1, 2]) }],
  ['an ArrayBuffer', { raw: new Uint8Array([1, 2]).buffer }],
])('whatever a driver gives is read alike: %s', (_, given) => {
  expect(readStored({ ...STORED, unhandled: 0, ...given })).toEqual(STORED);
});

test('what is not there is left out, and a body that was not read is empty', () => {
  const { lastError, ...without } = STORED;
  const read = readStored({ ...STORED, raw: null, lastError: null, unhandled: undefined });
  expect(read).toEqual({ ...without, raw: new Uint8Array(0) });
  expect(Object.keys(read)).not.toContain('lastError');
  expect(lastError).toBe('x');
});

test('unhandled is told, and the webhook that came later is beside', () => {
  const read = readStored({ ...STORED, unhandled: 1, webhook: { ...WEBHOOK, headers: '{}' } });
  expect(read).toEqual({ ...STORED, unhandled: true, webhook: WEBHOOK });
});

test('a taker gets the later webhook in place of what a look could tell', () => {
  const taking = { token: 't', started: 1, finished: 0, lapsed: false, dueSince: 8 } as const;
  const fields: TakenFields = { ...RECORDED, ...taking, lapsed: 0, succeeded: null };
  expect(readTaken(fields)).toEqual({ ...RECORDED, ...taking, succeeded: [] });
  expect(readTaken(fields, WEBHOOK)).toEqual({
    ...RECORDED,
    ...WEBHOOK,
    ...taking,
    succeeded: [],
  });
});

test.each<[keyof StoredFields, unknown]>([
  ['key', null],
  ['state', 'asleep'],
  ['source', 7],
  ['version', 'v9'],
  ['receivedAt', 'soon'],
  ['at', ''],
  ['headers', '{'],
  ['headers', 'null'],
  ['succeeded', '{}'],
  ['succeeded', [7]],
  ['raw', 'text'],
])(
  'what another program wrote as %s is an error that tells the field alone: %j',
  (field, value) => {
    expect(() => readStored({ ...STORED, unhandled: 0, [field]: value })).toThrow(
      expect.objectContaining({
        code: 'store_unavailable',
        message: expect.stringContaining(field),
        facts: { field },
      }),
    );
  },
);

test('bytes of a text keep the mark of their order', () => {
  expect(readText('x', bytes('\uFEFFa'))).toBe('\uFEFFa');
});

test('how a delivery begins', () => {
  expect(arrivalOf(payment(1))).toEqual({ state: 'due', reason: undefined });
  expect(arrivalOf(payment(1, { dead: 'why' }))).toEqual({ state: 'dead', reason: 'why' });
  expect(arrivalOf(payment(1, { unhandled: 'why' }))).toEqual({ state: 'done', reason: 'why' });
});

test('a text that no database takes is made one that every database does', () => {
  expect(storableText('a\0b\uD800c\uDC00')).toBe('a\uFFFDb\uFFFDc\uFFFD');
  expect(storableText('plain 😀')).toBe('plain 😀');
});
