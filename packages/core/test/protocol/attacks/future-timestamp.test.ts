import { expect, it } from 'vitest';
import { signDelivery } from '../../../src/testing/index.js';
import { createHmacKey } from '../../../src/protocol/signature.js';
import { checkV1Signature, checkV2Signature } from '../check-signature.js';

const judge = { keys: [createHmacKey('whsec_s')], nowMs: 1_000_000, toleranceSeconds: 300 };
const fromTomorrow = { body: {}, secret: 'whsec_s', timestamp: 1000 + 86_400 };

it('a v2 signature from the future is refused, though it is right', () => {
  const { headers, body } = signDelivery({ version: 'v2', ...fromTomorrow });
  expect(checkV2Signature({ headers, body, ...judge })).toMatchObject({
    reason: 'timestamp_outside_tolerance',
  });
});

it('a v1 signature from the future is refused, though it is right', () => {
  const { headers } = signDelivery({ version: 'v1', ...fromTomorrow });
  expect(checkV1Signature({ headers, value: {}, ...judge })).toMatchObject({
    reason: 'timestamp_outside_tolerance',
  });
});
