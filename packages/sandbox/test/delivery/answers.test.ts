import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { createQBitFlow, toNodeHandler } from '@qbitflow/core';
import { expect, onTestFinished, test } from 'vitest';
import type { DeliveryAttempt, SandboxOptions } from '../../src/index.js';
import { call, openPayment, openSandbox, openWorld } from '../support/world.js';

const oneAttempt = { retryDelaysMs: [] } satisfies SandboxOptions;

/** What a delivery's only attempt came to, when the shop answers like this. */
async function attemptAt(
  answer: (response: ServerResponse) => void,
  options: SandboxOptions = {},
): Promise<DeliveryAttempt | undefined> {
  const { sandbox } = await openWorld({ ...oneAttempt, ...options }, answer);
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.idle();
  return sandbox.deliveries[0]?.attempts[0];
}

/** The same at a shop of its own; `path` is where the sandbox looks for the route. */
async function attemptAtShop(
  listener: RequestListener,
  path: string,
): Promise<DeliveryAttempt | undefined> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
  });
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not a TCP address');
  const webhookUrl = `http://127.0.0.1:${address.port}${path}`;
  const sandbox = await openSandbox({ ...oneAttempt, webhookUrl });
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.idle();
  return sandbox.deliveries[0]?.attempts[0];
}

function kit(webhookSecret: string): RequestListener {
  const qbitflow = createQBitFlow({ webhookSecret, logger: false });
  onTestFinished(() => qbitflow.close());
  return toNodeHandler(qbitflow, { basePath: '/qbitflow' });
}

const answering =
  (status: number, body: string, headers: Record<string, string> = {}) =>
  (response: ServerResponse) => {
    response.writeHead(status, headers).end(body);
  };

const expressPage = (text: string) =>
  `<!DOCTYPE html>\n<html lang="en">\n<body>\n<pre>${text}</pre>\n</body>\n</html>\n`;

test("the shop's answer is kept with its attempt, and shown over HTTP", async () => {
  const { sandbox } = await openWorld(oneAttempt, answering(200, '{"received":true}'));
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.idle();
  const attempt = { status: 200, answer: '{"received":true}' };
  expect(sandbox.deliveries[0]?.attempts[0]).toMatchObject(attempt);
  expect(sandbox.deliveries[0]?.attempts[0]).not.toHaveProperty('hint');
  const { body } = await call(sandbox, 'GET /sandbox/deliveries');
  expect(body['items']).toMatchObject([{ attempts: [attempt] }]);
});

test('an empty answer is left out', async () => {
  expect(await attemptAt(answering(204, ''))).not.toHaveProperty('answer');
});

test('of a long answer the first 500 characters are kept, never half of one', async () => {
  const attempt = await attemptAt(answering(500, '😀'.repeat(5_000)));
  expect(Array.from(attempt?.answer ?? '')).toHaveLength(500);
  expect(attempt?.answer).toMatch(/^😀+…$/u);
});

test('what would move a terminal or turn its text around is made harmless', async () => {
  const attempt = await attemptAt(
    answering(500, '\u001b[2J\u0007a\r\nb\u0000\u202ec\u2028d\u009be'),
  );
  expect(attempt?.answer).toBe('[2J a b c d e');
});

test('bytes that are no text do no harm', async () => {
  const attempt = await attemptAt((response) =>
    response.writeHead(500).end(Buffer.from([0xff, 0xfe])),
  );
  expect(attempt?.answer).toBe('\ufffd\ufffd');
});

test.each<[string, (response: ServerResponse) => void, RegExp]>([
  [
    "Express's bare 404",
    answering(404, expressPage('Cannot POST /webhook')),
    /check the path: webhooks go to http:\/\/127\.0\.0\.1:\d+\/webhook.*\/qbitflow\/webhook/,
  ],
  ["Koa's bare 404", answering(404, 'Not Found'), /check the path/],
  [
    'a signature that a shop refuses with 400',
    answering(400, 'Webhook signature verification failed'),
    /webhook secret/,
  ],
  ['a login', answering(401, 'Unauthorized'), /login/],
  [
    'a parser that refuses the body',
    answering(400, expressPage('SyntaxError: Unexpected token')),
    /before express\.json\(\)/,
  ],
  [
    'a body that was parsed before',
    answering(500, 'the payload must be the raw body'),
    /before express\.json\(\)/,
  ],
  ['CSRF protection', answering(403, expressPage('ForbiddenError: invalid csrf token')), /CSRF/],
  ['any other 403', answering(403, 'Forbidden'), /logins/],
  [
    'a route for GET alone',
    answering(405, 'Method Not Allowed', { allow: 'GET' }),
    /takes no POST/,
  ],
  ['a small limit', answering(413, expressPage('PayloadTooLargeError')), /1 MiB/],
  ['another media type', answering(415, ''), /application\/json/],
  ['a rate limiter', answering(429, 'Too many requests'), /rate limits/],
  ['a proxy without its shop', answering(502, 'Bad Gateway'), /proxy/],
  ['a shop that cannot now', answering(503, ''), /cannot take it now/],
  ['a route that throws', answering(500, expressPage('Error: boom')), /the route threw/],
  [
    'a redirect to https',
    answering(301, '', { location: 'https://shop.example/webhook' }),
    /set the webhook URL to https:\/\/shop\.example\/webhook/,
  ],
  [
    'a relative redirect',
    answering(302, '', { location: '/login' }),
    /set the webhook URL to http:\/\/127\.0\.0\.1:\d+\/login.*login page/,
  ],
  ['a redirect to nowhere', answering(307, ''), /follow no redirect/],
  ['an unusual status', answering(418, ''), /answer 200/],
  ['a connection that is cut', (response) => void response.destroy(), /without an answer/],
  [
    'what is no HTTP',
    (response) => void response.socket?.end('SSH-2.0-OpenSSH\r\n'),
    /another program/,
  ],
])('%s: what to try is said', async (_what, answer, hint) => {
  expect((await attemptAt(answer))?.hint).toMatch(hint);
});

test('names in a stack trace are no cause', async () => {
  const trace = '<br> &nbsp; &nbsp;at getRawBody (/shop/node_modules/raw-body/index.js:116:12)';
  const tooLarge = expressPage(`PayloadTooLargeError: request entity too large${trace}`);
  expect((await attemptAt(answering(413, tooLarge)))?.hint).toContain('1 MiB');
  const thrown = 'Error: boom\n    at csrf (file:///shop/signature.mjs:1:1)';
  expect((await attemptAt(answering(500, thrown)))?.hint).toContain('the route threw');
});

test('v1 is told that it takes nothing but 200', async () => {
  expect((await attemptAt(answering(204, ''), { deliver: 'v1' }))?.hint).toContain('exactly 200');
});

test('a shop that works before it answers is told to answer first', async () => {
  const attempt = await attemptAt(() => undefined, { deliveryTimeoutMs: 50 });
  expect(attempt?.hint).toContain('answer 200 before');
});

test.each(['127.0.0.1', 'localhost'])('nobody listening on %s: the port is named', async (host) => {
  const { receiver } = await openWorld();
  await receiver.close();
  const { port } = new URL(receiver.url);
  const sandbox = await openSandbox({ ...oneAttempt, webhookUrl: `http://${host}:${port}/` });
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.idle();
  const [attempt] = sandbox.deliveries[0]?.attempts ?? [];
  expect(attempt?.error).toContain('ECONNREFUSED');
  expect(attempt?.hint).toContain(`does it listen on port ${port}?`);
});

test('TLS where the shop speaks plain HTTP', async () => {
  const { receiver } = await openWorld();
  const webhookUrl = receiver.url.replace('http:', 'https:');
  const sandbox = await openSandbox({ ...oneAttempt, webhookUrl });
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.idle();
  expect(sandbox.deliveries[0]?.attempts[0]?.hint).toContain('use http://');
});

test('a failure that a scenario wants is no reason to mend anything', async () => {
  const refused = answering(401, '{"error":"invalid signature"}');
  for (const scenario of ['wrong-secret', 'stale', 'dropped-answer'] as const) {
    const attempt = await attemptAt(refused, { scenarios: [scenario] });
    expect(attempt?.hint).toContain('nothing to mend: the scenario');
  }
});

test.each([
  ['/qbitflow/webhook', 'whsec_sandbox', 200, /^none$/],
  ['/qbitflow/webhook', 'whsec_another', 401, /webhook secret/],
  ['/webhook', 'whsec_sandbox', 404, /check the path.*\/qbitflow\/webhook/],
  ['/qbitflow/success', 'whsec_sandbox', 405, /takes no POST/],
])("the kit's own answer at %s with the secret %s", async (path, secret, status, hint) => {
  const attempt = await attemptAtShop(kit(secret), path);
  expect(attempt?.status).toBe(status);
  expect(attempt?.hint ?? 'none').toMatch(hint);
});

test("the kit's own answer when a body parser came first", async () => {
  const listener = kit('whsec_sandbox');
  const attempt = await attemptAtShop((request, response) => {
    request.resume().once('end', () => {
      listener(Object.assign(request, { body: {} }), response);
    });
  }, '/qbitflow/webhook');
  expect(attempt).toMatchObject({ status: 500, answer: expect.stringContaining('body parser') });
  expect(attempt?.hint).toContain('before express.json()');
});
