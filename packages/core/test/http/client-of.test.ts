import type { HttpRequest } from '@qbitflow/core';
import { expect, test } from 'vitest';
import { createClientOf } from '../../src/http/client-of.js';

const from = (client: string | undefined): HttpRequest => ({
  method: 'GET',
  url: '/',
  headers: { 'x-client': 'told' },
  client,
});

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::FFFF:192.0.2.1', '192.0.2.1'],
  ['192.0.2.1:51234', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::', '2001:db8:1:2::/64'],
  ['2001:db8::6', '2001:db8:0:0::/64'],
  ['[2001:db8:1:2::6]:443', '2001:db8:1:2::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['session-7', 'session-7'],
  ['x'.repeat(500), 'x'.repeat(128)],
  ['', ''],
  [undefined, ''],
])('%s is the client %s', (address, name) => {
  expect(createClientOf()(from(address))).toBe(name);
});

test("a merchant's own function has the say, and what fails in it names nobody", () => {
  const own = createClientOf(({ headers }) => String(headers['x-client']));
  expect(own(from('192.0.2.1'))).toBe('told');
  const failing = createClientOf(() => {
    throw new Error('no such header');
  });
  expect(failing(from('192.0.2.1'))).toBe('');
  const untyped = createClientOf(Object(() => 7));
  expect(untyped(from('192.0.2.1'))).toBe('');
});
