import { expect, test } from 'vitest';
import { isSpellingOf, nameOfId } from '../../src/api/transaction-ids.js';

const ID = 'pay@01a0c0c7-5a6b-4c7d-8e9f-0a1b2c3d4e5f';

test.each([
  ID,
  ID.toUpperCase(),
  'pay@01A0C0C75A6B4C7D8E9F0A1B2C3D4E5F',
  'pay@{01a0c0c7-5a6b-4c7d-8e9f-0a1b2c3d4e5f}',
  `{${ID}}`,
  `${ID}.`,
  `<${ID}>,`,
  'pay%4001a0c0c7-5a6b-4c7d-8e9f-0a1b2c3d4e5f',
  'pay@urn:uuid:01a0c0c7-5a6b-4c7d-8e9f-0a1b2c3d4e5f',
  ` ${ID} `,
])('%s is another spelling of the same id', (spelling) => {
  expect(nameOfId(spelling)).toBe(nameOfId(ID));
  expect(isSpellingOf(spelling, ID)).toBe(true);
});

test.each([
  'pay@01a0c0c7-5a6b-4c7d-8e9f-0a1b2c3d4e5e',
  'sub@01a0c0c7-5a6b-4c7d-8e9f-0a1b2c3d4e5f',
  'pay@01a0c0c7-5a6b-4c7d-8e9f-0a1b2c3d4e5f0',
  'pay@',
  '',
])('%s is another id', (other) => {
  expect(nameOfId(other)).not.toBe(nameOfId(ID));
  expect(isSpellingOf(other, ID)).toBe(false);
});

test('a bare id may be either kind: it can be answered by both, and is remembered apart', () => {
  const bare = ID.slice(4);
  expect([
    isSpellingOf(bare, ID),
    isSpellingOf(bare.toUpperCase(), ID.replace('pay', 'sub')),
  ]).toEqual([true, true]);
  expect(nameOfId(bare)).not.toBe(nameOfId(ID));
});

test('ids that are no UUIDs stand for themselves: a hyphen may tell two of them apart', () => {
  expect(nameOfId('pay@a-b')).not.toBe(nameOfId('pay@ab'));
  expect(isSpellingOf('pay@order-1.', 'pay@order-1')).toBe(true);
  expect(isSpellingOf('...', '!!!')).toBe(false);
});
