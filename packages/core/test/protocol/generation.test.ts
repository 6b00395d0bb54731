import { expect, it } from 'vitest';
import { presumedGeneration } from '../../src/protocol/index.js';
import { signaturesIn } from '../../src/protocol/signing-schemes.js';

it.each<[Record<string, string | string[]>, string[]]>([
  [{}, []],
  [{ 'content-type': 'application/json', 'x-webhook-id': 'test-webhook-id' }, []],
  [{ 'qbitflow-event-id': 'evt_1', 'qbitflow-webhook-version': 'v2' }, []],
  [{ 'qbitflow-signature': 't=1,v1=00' }, ['v2']],
  [{ 'x-webhook-signature-256': 'sha256=00' }, ['v1']],
  [{ 'x-webhook-timestamp': '1' }, ['v1']],
  [{ 'x-webhook-signature-256': 'sha256=00', 'qbitflow-signature': 'x' }, ['v2', 'v1']],
  [{ 'QBitFlow-Signature': 't=1,v1=00', 'X-Webhook-Timestamp': '1' }, ['v2', 'v1']],
  [{ 'QBITFLOW-SIGNATURE': ['t=1,v1=00'] }, ['v2']],
  [{ 'qbitflow-signature': '', 'x-webhook-timestamp': '1' }, ['v1']],
  [{ 'qbitflow-signature': ' \t\u0085', 'x-webhook-timestamp': '1' }, ['v1']],
  [{ 'qbitflow-signature': [], 'x-webhook-signature-256': ' ', 'x-webhook-timestamp': '' }, []],
  [{ 'qbitflow-signature': '\ufeff' }, ['v2']],
])('%j carries the signatures of %j', (headers, generations) => {
  expect(signaturesIn(headers).map(({ name }) => name)).toEqual(generations);
});

it.each([
  [{}, 'v2'],
  [{ 'qbitflow-webhook-version': 'v1' }, 'v1'],
  [{ 'QBitFlow-Webhook-Version': 'v1' }, 'v1'],
  [{ 'qbitflow-webhook-version': 'v3' }, 'v2'],
])('under v2 signature, %j presumes %s', (headers, generation) => {
  expect(presumedGeneration(headers, 'v2')).toBe(generation);
});
