import { expect, it } from 'vitest';
import { signDelivery } from '../../../src/testing/index.js';
import { createHmacKey } from '../../../src/protocol/signature.js';
import { checkV2Signature } from '../check-signature.js';

it('an old delivery cannot be refreshed by a second time', () => {
  const { headers, body } = signDelivery({
    version: 'v2',
    body: {},
    secret: 'whsec_s',
    timestamp: 1000,
  });
  const judge = { body, keys: [createHmacKey('whsec_s')], nowMs: 9_000_000, toleranceSeconds: 300 };
  const old = headers['qbitflow-signature'] ?? '';
  for (const forged of [`t=9000,${old}`, `${old},t=9000`, `${old}, t = 9000`]) {
    expect(checkV2Signature({ headers: { 'qbitflow-signature': forged }, ...judge })).toEqual({
      result: 'refused',
      reason: 'malformed_header',
    });
  }
});
