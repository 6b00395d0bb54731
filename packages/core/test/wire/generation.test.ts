import { expect, it } from 'vitest';
import { generationOf } from '../../src/wire/generation.js';

it.each([
  [{}, undefined],
  [{ 'content-type': 'application/json', 'x-webhook-id': 'test-webhook-id' }, undefined],
  [{ 'qbitflow-event-id': 'evt_1', 'qbitflow-webhook-version': 'v2' }, undefined],
  [{ 'qbitflow-signature': 't=1,v1=00' }, 'v2'],
  [{ 'x-webhook-signature-256': 'sha256=00' }, 'v1'],
  [{ 'x-webhook-timestamp': '1' }, 'v1'],
  [{ 'x-webhook-signature-256': 'sha256=00', 'qbitflow-signature': 'x' }, 'v2'],
])('%j is of %s', (headers, generation) => {
  expect(generationOf(headers)).toBe(generation);
});
