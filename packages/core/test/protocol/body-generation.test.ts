import { expect, it } from 'vitest';
import { fixtures } from '../../src/testing/index.js';
import { generationOfBody, readBody } from '../../src/protocol/index.js';

const { connectivityTest: _test, ...v1 } = fixtures.v1;

it.each(Object.entries(v1))("v1's %s is v1's, whoever is presumed", (_, make) => {
  expect(readBody('v2', make())).toEqual(readBody('v1', make()));
  expect(readBody('v2', make())).toMatchObject({ version: 'v1', parsed: { ok: true } });
});

it.each(Object.entries(fixtures.v2))("v2's %s is v2's, whoever is presumed", (_, make) => {
  expect(readBody('v1', make())).toEqual(readBody('v2', make()));
  expect(readBody('v1', make())).toMatchObject({ version: 'v2', parsed: { ok: true } });
});

it.each<[unknown, 'v1' | 'v2' | undefined]>([
  // v1, as servers that drop zero values may send it.
  [{ uuid: 'pay@1' }, 'v1'],
  [{ status: { type: 'payment', status: 'completed' }, session: {} }, 'v1'],
  [{ session: null }, 'v1'],
  [{ subscriptionUUID: 'sub@1', type: 'billing' }, 'v1'],
  [{ type: 'billing', data: null }, 'v1'],
  // v1, though it has fields that a newer server added.
  [{ subscriptionUUID: 'sub@1', type: 'billing', data: {}, id: 'x', createdAt: 'y' }, 'v1'],
  [{ uuid: 'pay@1', txType: 'payment', session: {}, status: {}, type: 'x', id: 'y' }, 'v1'],
  // v2, though it lacks what it should have.
  [{ type: 'payment.completed', id: 'evt_1' }, 'v2'],
  [{ type: 'payment.completed', version: 'v2' }, 'v2'],
  [{ type: 'payment.completed', createdAt: '2026-10-01T12:00:00Z', data: {} }, 'v2'],
  [{ type: 'payment.completed', id: null, data: {} }, 'v2'],
  // v2, though it has fields that a newer server added.
  [{ type: 'payment.completed', id: 'evt_1', version: 'v3', data: {} }, 'v2'],
  [{ type: 'x', id: 'evt_1', version: 'v2', data: {}, uuid: '1', status: 'y', session: {} }, 'v2'],
  // Neither.
  [{}, undefined],
  [{ hello: 'world' }, undefined],
  [{ id: 'evt_1', version: 'v2' }, undefined],
  [[{ type: 'payment.completed', id: 'evt_1' }], undefined],
  ['payment.completed', undefined],
  [null, undefined],
  [JSON.parse('{"__proto__":{"type":"payment.completed","id":"evt_1","data":{}}}'), undefined],
])('%j is of %s', (body, generation) => {
  expect(generationOfBody(body)?.name).toBe(generation);
});

it.each(['v1', 'v2'] as const)('what has neither shape is unreadable in the name of %s', (name) => {
  expect(readBody(name, { hello: 'world' })).toMatchObject({
    version: name,
    parsed: { ok: false },
  });
});
