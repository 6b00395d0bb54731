import { fixtures, signDelivery, type SignedDelivery } from '@qbitflow/core/testing';
import { describe, expect, test } from 'vitest';
import {
  finalLinesAbout,
  freshId,
  handled,
  outcome,
  paymentV1,
  paymentV2,
  post,
  RECEIVED,
  REFUSED,
  signed,
} from '../support/deliver.js';
import type { Subject } from '../support/receivers.js';
import { SECRETS } from '../support/start-receiver.js';

const V2 = 'qbitflow-signature';
const V1 = 'x-webhook-signature-256';
const V1_TIME = 'x-webhook-timestamp';

const now = (): number => Math.floor(Date.now() / 1000);
type Bend = (delivery: SignedDelivery, body: object) => SignedDelivery;
const without = (...names: string[]) =>
  (({ headers, body }) => ({
    body,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name))),
  })) satisfies Bend;
const withHeader = (name: string, change: (value: string) => string) =>
  (({ headers, body }) => ({
    body,
    headers: { ...headers, [name]: change(headers[name] ?? '') },
  })) satisfies Bend;
const again =
  (version: 'v1' | 'v2', secret: string | readonly string[], offsetS = 0): Bend =>
  (_delivery, body) =>
    signDelivery({ version, body, secret, timestamp: now() + offsetS });
const upper = (value: string): string =>
  value.replace(/=[0-9a-f]{64}/g, (hex) => hex.toUpperCase());

const refusedV2: Readonly<Record<string, Bend>> = {
  'no signature': without(V2),
  'an empty signature': withHeader(V2, () => ''),
  'a malformed signature': withHeader(V2, () => 'sha256=zebra'),
  'no time': withHeader(V2, (value) => value.replace(/^t=\d+,/, '')),
  'two times': withHeader(V2, (value) => `t=1,${value}`),
  'an upper-case signature': withHeader(V2, upper),
  'a shortened signature': withHeader(V2, (value) => value.slice(0, -1)),
  'a stale time': again('v2', SECRETS[0], -320),
  'a future time': again('v2', SECRETS[0], 320),
  'a time that was moved': withHeader(V2, (value) => value.replace(/^t=\d+/, `t=${now() - 60}`)),
  "somebody else's secret": again('v2', 'whsec_somebody_else'),
  'a changed body': ({ headers }, body) => ({
    headers,
    body: Buffer.from(`${JSON.stringify(body)} `),
  }),
};

const refusedV1: Readonly<Record<string, Bend>> = {
  'no signature': without(V1),
  'no time': without(V1_TIME),
  'a malformed signature': withHeader(V1, (value) => value.slice('sha256='.length)),
  'an upper-case signature': withHeader(V1, upper),
  'a stale time': again('v1', SECRETS[0], -320),
  'a future time': again('v1', SECRETS[0], 320),
  "somebody else's secret": again('v1', 'whsec_somebody_else'),
  'a changed value': ({ headers }, body) => ({
    headers,
    body: Buffer.from(JSON.stringify({ ...body, txType: 'refund' })),
  }),
};

const genuineV2: Readonly<Record<string, Bend>> = {
  'the older secret of a rotation': again('v2', SECRETS[1]),
  'both secrets of a rotation': again('v2', SECRETS),
  'a secret we do not know beside one we do': again('v2', ['whsec_unknown', SECRETS[1]]),
  'a time a little off': again('v2', SECRETS[0], -280),
  'a clock a little ahead': again('v2', SECRETS[0], 280),
};

export function signatures({ receiver }: Subject): void {
  describe.each([
    { version: 'v2', payment: paymentV2, refused: refusedV2 },
    { version: 'v1', payment: paymentV1, refused: refusedV1 },
  ] as const)('$version', ({ version, payment, refused }) => {
    test.each(Object.entries(refused))('%s is refused without a reason', async (_name, bend) => {
      const it = await receiver();
      const uuid = freshId();
      const body = payment(uuid);
      const answer = await post(it, bend(signed(version, body), body));
      expect(outcome(answer)).toEqual(REFUSED);
      expect(await finalLinesAbout(it, uuid)).toEqual([]);
    });
  });

  test.each(Object.entries(genuineV2))('%s is accepted', async (_name, bend) => {
    const it = await receiver();
    const uuid = freshId();
    const body = paymentV2(uuid);
    expect(outcome(await post(it, bend(signed('v2', body), body)))).toEqual(RECEIVED);
    await handled(it, uuid);
  });

  test('v1 accepts the older secret too, and its body in any layout', async () => {
    const it = await receiver();
    const uuid = freshId();
    const text = JSON.stringify(paymentV1(uuid), undefined, 2);
    const delivery = signDelivery({ version: 'v1', body: text, secret: SECRETS[1] });
    expect(outcome(await post(it, delivery))).toEqual(RECEIVED);
    await handled(it, uuid);
  });

  test("v1's test id opens no door", async () => {
    const it = await receiver();
    const headers = { 'content-type': 'application/json', 'x-webhook-id': 'test-webhook-id' };
    const body = Buffer.from(JSON.stringify(fixtures.v1.connectivityTest()));
    expect(outcome(await post(it, { headers, body }))).toEqual(REFUSED);
    const forged = { ...signed('v1', fixtures.v1.connectivityTest()).headers };
    forged[V1] = `sha256=${'0'.repeat(64)}`;
    expect(outcome(await post(it, { headers: forged, body }))).toEqual(REFUSED);
  });

  test('the reason of a refusal goes to onError', async () => {
    const it = await receiver();
    const stale = () =>
      it.complaints().filter(({ facts }) => facts?.['reason'] === 'timestamp_outside_tolerance');
    const body = paymentV2(freshId());
    const old = signDelivery({ version: 'v2', body, secret: SECRETS[0], timestamp: 1 });
    expect(outcome(await post(it, old))).toEqual(REFUSED);
    // The first of them at once; the others of a minute are counted.
    await expect.poll(() => stale().length).toBeGreaterThan(0);
    expect(stale().at(-1)).toMatchObject({ onError: 'invalid_signature', stage: 'receive' });
  });
}
