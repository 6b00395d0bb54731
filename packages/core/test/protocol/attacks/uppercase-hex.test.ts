import { expect, it } from 'vitest';
import { signDelivery } from '../../../src/testing/index.js';
import { createHmacKey } from '../../../src/protocol/signature.js';
import { checkV1Signature, checkV2Signature } from '../check-signature.js';

const judge = { keys: [createHmacKey('whsec_s')], nowMs: 1_000_000, toleranceSeconds: 300 };

it('a v2 digest in upper case matches nothing', () => {
  const { headers, body } = signDelivery({
    version: 'v2',
    body: {},
    secret: 'whsec_s',
    timestamp: 1000,
  });
  const upper = (headers['qbitflow-signature'] ?? '').replace(/[a-f0-9]{64}/, (hex) =>
    hex.toUpperCase(),
  );
  expect(checkV2Signature({ headers, body, ...judge })).toEqual({ result: 'genuine' });
  expect(checkV2Signature({ headers: { 'qbitflow-signature': upper }, body, ...judge })).toEqual({
    result: 'refused',
    reason: 'no_matching_signature',
  });
});

it('a v1 digest in upper case matches nothing', () => {
  const { headers } = signDelivery({ version: 'v1', body: {}, secret: 'whsec_s', timestamp: 1000 });
  const upper = (headers['x-webhook-signature-256'] ?? '').replace(/[a-f0-9]{64}/, (hex) =>
    hex.toUpperCase(),
  );
  expect(checkV1Signature({ headers, value: {}, ...judge })).toEqual({ result: 'genuine' });
  const forged = { ...headers, 'x-webhook-signature-256': upper };
  expect(checkV1Signature({ headers: forged, value: {}, ...judge })).toMatchObject({
    result: 'refused',
  });
});
