import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { call, openPayment, openSandbox, payment } from '../support/world.js';

const sessions = '/transaction/session-checkout';
const creates = [`/v2${sessions}/new/payment`, `/v1${sessions}/new/payment`];

test.each(creates)('%s: what is no JSON object is a bad request', async (path) => {
  const sandbox = await openSandbox();
  for (const body of ['{', '', '[]', 'null', '1', '"text"', '\u0000']) {
    const answer = await call(sandbox, `POST ${path}`, body);
    expect(answer.status).toBe(400);
    expect(answer.body['error']).toMatch(/^the body (is not JSON|must be a JSON object)$/);
    expect(answer.body['code']).toBe(path.startsWith('/v2') ? 'bad_request' : undefined);
  }
});

test.each(creates)('%s: a body may be 1 MiB long', async (path) => {
  const sandbox = await openSandbox();
  const sized = (bytes: number): string => {
    const text = JSON.stringify({ ...payment, ignored: '' });
    return text.replace('"ignored":""', `"ignored":"${'x'.repeat(bytes - text.length)}"`);
  };
  expect((await call(sandbox, `POST ${path}`, sized(1_048_576))).status).toBeLessThan(300);
  for (const bytes of [1_048_577, 8_000_000]) {
    const { status, body } = await call(sandbox, `POST ${path}`, sized(bytes));
    expect([status, body['error']]).toEqual([413, 'the body is larger than 1 MiB']);
    expect(body['code']).toBe(path.startsWith('/v2') ? 'request_too_large' : undefined);
  }
});

test('a body that is far too long is read to its end, so that its sender sees the answer', async () => {
  const sandbox = await openSandbox();
  const headers = { 'x-api-key': sandbox.apiKey };
  const url = sandbox.url + (creates[0] ?? '');
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => {
    agent.destroy();
  });
  const sending = request(url, { method: 'POST', headers, agent });
  const answered = once(sending, 'response');
  sending.end(Buffer.alloc(64 * 1_048_576, 'x'));
  await once(sending, 'finish');
  const [answer]: IncomingMessage[] = await answered;
  expect(answer?.resume().statusCode).toBe(413);
});

test('what canonical JSON cannot tell apart is a bad request with a key', async () => {
  const sandbox = await openSandbox();
  const key = { 'idempotency-key': 'a-key' };
  const deep = `{"x":${'['.repeat(1_001)}${']'.repeat(1_001)}}`;
  for (const body of [deep, '{"x":1e999}'])
    expect(await call(sandbox, `POST ${creates[0] ?? ''}`, body, key)).toMatchObject({
      status: 400,
      body: { code: 'bad_request' },
    });
});

test.each(['', 'sk_wrong'])('the API key %j opens nothing', async (apiKey) => {
  const sandbox = await openSandbox();
  const headers = { 'x-api-key': apiKey };
  for (const path of ['/v2/me', '/v2/webhooks/events', `/v2${sessions}/pay@1/status`]) {
    const { status, body } = await call(sandbox, `GET ${path}`, undefined, headers);
    expect([status, body['code']]).toEqual([401, 'unauthorized']);
  }
  const v1 = await call(sandbox, 'GET /v1/transaction/payment/pay@1', undefined, headers);
  expect(v1).toMatchObject({
    status: 401,
    body: { error: expect.stringMatching(/key/i), status: 401 },
  });
});

test.each([
  'sk_0c0ffee0-5a6b-4c7d-8e9f-0a1b2c3d4e5f_test_abc',
  'sk_0c0ffee0-5a6b-4c7d-8e9f-0a1b2c3d4e5f_live_abc',
  'sk_12345_abc',
])('%s can be the API key', async (apiKey) => {
  const sandbox = await openSandbox({ apiKey });
  expect((await call(sandbox, 'GET /v2/me')).status).toBe(200);
});

test.each([
  'GET /v2/nothing',
  'POST /v2/nothing',
  'GET /v2/',
  'DELETE /v2/me',
  `GET /v2${sessions}/pay@0/status`,
  `POST /v2${sessions}/pay@0/expire`,
  'GET /v2/transaction/payment/pay@0',
  'GET /v2/transaction/payment/%E0%A4%A',
  'GET /v2/transaction/subscription/sub@0',
  'GET /v2/webhooks/events/evt_0',
])('%s is not found, as v2 says it', async (what) => {
  const sandbox = await openSandbox();
  const { status, body, headers } = await call(sandbox, what);
  expect(status).toBe(404);
  expect(body).toEqual({
    error: expect.any(String),
    code: 'not_found',
    requestId: headers.get('x-request-id'),
  });
});

test.each([
  'GET /v1/nothing',
  'GET /v1/me',
  'GET /v1/webhooks/events',
  `GET /v1${sessions}/pay@0`,
  'GET /v1/transaction/status?txUUID=pay@0&txType=payment',
  'GET /v1/transaction/payment/pay@0',
  'GET /v1/transaction/subscription/sub@0',
])('%s is not found, as v1 says it', async (what) => {
  const sandbox = await openSandbox();
  expect(await call(sandbox, what)).toMatchObject({ status: 404, body: { status: 404 } });
  const { error, ...rest } = (await call(sandbox, what)).body;
  expect(error).toMatch(/^(no route|there is no|nothing has been processed)/);
  expect(rest).toEqual({ status: 404 });
});

test.each(['r', 'A-Za-z0-9-_.:', 'x'.repeat(128)])('the request id %s is echoed', async (id) => {
  const sandbox = await openSandbox();
  const good = await call(sandbox, 'GET /v2/me', undefined, { 'x-request-id': id });
  expect(good.headers.get('x-request-id')).toBe(id);
  const bad = await call(sandbox, 'GET /v2/nothing', undefined, { 'x-request-id': id });
  expect([bad.headers.get('x-request-id'), bad.body['requestId']]).toEqual([id, id]);
});

test.each(['', 'x'.repeat(129), 'a b', 'a/b', 'ä', '<b>'])(
  'instead of the request id %j there is a new one',
  async (id) => {
    const sandbox = await openSandbox();
    const { body, headers } = await call(sandbox, 'GET /v2/nothing', undefined, {
      'x-request-id': id,
    });
    expect(body['requestId']).toMatch(/^req_[0-9a-f-]{36}$/);
    expect(headers.get('x-request-id')).toBe(body['requestId']);
  },
);

test("what another site's page asks is forbidden, in the shape of each generation", async () => {
  const sandbox = await openSandbox();
  const ask = async (path: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const headers = { origin: 'https://evil.example', 'x-api-key': sandbox.apiKey };
      request(sandbox.url + path, { method: 'POST', headers, agent: false }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () => {
          resolve(JSON.parse(text));
        });
      })
        .on('error', reject)
        .end();
    });
  const error = 'another site may not drive the sandbox';
  expect(await ask('/v2/webhooks/verify')).toEqual({
    error,
    code: 'forbidden',
    requestId: expect.any(String),
  });
  expect(await ask('/v1/webhooks/verify')).toEqual({ error, status: 403 });
  expect(await ask('/sandbox/settings')).toEqual({ error });
  expect(sandbox.requests).toEqual([]);
});

test('an open session can be ended once, a paid one cannot', async () => {
  const sandbox = await openSandbox({ confirmationMs: 60_000 });
  const expire = async (uuid: string) => call(sandbox, `POST /v2${sessions}/${uuid}/expire`);
  const uuid = await openPayment(sandbox);
  expect(await expire(uuid)).toMatchObject({ status: 200, body: { uuid, status: 'expired' } });
  expect(await expire(uuid)).toMatchObject({ status: 409, body: { code: 'conflict' } });
  expect(sandbox.events.filter(({ type }) => type === 'checkout.expired')).toHaveLength(1);
  const paying = await openPayment(sandbox);
  await sandbox.pay(paying);
  expect(await expire(paying)).toMatchObject({ status: 409, body: { code: 'tx_already_sent' } });
});

test('a paid session cannot be ended', async () => {
  const sandbox = await openSandbox();
  const uuid = await openPayment(sandbox);
  await sandbox.pay(uuid);
  const { status, body } = await call(sandbox, `POST /v2${sessions}/${uuid}/expire`);
  expect([status, body['code']]).toEqual([409, 'tx_already_sent']);
});
