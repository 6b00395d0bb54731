import { describe, expect, it } from 'vitest';
import { createHmacKey } from '../../../src/protocol/signature.js';
import { checkV2Signature } from '../check-signature.js';

const BODY =
  '{"createdAt":"2026-10-01T12:00:00Z","data":{},"id":"evt_3f1c2d4e-5a6b-5c7d-8e9f-0a1b2c3d4e5f","test":false,"type":"webhook.test","version":"v2"}';
const NEW = '4a158046f55556e922bdec376a917c3ac338ba575b495f825427541a60bd2f4d';
const OLD = '1cc78a6297ad96dd282d9d0399def50ed42a4e651885ac79f8528194227bc4f5';
const NOW = 1_790_856_000_000;

function check(
  header: string | readonly string[] | undefined,
  { nowMs = NOW, secrets = ['whsec_new_secret'], body = BODY } = {},
) {
  return checkV2Signature({
    headers: { 'qbitflow-signature': header },
    body: Buffer.from(body),
    keys: secrets.map(createHmacKey),
    nowMs,
    toleranceSeconds: 300,
  });
}

describe('checkV2Signature accepts', () => {
  it.each([
    ['the new secret', `t=1790856000,v1=${NEW}`, ['whsec_new_secret']],
    ['the old secret', `t=1790856000,v1=${OLD}`, ['whsec_old_secret']],
    ['a rotation, new first', `t=1790856000,v1=${NEW},v1=${OLD}`, ['whsec_old_secret']],
    ['a rotation, old first', `t=1790856000,v1=${OLD},v1=${NEW}`, ['whsec_old_secret']],
    ['a rotation, second key', `t=1790856000,v1=${OLD}`, ['whsec_new_secret', 'whsec_old_secret']],
    ['spaces', ` t = 1790856000 , v1 = ${NEW} `, ['whsec_new_secret']],
    [
      'white space of every kind',
      `\u0085t\u00a0=\u30001790856000\t, v1 =\u2028${NEW}\r\n`,
      ['whsec_new_secret'],
    ],
    ['other keys', `v0=abc,t=1790856000,v2=x=y,v1=${NEW},nothing`, ['whsec_new_secret']],
    ['v1 before t', `v1=${NEW},t=1790856000`, ['whsec_new_secret']],
    ['a trailing comma', `t=1790856000,v1=${NEW},`, ['whsec_new_secret']],
    ['an empty v1 beside the right one', `t=1790856000,v1=,v1=${NEW}`, ['whsec_new_secret']],
  ])('%s', (_, header, secrets) => {
    expect(check(header, { secrets })).toEqual({ result: 'genuine' });
  });

  it.each(['QBitFlow-Signature', 'QBITFLOW-SIGNATURE'])('a header named %s', (name) => {
    const headers = { [name]: `t=1790856000,v1=${NEW}` };
    const keys = [createHmacKey('whsec_new_secret')];
    const body = Buffer.from(BODY);
    expect(checkV2Signature({ headers, body, keys, nowMs: NOW, toleranceSeconds: 300 })).toEqual({
      result: 'genuine',
    });
  });

  it('a header given as a list', () => {
    expect(check([`t=1790856000,v1=${NEW}`])).toEqual({ result: 'genuine' });
  });

  it.each([NOW + 300_000, NOW + 300_999, NOW - 300_000])(
    'the edge of the tolerance, at %d',
    (nowMs) => {
      expect(check(`t=1790856000,v1=${NEW}`, { nowMs })).toEqual({ result: 'genuine' });
    },
  );
});

describe('checkV2Signature refuses', () => {
  it.each([undefined, '', ' ', '\t\u0085', [], ['']])('a missing header: %j', (header) => {
    expect(check(header)).toEqual({ result: 'refused', reason: 'missing_header' });
  });

  it.each([
    'garbage',
    't=1790856000',
    `v1=${NEW}`,
    't=1790856000,v0=abc',
    `t=,v1=${NEW}`,
    `t=+5,v1=${NEW}`,
    `t=-5,v1=${NEW}`,
    `t=NaN,v1=${NEW}`,
    `t=1790856000.0,v1=${NEW}`,
    `t=1e9,v1=${NEW}`,
    `t=１７９０８５６０００,v1=${NEW}`,
    `t=9223372036854775808,v1=${NEW}`,
    `t=99999999999999999999,v1=${NEW}`,
    `t=1790856000,t=1790856000,v1=${NEW}`,
    `T=1790856000,V1=${NEW}`,
    `t=1790856000;v1=${NEW}`,
    `\ufefft=1790856000,v1=${NEW}`,
    `t=\ufeff1790856000,v1=${NEW}`,
    `t=\u200b1790856000,v1=${NEW}`,
    '\ufeff',
  ])('the malformed header %s', (header) => {
    expect(check(header)).toEqual({ result: 'refused', reason: 'malformed_header' });
  });

  it.each([NOW + 301_000, NOW - 300_001])('a time too far from now, at %d', (nowMs) => {
    expect(check(`t=1790856000,v1=${NEW}`, { nowMs })).toMatchObject({
      reason: 'timestamp_outside_tolerance',
    });
  });

  it('the largest int64 as merely far away, with the distance in the hint', () => {
    const refusal = check(`t=9223372036854775807,v1=${NEW}`);
    expect(refusal).toMatchObject({ reason: 'timestamp_outside_tolerance' });
    expect(check(`t=1790855000,v1=${NEW}`)).toMatchObject({
      hint: expect.stringContaining('1000 s behind'),
    });
    expect(check(`t=1790857000,v1=${NEW}`)).toMatchObject({
      hint: expect.stringContaining('1000 s ahead'),
    });
  });

  it.each([
    ['an empty v1', 't=1790856000,v1='],
    ['half a digest', `t=1790856000,v1=${NEW.slice(0, 32)}`],
    ['a digest too long', `t=1790856000,v1=${NEW}00`],
    ['another time', `t=1790856001,v1=${NEW}`],
    ['the time written otherwise', `t=01790856000,v1=${NEW}`],
    ['another secret', `t=1790856000,v1=${OLD}`],
  ])('%s', (_, header) => {
    expect(check(header)).toEqual({ result: 'refused', reason: 'no_matching_signature' });
  });

  it('other bytes with the same meaning', () => {
    expect(check(`t=1790856000,v1=${NEW}`, { body: `${BODY} ` })).toMatchObject({
      reason: 'no_matching_signature',
    });
  });

  it('everything when there is no key', () => {
    expect(check(`t=1790856000,v1=${NEW}`, { secrets: [] })).toMatchObject({
      reason: 'no_matching_signature',
    });
  });

  it('a secret with white space, saying so', () => {
    expect(check(`t=1790856000,v1=${NEW}`, { secrets: [' whsec_new_secret'] })).toMatchObject({
      hint: 'the secret has white space around it',
    });
  });
});
