import { expect, it } from 'vitest';
import { fixtures } from '../../../src/testing/index.js';
import { createHmacKey } from '../../../src/protocol/signature.js';
import { readBody } from '../../../src/protocol/index.js';
import { canonicalJson } from '../../../src/protocol/v1/canonical-json.js';
import { checkV1Signature } from '../check-signature.js';

const nested = (levels: number, open = '[', close = ']'): string =>
  open.repeat(levels) + close.repeat(levels);

it('a thousand levels are written', () => {
  expect(canonicalJson(JSON.parse(nested(1000)))).toBe(nested(1000));
});

it.each([1001, 200_000])('%d levels are refused, not a crash', (levels) => {
  const value: unknown = JSON.parse(nested(levels));
  expect(() => canonicalJson(value)).toThrow(expect.objectContaining({ code: 'unreadable_event' }));
  const headers = {
    'x-webhook-signature-256': `sha256=${'0'.repeat(64)}`,
    'x-webhook-timestamp': '1000',
  };
  const keys = [createHmacKey('whsec_s')];
  expect(
    checkV1Signature({ headers, value, keys, nowMs: 1_000_000, toleranceSeconds: 300 }),
  ).toMatchObject({
    reason: 'unreadable_body',
  });
});

it('a deep unknown field does not hinder a v2 event', () => {
  const deep: unknown = JSON.parse(nested(200_000));
  const envelope = { ...fixtures.v2['payment.completed'](), newer: deep };
  expect(readBody('v2', envelope).parsed).toMatchObject({
    ok: true,
    event: { type: 'payment.completed' },
  });
});

it('currencies within currencies do not recurse', () => {
  const currency: unknown = JSON.parse(
    nested(100_000, '{"mainCurrency":', '}').replace(':}', ':null}'),
  );
  const envelope = { ...fixtures.v2['payment.completed'](), data: { uuid: 'pay@1', currency } };
  expect(readBody('v2', envelope).parsed).toMatchObject({ ok: true });
});

it('a deep body without any id is unreadable', () => {
  const data: unknown = JSON.parse(`{"x":${nested(200_000)}}`);
  const id = '';
  expect(readBody('v2', { id, type: 'newer', data }).parsed).toMatchObject({ ok: false });
  expect(readBody('v1', { status: { status: 'pending' }, data }).parsed).toMatchObject({
    ok: false,
  });
});
