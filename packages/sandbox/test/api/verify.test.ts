import { createHmac } from 'node:crypto';
import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { openWorld, call, openPayment, openSandbox } from '../support/world.js';
import { V1, V2, VECTORS_V1 } from '../support/vectors.js';

const [NEW, OLD] = V2.digests;
const T = V2.timestamp;

async function v2World() {
  const clock = fakeClock(T * 1000);
  const sandbox = await openSandbox({ secret: V2.secrets[1], clock });
  sandbox.rotateSecret(V2.secrets[0]);
  const { endpointUuid } = sandbox;
  const verify = async (changes: object) => {
    const signature = `t=${T},v1=${NEW}`;
    const body = { endpointUuid, body: V2.body, signature, ...changes };
    return call(sandbox, 'POST /v2/webhooks/verify', body);
  };
  return { clock, sandbox, verify };
}

test.each([
  ['the newest secret', `t=${T},v1=${NEW}`],
  ['the retired one', `t=${T},v1=${OLD}`],
  ['both', `t=${T},v1=${NEW},v1=${OLD}`],
  ['one of many', `v1=${'0'.repeat(64)},t=${T},v1=,v1=${OLD}`],
  ['white space around the parts', ` t = ${T} ,\tv1 = ${NEW}\u0085`],
  ['other keys and parts without a key', `v0=abc,t=${T},,x,v1=${NEW},v2=a=b`],
])('v2: genuine with %s', async (_name, signature) => {
  const { verify } = await v2World();
  expect((await verify({ signature })).status).toBe(200);
});

test.each([
  ['no header', ''],
  ['a blank header', ' \u0085 '],
  ['no time', `v1=${NEW}`],
  ['two times', `t=${T},t=${T},v1=${NEW}`],
  ['no signature', `t=${T}`],
  ['an empty signature', `t=${T},v1=`],
  ['a time that is none', `t=now,v1=${NEW}`],
  ['a time with a sign', `t=+${T},v1=${NEW}`],
  ['a time in other digits', `t=${T}٠,v1=${NEW}`],
  ['a time beyond all numbers', `t=${'9'.repeat(400)},v1=${NEW}`],
  ['another time', `t=${T + 1},v1=${NEW}`],
  ['another digit', `t=${T},v1=${NEW.replace('4', '5')}`],
  ['upper case', `t=${T},v1=${NEW.toUpperCase()}`],
  ['a byte order mark, which is no white space', `t=${T},v1=\uFEFF${NEW}`],
])('v2: not genuine with %s', async (_name, signature) => {
  const { verify } = await v2World();
  const { status, body } = await verify({ signature });
  expect([status, body['code']]).toEqual([400, 'invalid_signature']);
});

test('v2: 300 s either way are tolerated', async () => {
  const { clock, verify } = await v2World();
  await clock.advance(300_999);
  expect((await verify({})).status).toBe(200);
  await clock.advance(1);
  expect((await verify({})).body['code']).toBe('invalid_signature');
});

test('v2: the retired secret is good for 24 hours', async () => {
  const { clock, verify } = await v2World();
  const at = async (ms: number) => {
    await clock.advance(ms);
    const t = clock.now() / 1000;
    const digest = createHmac('sha256', V2.secrets[1]).update(`${t}.${V2.body}`).digest('hex');
    return (await verify({ signature: `t=${t},v1=${digest}` })).status;
  };
  expect([await at(86_399_000), await at(1_000)]).toEqual([200, 400]);
});

test('v2: the bytes are what counts, the empty ones too', async () => {
  const { verify } = await v2World();
  expect((await verify({ body: `${V2.body} ` })).body['code']).toBe('invalid_signature');
  expect((await verify({ body: '' })).body['code']).toBe('invalid_signature');
});

test.each(['endpointUuid', 'body', 'signature'])('v2: %s is required', async (field) => {
  const { verify } = await v2World();
  for (const value of [undefined, null, 7])
    expect(await verify({ [field]: value })).toMatchObject({
      status: 400,
      body: { code: 'validation_failed', details: { errors: [{ field }] } },
    });
});

test.each([
  ['', 400, 'validation_failed'],
  [' ', 400, 'validation_failed'],
  ['e', 400, 'validation_failed'],
  ['0c0ffee0-5a6b-4c7d-8e9f-0a1b2c3d4e5f', 404, 'not_found'],
])('v2: %j is not the endpoint', async (endpointUuid, status, code) => {
  const { verify } = await v2World();
  expect(await verify({ endpointUuid })).toMatchObject({ status, body: { code } });
});

async function v1World(timestamp = V1.timestamp) {
  const sandbox = await openSandbox({ secret: V1.secret, clock: fakeClock(timestamp * 1000) });
  return async (changes: object) => {
    const { digest = '' } = VECTORS_V1[1] ?? {};
    return call(sandbox, 'POST /v1/webhooks/verify', {
      payload: { b: 2, a: 1, c: 3 },
      receivedSignature: `sha256=${digest}`,
      receivedTimestamp: String(V1.timestamp),
      ...changes,
    });
  };
}

test.each(VECTORS_V1)('v1: genuine in whatever layout: $body', async ({ body, digest }) => {
  const verify = await v1World();
  const answer = await verify({ payload: JSON.parse(body), receivedSignature: `sha256=${digest}` });
  expect(answer).toMatchObject({ status: 200, body: { message: expect.any(String) } });
});

test("v1: the time's text is what was signed, a plus included", async () => {
  const verify = await v1World();
  const digest = createHmac('sha256', V1.secret).update('+1700000000.{}').digest('hex');
  const receivedSignature = `sha256=${digest}`;
  const signed = { payload: {}, receivedSignature, receivedTimestamp: '+1700000000' };
  expect((await verify(signed)).status).toBe(200);
  expect((await verify({ ...signed, receivedTimestamp: '1700000000' })).status).toBe(400);
});

test.each([
  ['another value', { payload: { b: 2, a: 1, c: 4 } }],
  ['another scheme', { receivedSignature: `sha512=${'0'.repeat(64)}` }],
  ['no scheme', { receivedSignature: VECTORS_V1[1]?.digest }],
  ['a time that is none', { receivedTimestamp: 'now' }],
  ['a payload nested too deep', { payload: JSON.parse('['.repeat(1_001) + ']'.repeat(1_001)) }],
])('v1: not genuine with %s', async (_name, changes) => {
  const verify = await v1World();
  expect(await verify(changes)).toMatchObject({ status: 400, body: { status: 400 } });
});

test.each(['payload', 'receivedSignature', 'receivedTimestamp'])(
  'v1: %s is required, and a blank header is none',
  async (field) => {
    const verify = await v1World();
    for (const value of field === 'payload' ? [undefined, null] : [undefined, null, '', '\u0085 '])
      expect(await verify({ [field]: value })).toMatchObject({
        status: 400,
        body: { error: expect.stringContaining(`${field} is required`) },
      });
  },
);

test('v1: 300 s either way are tolerated', async () => {
  for (const [seconds, status] of [
    [-300, 200],
    [300, 200],
    [-301, 400],
    [301, 400],
  ] as const)
    expect((await (await v1World(V1.timestamp + seconds))({})).status).toBe(status);
});

test('what the sandbox sends is genuine to both generations', async () => {
  const { sandbox, receiver } = await openWorld({ deliver: 'both' });
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.idle();
  const answers = receiver.received.map(async ({ headers, body }) => {
    const { 'qbitflow-signature': signature } = headers;
    if (signature === undefined)
      return call(sandbox, 'POST /v1/webhooks/verify', {
        payload: JSON.parse(body),
        receivedSignature: headers['x-webhook-signature-256'],
        receivedTimestamp: headers['x-webhook-timestamp'],
      });
    const { endpointUuid } = sandbox;
    return call(sandbox, 'POST /v2/webhooks/verify', { endpointUuid, body, signature });
  });
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
});
