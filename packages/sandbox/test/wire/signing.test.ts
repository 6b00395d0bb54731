import { signDelivery } from '@qbitflow/core/testing';
import { assert, json, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SandboxEvent } from '../../src/index.js';
import { sign } from '../../src/wire/signing.js';
import { isGenuine } from '../../src/wire/verification.js';
import { V1, V2, VECTORS_V1 } from '../support/vectors.js';

function event(version: 'v1' | 'v2', text: string): SandboxEvent {
  return { id: 'evt_1', type: 'any', version, text, createdAt: 0 };
}

describe("the sandbox's own signer", () => {
  test.each(VECTORS_V1)('v1: $body', ({ body, digest }) => {
    const { headers } = sign(event('v1', body), [V1.secret], V1.timestamp);
    expect(headers).toMatchObject({
      'x-webhook-signature-256': `sha256=${digest}`,
      'x-webhook-timestamp': '1700000000',
    });
  });

  test('v2: both secrets sign, the newest first', () => {
    const { headers, body } = sign(event('v2', V2.body), V2.secrets, V2.timestamp);
    expect(headers['qbitflow-signature']).toBe(
      `t=1790856000,v1=${V2.digests[0]},v1=${V2.digests[1]}`,
    );
    expect(Buffer.from(body).toString()).toBe(V2.body);
  });

  test('takes its own signatures and the published ones for genuine, for 300 s either way', () => {
    const claim = { timestamp: '1790856000', digests: [V2.digests[1]], signed: V2.body };
    const at = (ms: number) => isGenuine(claim, V2.secrets, V2.timestamp * 1000 + ms);
    expect([-300_000, 0, 300_999].map(at)).toEqual([true, true, true]);
    expect([-300_001, 301_000].map(at)).toEqual([false, false]);
    expect(isGenuine({ ...claim, signed: `${V2.body} ` }, V2.secrets, V2.timestamp * 1000)).toBe(
      false,
    );
  });

  test.each(['v1', 'v2'] as const)('%s: sends what the kit takes for genuine', (version) => {
    assert(
      property(json(), string({ minLength: 1 }), (text, secret) => {
        const { headers } = sign(event(version, text), [secret], 1_700_000_000);
        const kits = signDelivery({ version, body: text, secret, timestamp: 1_700_000_000 });
        expect(headers).toMatchObject(kits.headers);
      }),
    );
  });
});
