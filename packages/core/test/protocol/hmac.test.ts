import crypto, { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { createHmacKey } from '../../src/protocol/signature.js';

it('signs the parts as one text', () => {
  const key = createHmacKey('whsec_test_0123456789abcdef');
  const whole = '86e42664e55bdef9d21c29ec99ef840bb60f05f718392629bb0eb162a585147e';
  expect(key.hex('1700000000.{}')).toBe(whole);
  expect(key.hex('1700000000.', Buffer.from('{}'))).toBe(whole);
});

it('takes secrets longer than a hash block', () => {
  expect(createHmacKey('k'.repeat(131)).hex('Test')).toBe(
    '06bb03d9b70c6e5d06859bedc8573416addbde9746c16eecfa53a751a679f18f',
  );
});

it('agrees with RFC 4231, case 2', () => {
  expect(createHmacKey('Jefe').hex('what do ya want for nothing?')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
});

it('refuses an empty secret', () => {
  expect(() => createHmacKey('')).toThrow(expect.objectContaining({ code: 'misconfigured' }));
});

it.each([
  'k',
  'k'.repeat(63),
  'k'.repeat(64),
  'k'.repeat(65),
  'schlüssel-é-✓',
  '\0\0',
  '6'.repeat(200),
])('gives what an Hmac gives, again and again, for texts of any length (secret %#)', (secret) => {
  const key = createHmacKey(secret);
  for (const length of [0, 1, 55, 56, 63, 64, 1_300, 16_371, 16_372, 16_373, 16_384, 70_000, 3])
    for (const text of ['', '1700000000.', '✓é.']) {
      const bytes = Buffer.alloc(length, 0xe9);
      const expected = createHmac('sha256', secret).update(text).update(bytes).digest('hex');
      expect([length, key.hex(text, bytes)]).toEqual([length, expected]);
    }
});

it('gives what an Hmac gives where no hash takes one call', () => {
  const given = Reflect.get(crypto, 'hash');
  Reflect.set(crypto, 'hash', undefined);
  try {
    const key = createHmacKey('Jefe');
    key.hex('first');
    expect(key.hex('what do ya want for nothing?')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  } finally {
    Reflect.set(crypto, 'hash', given);
  }
});
