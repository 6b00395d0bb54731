import { expect, it } from 'vitest';
import { signDelivery } from '../../../src/testing/index.js';
import { createHmacKey } from '../../../src/protocol/signature.js';
import { checkV2Signature } from '../check-signature.js';

const { headers, body } = signDelivery({
  version: 'v2',
  body: {},
  secret: 'whsec_s',
  timestamp: 1000,
});
const right = headers['qbitflow-signature'] ?? '';
const wrong = `,v1=${'0'.repeat(64)}`;
const judge = { body, keys: [createHmacKey('whsec_s')], nowMs: 1_000_000, toleranceSeconds: 300 };

it('the right signature counts wherever it stands', () => {
  const last = `t=1000${wrong.repeat(63)},${right.slice('t=1000,'.length)}`;
  expect(checkV2Signature({ headers: { 'qbitflow-signature': last }, ...judge })).toEqual({
    result: 'genuine',
  });
  const first = right + wrong.repeat(63);
  expect(checkV2Signature({ headers: { 'qbitflow-signature': first }, ...judge })).toEqual({
    result: 'genuine',
  });
});

it('sixty-four wrong ones are none', () => {
  const forged = `t=1000${wrong.repeat(64)}`;
  expect(checkV2Signature({ headers: { 'qbitflow-signature': forged }, ...judge })).toEqual({
    result: 'refused',
    reason: 'no_matching_signature',
  });
});

it('a header longer than Node would take is not read', () => {
  const long = right + wrong.repeat(10_000);
  expect(checkV2Signature({ headers: { 'qbitflow-signature': long }, ...judge })).toMatchObject({
    reason: 'malformed_header',
  });
});
