import { describe, expect, it } from 'vitest';
import { createHmacKey } from '../../../src/protocol/signature.js';
import { checkV1Signature } from '../check-signature.js';

const SECRET = 'whsec_test_0123456789abcdef';
const NOW = 1_700_000_000_000;
const EMPTY = '86e42664e55bdef9d21c29ec99ef840bb60f05f718392629bb0eb162a585147e';

function check(
  text: string,
  headers: Record<string, string | string[] | undefined>,
  { nowMs = NOW, secrets = [SECRET] } = {},
) {
  const value: unknown = JSON.parse(text);
  return checkV1Signature({
    headers,
    value,
    keys: secrets.map(createHmacKey),
    nowMs,
    toleranceSeconds: 300,
  });
}

const signed = (hex: string, timestamp = '1700000000') => ({
  'x-webhook-signature-256': `sha256=${hex}`,
  'x-webhook-timestamp': timestamp,
});

describe('checkV1Signature', () => {
  it.each([
    ['{}', EMPTY],
    ['{"b":2,"a":1,"c":3}', 'cefa417c919e24dadad16670fb997f379aece68be25f46d70bd2ee6541bb7b0a'],
    [
      '{"z":{"y":1,"x":2},"a":[{"d":4,"c":3}]}',
      '710b9fed39bfd9f5c087f26f4bbb91eb5a30a56fc8e2f8e4ba41c0b92b7949a7',
    ],
    [
      '{"url":"https://x.test/a?b=1&c=2","tag":"<b>"}',
      '28b274c01275f3ea7c03f3feb7fd2ec52a9594333779cae66f975d8914bc9383',
    ],
    [
      '{"int":2592000,"float":9.99,"zero":0,"neg":-1.5}',
      'd7939b32907de3fdfb5db88092caf53aa58234e3ec62ca9813d24df4bab78d3e',
    ],
    [
      '{"whole":1.0,"negWhole":-2.0,"frac":2.50}',
      '568f803efa06262d9bc43020a326a2d335739bc54c2f1f546d2f0c4d7ac70619',
    ],
    [
      '{"uuid":"pay@01a0c0c7","txType":"payment","status":{"status":"completed","txHash":"0xabc"},"managementPageLink":"https://qbitflow.app/m?id=1&k=2"}',
      'bdce3332c824b8abbe798034e6f8156d914c81c088aad6f5694df3b98241c540',
    ],
  ])('accepts the protocol vector %s', (text, hex) => {
    expect(check(text, signed(hex))).toEqual({ result: 'genuine' });
  });

  it('accepts any of several secrets', () => {
    expect(check('{}', signed(EMPTY), { secrets: ['whsec_other', SECRET] })).toEqual({
      result: 'genuine',
    });
  });

  it('refuses another value under the same signature', () => {
    expect(check('{"a":1}', signed(EMPTY))).toEqual({
      result: 'refused',
      reason: 'no_matching_signature',
    });
  });

  it('says when a secret has white space around it', () => {
    expect(check('{}', signed(EMPTY), { secrets: [`${SECRET}\n`] })).toEqual({
      result: 'refused',
      reason: 'no_matching_signature',
      hint: 'the secret has white space around it',
    });
  });

  it.each([
    [NOW + 300_000, 'genuine'],
    [NOW + 300_999, 'genuine'],
    [NOW + 301_000, 'refused'],
    [NOW - 300_000, 'genuine'],
    [NOW - 300_001, 'refused'],
  ])('at %d it is %s', (nowMs, result) => {
    expect(check('{}', signed(EMPTY), { nowMs })).toMatchObject({ result });
  });

  it.each([
    [{ 'x-webhook-timestamp': '1700000000' }, 'x-webhook-signature-256 is missing'],
    [{ 'x-webhook-signature-256': `sha256=${EMPTY}` }, 'x-webhook-timestamp is missing'],
    [
      { 'qbitflow-signature': 't=1,v1=00', 'x-webhook-timestamp': '1700000000' },
      'the delivery is signed the v2 way',
    ],
  ])('names the missing header of %j', (headers, hint) => {
    expect(check('{}', headers)).toEqual({ result: 'refused', reason: 'missing_header', hint });
  });

  it.each([{}, { 'qbitflow-signature': 't=1,v1=00' }])('claims nothing in %j', (headers) => {
    expect(check('{}', headers)).toEqual({ result: 'refused', reason: 'missing_header' });
  });

  it.each([
    ['', '1700000000'],
    ['sha256=', '1700000000'],
    [EMPTY, '1700000000'],
    [`sha1=${EMPTY}`, '1700000000'],
    [`sha256=${EMPTY}00`, '1700000000'],
    [`sha256=${EMPTY}`, '++1700000000'],
    [`sha256=${EMPTY}`, '1700000000+'],
    [`sha256=${EMPTY}`, '+'],
    [`sha256=${EMPTY}`, '-1700000000'],
    [`sha256=${EMPTY}`, '1.7e9'],
    [`sha256=${EMPTY}`, 'NaN'],
    [`sha256=${EMPTY}`, '99999999999999999999'],
  ])('refuses the headers %s, %s', (signature, timestamp) => {
    const headers = { 'x-webhook-signature-256': signature, 'x-webhook-timestamp': timestamp };
    expect(check('{}', headers)).toMatchObject({
      result: 'refused',
      reason: signature === '' ? 'missing_header' : 'malformed_header',
    });
  });

  it('signs the timestamp text as received', () => {
    expect(check('{}', signed(EMPTY, '01700000000'))).toMatchObject({
      reason: 'no_matching_signature',
    });
  });

  it.each(['+1700000000', '+01700000000'])(
    'takes the signed time %s, sign and all',
    (timestamp) => {
      const hex = createHmacKey(SECRET).hex(`${timestamp}.{}`);
      expect(check('{}', signed(hex, timestamp))).toEqual({ result: 'genuine' });
      // The sign is part of what was signed.
      expect(check('{}', signed(hex, '1700000000'))).toMatchObject({
        reason: 'no_matching_signature',
      });
      expect(check('{}', signed(hex, timestamp), { nowMs: NOW + 301_000 })).toMatchObject({
        reason: 'timestamp_outside_tolerance',
      });
    },
  );

  it.each([
    [{ 'x-webhook-timestamp': '  ' }, 'x-webhook-timestamp is missing'],
    [{ 'x-webhook-timestamp': '\u0085' }, 'x-webhook-timestamp is missing'],
    [{ 'x-webhook-signature-256': '\t' }, 'x-webhook-signature-256 is missing'],
    [{ 'x-webhook-signature-256': [] }, 'x-webhook-signature-256 is missing'],
  ])('a blank header is a missing one: %j', (change, hint) => {
    expect(check('{}', { ...signed(EMPTY), ...change })).toEqual({
      result: 'refused',
      reason: 'missing_header',
      hint,
    });
  });

  it('takes header names in any case', () => {
    const headers = {
      'X-Webhook-Signature-256': `sha256=${EMPTY}`,
      'X-WEBHOOK-TIMESTAMP': '1700000000',
    };
    expect(check('{}', headers)).toEqual({ result: 'genuine' });
  });

  it('calls a body JSON cannot have been unreadable', () => {
    const keys = [createHmacKey(SECRET)];
    const input = {
      headers: signed(EMPTY),
      value: undefined,
      keys,
      nowMs: NOW,
      toleranceSeconds: 300,
    };
    expect(checkV1Signature(input)).toMatchObject({ result: 'refused', reason: 'unreadable_body' });
  });
});
