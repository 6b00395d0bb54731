import { expect, test } from 'vitest';
import { startApi } from './support/api-server.js';
import { API_KEY, client, rejectionOf } from './support/kit.js';

test('sends the key, the query and the body, and gives the parsed answer', async () => {
  const api = await startApi();
  api.on('/v2/things', { status: 201, json: { uuid: 'pay@1' } });

  const answer = await client(`${api.origin}/v2`).request({
    method: 'POST',
    path: '/things',
    query: { id: 'pay@1', skip: undefined, flag: false },
    body: { name: 'é' },
    idempotencyKey: 'order-1',
  });

  expect(answer).toEqual({ uuid: 'pay@1' });
  expect(api.requests[0]).toMatchObject({
    method: 'POST',
    url: '/v2/things?id=pay%401&flag=false',
    headers: {
      'x-api-key': API_KEY,
      'idempotency-key': 'order-1',
      'content-type': 'application/json',
      accept: 'application/json',
    },
    body: '{"name":"é"}',
  });
});

test('reaches the other generation under the same host', async () => {
  const api = await startApi();
  api.on('/v1/things', { status: 200, json: 1 });
  const v2 = client(`${api.origin}/v2`);

  expect(v2.generation.name).toBe('v2');
  expect(await v2.request({ method: 'GET', path: '/things', generation: 'v1' })).toBe(1);
});

test('sends no key header without a key', async () => {
  const api = await startApi();
  api.on('/v1/things', { status: 200, json: {} });

  await client(`${api.origin}/v1`, { apiKey: undefined }).request({
    method: 'GET',
    path: '/things',
  });

  expect(api.requests[0]?.headers).not.toHaveProperty('x-api-key');
});

test('a fetch that refuses to be a method of anything is called alone', async () => {
  const api = await startApi();
  api.on('/v2/things', { status: 200, json: 1 });
  async function strictFetch(this: unknown, ...args: Parameters<typeof fetch>): Promise<Response> {
    if (this !== undefined && this !== globalThis) throw new TypeError('Illegal invocation');
    return fetch(...args);
  }

  const strict = client(`${api.origin}/v2`, { fetch: strictFetch });
  expect(await strict.request({ method: 'GET', path: '/things' })).toBe(1);
});

test('an empty body is undefined', async () => {
  const api = await startApi();
  api.on('/v2/things', { status: 204 });

  expect(await client(`${api.origin}/v2`).request({ method: 'GET', path: '/things' })).toBe(
    undefined,
  );
});

test('a v2 refusal carries every fact', async () => {
  const api = await startApi();
  api.on('/v2/things', {
    status: 400,
    json: {
      error: 'Validation failed',
      code: 'validation_failed',
      requestId: 'req_1',
      details: { errors: [{ field: 'price', message: 'must be positive' }] },
    },
  });

  const error = await rejectionOf(
    client(`${api.origin}/v2`).request({ method: 'GET', path: '/things' }),
  );

  expect(error).toMatchObject({
    name: 'ApiError',
    code: 'api_rejected',
    status: 400,
    apiCode: 'validation_failed',
    requestId: 'req_1',
    fieldErrors: [{ field: 'price', message: 'must be positive' }],
    facts: { status: 400, requestId: 'req_1' },
    message:
      'QBitFlow\'s API answered GET /things with 400 (validation_failed): "Validation failed"; see fieldErrors and requestId',
  });
});

test.each([
  ['an HTML page', { status: 502, text: '<html>Bad gateway</html>' }, 502],
  ['nothing', { status: 503 }, 503],
  ['facts of wrong types', { status: 401, json: { error: 5, code: [], details: 'x' } }, 401],
  ['a JSON text', { status: 403, json: 'no' }, 403],
])('a refusal whose body is %s is still a refusal', async (_what, answer, status) => {
  const api = await startApi();
  api.on('/v2/things', { ...answer, headers: { 'x-request-id': 'req_2' } });

  const error = await rejectionOf(
    client(`${api.origin}/v2`, { maxRetries: 0 }).request({ method: 'GET', path: '/things' }),
  );

  expect(error).toMatchObject({
    code: 'api_rejected',
    status,
    requestId: 'req_2',
    fieldErrors: [],
  });
});

test('a success that is not JSON is unreadable', async () => {
  const api = await startApi();
  api.on('/v2/things', { status: 200, text: '<html>captive portal</html>' });

  const error = await rejectionOf(
    client(`${api.origin}/v2`).request({ method: 'GET', path: '/things' }),
  );

  expect(error).toMatchObject({ code: 'api_unreadable', status: 200 });
  expect(api.requests).toHaveLength(1);
});

test('no answer at all is unreachable, with the cause', async () => {
  const api = await startApi();
  api.on('/v2/things', (response) => response.destroy());

  const error = await rejectionOf(
    client(`${api.origin}/v2`, { maxRetries: 0 }).request({ method: 'GET', path: '/things' }),
  );

  expect(error).toMatchObject({ code: 'api_unreachable', status: undefined });
  expect(error).toHaveProperty('cause');
});

test('an answer cut off in its middle is unreachable', async () => {
  const api = await startApi();
  api.on('/v2/things', (response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{"a":', () => response.destroy());
  });

  const error = await rejectionOf(
    client(`${api.origin}/v2`, { maxRetries: 0 }).request({ method: 'GET', path: '/things' }),
  );

  expect(error).toMatchObject({ code: 'api_unreachable' });
});

test.each([
  ['never answers', () => undefined],
  [
    'never ends its answer',
    (response: { writeHead(status: number): void; write(text: string): void }) => {
      response.writeHead(200);
      response.write('{');
    },
  ],
])('a server that %s runs into the time limit', async (_what, answer) => {
  const api = await startApi();
  api.on('/v2/things', answer);

  const error = await rejectionOf(
    client(`${api.origin}/v2`, { maxRetries: 0, timeoutMs: 50 }).request({
      method: 'GET',
      path: '/things',
    }),
  );

  expect(error).toMatchObject({ code: 'api_timeout' });
});

test('a fetch that ignores its signal cannot hold a call for ever', async () => {
  const error = await rejectionOf(
    client('http://127.0.0.1:9/v2', {
      fetch: async () => new Promise<Response>(() => undefined),
      maxRetries: 0,
      timeoutMs: 20,
    }).request({ method: 'GET', path: '/things' }),
  );

  expect(error).toMatchObject({ code: 'api_timeout' });
});

test("the caller's signal ends the call and its retries", async () => {
  const api = await startApi();
  const controller = new AbortController();
  api.on('/v2/things', () => {
    controller.abort(new Error('shutting down'));
  });

  const error = await rejectionOf(
    client(`${api.origin}/v2`).request({
      method: 'GET',
      path: '/things',
      signal: controller.signal,
    }),
  );

  expect(error).toMatchObject({ code: 'api_unreachable', cause: { message: 'shutting down' } });
  expect(api.requests).toHaveLength(1);
});

test('an idempotency key that no header can carry is refused before anything is sent', async () => {
  const api = await startApi();

  const error = await rejectionOf(
    client(`${api.origin}/v2`).request({ method: 'POST', path: '/x', idempotencyKey: 'a\nb' }),
  );

  expect(error).toMatchObject({ code: 'invalid_checkout' });
  expect(api.requests).toHaveLength(0);
});
