import { createHmac } from 'node:crypto';
import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { V2 } from '../support/vectors.js';
import { call, openSandbox } from '../support/world.js';

const { body: BODY_V2 } = V2;
const [DIGEST_V2] = V2.digests;

test('v2: genuine is 200, anything else 400 invalid_signature', async () => {
  const sandbox = await openSandbox({
    secret: 'whsec_new_secret',
    clock: fakeClock(1_790_856_300_000),
  });
  const verify = async (signature: string) =>
    call(sandbox, 'POST /v2/webhooks/verify', { endpointUuid: 'e', body: BODY_V2, signature });
  expect((await verify(`t=1790856000,v1=${DIGEST_V2}`)).status).toBe(200);
  const wrong = await verify(`t=1790856000,v1=${DIGEST_V2.replace('4', '5')}`);
  expect(wrong.status).toBe(400);
  expect(wrong.body['code']).toBe('invalid_signature');
  expect((await verify(`t=1790856001,v1=${DIGEST_V2}`)).body['code']).toBe('invalid_signature');
});

test('v2: the retired secret verifies for 24 hours', async () => {
  const sandbox = await openSandbox({
    secret: 'whsec_new_secret',
    clock: fakeClock(1_790_856_000_000),
  });
  sandbox.rotateSecret();
  const { status } = await call(sandbox, 'POST /v2/webhooks/verify', {
    endpointUuid: 'e',
    body: BODY_V2,
    signature: `t=1790856000,v1=${DIGEST_V2}`,
  });
  expect(status).toBe(200);
});

test('v1: the value is verified, whatever its layout; 400 otherwise', async () => {
  const sandbox = await openSandbox({
    secret: 'whsec_test_0123456789abcdef',
    clock: fakeClock(1_700_000_000_000),
  });
  const verify = async (payload: unknown) =>
    call(sandbox, 'POST /v1/webhooks/verify', {
      payload,
      receivedSignature: 'sha256=cefa417c919e24dadad16670fb997f379aece68be25f46d70bd2ee6541bb7b0a',
      receivedTimestamp: '1700000000',
    });
  expect((await verify({ b: 2, a: 1, c: 3 })).status).toBe(200);
  expect((await verify({ b: 2, a: 1, c: 4 })).status).toBe(400);
});

test('v1: a timestamp outside the tolerance is not genuine', async () => {
  const sandbox = await openSandbox({ clock: fakeClock(1_700_000_301_000) });
  const digest = createHmac('sha256', 'whsec_sandbox').update('1700000000.{}').digest('hex');
  const answer = await call(sandbox, 'POST /v1/webhooks/verify', {
    payload: {},
    receivedSignature: `sha256=${digest}`,
    receivedTimestamp: '1700000000',
  });
  expect(answer.status).toBe(400);
});
