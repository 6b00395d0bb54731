import type { RequestListener } from 'node:http';
import { systemClock } from '@qbitflow/core';
import { startSandbox } from '@qbitflow/sandbox';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { serve } from '../../packages/core/test/support/serve.js';
import { type Api, examine, freePort, openShop, startApi } from './doctor-shop.js';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});

const v1 = () => ({ ...api.env, QBITFLOW_BASE_URL: `${api.url}/v1` });

test('an API of either generation that takes the key', async () => {
  const two = await examine({ env: api.env });
  expect([...two.of('baseUrl'), ...two.of('key'), ...two.of('clock')]).toEqual([
    `ok ${api.url}/v2 answers as v2`,
    'ok a test key of the space Sandbox Shop (owner)',
    "ok as the API's, to about a second",
  ]);
  const one = await examine({ env: v1() });
  expect([...one.of('baseUrl'), ...one.of('key'), ...one.of('secret')]).toEqual([
    `ok ${api.url}/v1 answers as v1`,
    'ok the API takes it',
    'ok one signing secret, which QBitFlow signs with',
  ]);
});

const COPY = 'copy a key of this space and mode (test or live) from the QBitFlow dashboard';

test.each<[string, string, string]>([
  [
    'sk_00000000-0000-4000-8000-000000000000_live_x',
    'fail',
    `the API does not take it (401): ${COPY}`,
  ],
  ['pk_1', 'fail', `the API does not take it (401), and it does not begin with sk_: ${COPY}`],
  [
    'whsec_sandbox',
    'fail',
    'QBITFLOW_API_KEY is a webhook secret (whsec_…): calls are made with an API key (sk_…): give the two the other way round',
  ],
  [
    '"sk_sandbox"',
    'fail',
    'QBITFLOW_API_KEY has quotes around it: docker --env-file and Kubernetes take them for a part of the value: leave them out',
  ],
  [
    'sk_sandbox\n',
    'fail',
    'QBITFLOW_API_KEY has white space around it: often a line end from a file: trim it',
  ],
  [
    '${API_KEY}',
    'fail',
    'QBITFLOW_API_KEY is a variable that was never filled in: the variable it comes from is not set',
  ],
  [
    'sk_sand box',
    'fail',
    'QBITFLOW_API_KEY holds a space or a character that no header may carry: copy the sk_… text alone',
  ],
  ['', 'skipped', 'give QBITFLOW_API_KEY'],
])('the key %j', async (key, status, says) => {
  const { of } = await examine({ env: { ...api.env, QBITFLOW_API_KEY: key } });
  expect(of('key')).toEqual([`${status} ${says}`]);
  expect(of('baseUrl')).toEqual([`ok ${api.url}/v2 answers as v2`]);
});

test('no line repeats a key or a secret', async () => {
  const env = { QBITFLOW_API_KEY: 'sk_private key', QBITFLOW_WEBHOOK_SECRET: 'sk_hidden' };
  const { out } = await examine({ env: { ...api.env, ...env } });
  expect(out.join('\n')).not.toMatch(/private|hidden/);
});

const COPY_SECRET =
  'copy the signing secret of the webhook endpoint (whsec_…) from the QBitFlow dashboard';

test.each<[string, readonly string[]]>([
  ['whsec_a', ['ok one signing secret']],
  ['whsec_a,whsec_b', ['ok 2 signing secrets']],
  ['0123456789', [`warn QBITFLOW_WEBHOOK_SECRET does not begin with whsec_: ${COPY_SECRET}`]],
  ['whsec_', [`warn QBITFLOW_WEBHOOK_SECRET does not begin with whsec_: ${COPY_SECRET}`]],
  [
    'whsec_a,sk_b',
    [
      'fail QBITFLOW_WEBHOOK_SECRET (2 of 2) is an API key (sk_…): webhooks are signed with the signing secret of their endpoint (whsec_…): copy it from the QBitFlow dashboard',
    ],
  ],
  [
    'whsec_a,',
    [
      'fail QBITFLOW_WEBHOOK_SECRET (2 of 2) is empty: a comma too many, or a variable that is not set',
    ],
  ],
  [
    'whsec_a\n',
    [
      'fail QBITFLOW_WEBHOOK_SECRET has white space around it: often a line end from a file: trim it',
    ],
  ],
  ['', ['skipped give QBITFLOW_WEBHOOK_SECRET']],
])('the secret %j', async (secret, lines) => {
  const { of } = await examine({ env: { ...api.env, QBITFLOW_WEBHOOK_SECRET: secret } });
  expect(of('secret')).toEqual(lines);
});

test('on v1 the API says whether it is the secret', async () => {
  const { of, code } = await examine({ env: { ...v1(), QBITFLOW_WEBHOOK_SECRET: 'whsec_other' } });
  expect([code, of('key'), of('secret')]).toEqual([
    1,
    ['ok the API takes it'],
    [`fail QBitFlow signs with another secret: ${COPY_SECRET}`],
  ]);
});

const OTHER = 'leave QBITFLOW_BASE_URL out, or set it to https://api.qbitflow.app/v2';
const answering =
  (status: number, headers: Record<string, string>, body = ''): RequestListener =>
  (_request, response) => {
    response.writeHead(status, headers).end(body);
  };

test.each<[string, RequestListener, string]>([
  [
    'another server',
    answering(404, { 'content-type': 'text/html' }, '<html>'),
    `fail what answers at <base> is not QBitFlow's API (404): ${OTHER}`,
  ],
  [
    'a page',
    answering(200, { 'content-type': 'text/html' }, '<html>'),
    `fail what answers at <base> is not QBitFlow's API (an answer of another kind): ${OTHER}`,
  ],
  [
    'JSON of something else',
    answering(200, { 'content-type': 'application/json' }, '{"hello":"world"}'),
    `fail what answers at <base> is not QBitFlow's API (an answer of another kind): ${OTHER}`,
  ],
  [
    'a redirect',
    answering(301, { location: 'https://elsewhere.example/' }),
    `fail what answers at <base> is not QBitFlow's API (301): ${OTHER}`,
  ],
  ['an outage', answering(503, {}), 'warn <base> answers 503: try again later'],
])('%s where the API should be', async (_what, app, line) => {
  const base = `${await serve(app)}/v2`;
  const { of } = await examine({ env: { ...api.env, QBITFLOW_BASE_URL: base } });
  expect(of('baseUrl')).toEqual([line.replaceAll('<base>', base)]);
  expect(of('key')).toEqual(['skipped the API must answer first']);
});

test('nothing where the API should be', async () => {
  const origin = `http://127.0.0.1:${await freePort()}`;
  const { of } = await examine({ env: { ...api.env, QBITFLOW_BASE_URL: `${origin}/v2` } });
  expect(of('baseUrl')).toEqual([
    `fail no answer from ${origin} (ECONNREFUSED): check QBITFLOW_BASE_URL, DNS, and whether this machine may open connections to it`,
  ]);
});

test('an API that does not answer in time', async () => {
  const origin = await serve(() => undefined);
  const after: typeof systemClock.after = (ms, callback) => systemClock.after(ms / 50, callback);
  const { of } = await examine({
    env: { ...api.env, QBITFLOW_BASE_URL: `${origin}/v2` },
    clock: { ...systemClock, after },
  });
  expect(of('baseUrl')).toEqual([
    `fail no answer from ${origin} within 10 s: a firewall or proxy may hold outgoing connections back`,
  ]);
});

test.each([
  [
    'https://api.qbitflow.app',
    'baseUrl must be an http(s) URL that ends in /v1 or /v2, e.g. https://api.qbitflow.app/v2',
  ],
  ["'http://127.0.0.1/v2'", 'QBITFLOW_BASE_URL has quotes around it'],
])('a base URL %s', async (baseUrl, says) => {
  const { of } = await examine({ env: { ...api.env, QBITFLOW_BASE_URL: baseUrl } });
  expect(of('baseUrl')).toEqual([`fail ${says}: ${OTHER}`]);
  expect(of('key')).toEqual(['skipped the baseUrl must be right first']);
});

test.each<[number, string]>([
  [20_000, "ok this machine's clock is N s ahead of the API's"],
  [
    -100_000,
    "warn this machine's clock is N s behind the API's: let the machine keep time (NTP; timedatectl set-ntp true): from 300 s on deliveries are refused",
  ],
  [
    -400_000,
    "fail this machine's clock is N s behind the API's, and deliveries are refused from 300 s on: let the machine keep time (NTP; timedatectl set-ntp true)",
  ],
])("a clock that is %d ms off the API's", async (ms, line) => {
  const clock = { ...systemClock, now: () => systemClock.now() + ms };
  const { of } = await examine({ env: api.env, clock });
  const near = new RegExp(`\\b${[-1, 0, 1].map((s) => Math.abs(ms) / 1_000 + s).join('|')}\\b`);
  expect(of('clock').map((said) => said.replace(near, 'N'))).toEqual([line]);
});

const DOTENV = ', or --env-file .env, which is here';

test('variables may be in a file, and a file that is there is pointed at', async () => {
  const shop = await openShop();
  const file = Object.entries({ ...api.env, QBITFLOW_WEBHOOK_URL: shop.webhook })
    .map(([name, value]) => `${name}="${value}"\n`)
    .join('');
  const files = { '.env': file };
  const base = { QBITFLOW_BASE_URL: api.env['QBITFLOW_BASE_URL'] };
  const without = await examine({ env: base, files });
  expect([...without.of('key'), ...without.of('secret')]).toEqual([
    `skipped give QBITFLOW_API_KEY${DOTENV}`,
    `skipped give QBITFLOW_WEBHOOK_SECRET${DOTENV}`,
  ]);
  const given = await examine({ args: ['--env-file', '.env'], files });
  expect(given.of('webhook')).toEqual([
    `ok a signed test delivery came through ${shop.webhook} unchanged`,
  ]);
  const env = { ...base, QBITFLOW_API_KEY: 'whsec_x' };
  const before = await examine({ args: ['--env-file', '.env'], files, env });
  expect(before.of('key')[0]).toContain('is a webhook secret');
  const missing = examine({ args: ['--env-file', 'nowhere'], env });
  await expect(missing).rejects.toMatchObject({
    code: 'misconfigured',
    message: expect.stringContaining('--env-file cannot be read: ENOENT'),
  });
});

test('on v1 a clock that is wrong is no secret that is', async () => {
  const clock = { ...systemClock, now: () => systemClock.now() - 1_000_000 };
  expect((await examine({ env: v1(), clock })).of('secret')).toEqual([
    'ok one signing secret, which QBitFlow signs with',
  ]);
});

describe('where QBitFlow sent its last event', () => {
  /** A sandbox of its own that has sent an event to a kit with this secret. */
  async function sent(secret: string) {
    const shop = await openShop({ webhookSecret: secret });
    const own = await startSandbox({ port: 0, webhookUrl: shop.webhook, retryDelaysMs: [] });
    onTestFinished(own.close);
    const env = { ...api.env, QBITFLOW_BASE_URL: `${own.url}/v2` };
    const look = async (changes: Readonly<Record<string, string>> = {}) =>
      examine({ env: { ...env, ...changes } });
    return { shop, look, trigger: async () => own.trigger('payment.completed') };
  }

  test('it was taken, and the secret is known to be right, or not', async () => {
    const { shop, look, trigger } = await sent('whsec_sandbox');
    expect((await look()).of('endpoint')).toEqual([
      'skipped QBitFlow has no event yet: send a test from its dashboard',
    ]);
    await trigger();
    const right = await look();
    expect([...right.of('endpoint'), ...right.of('secret')]).toEqual([
      `ok QBitFlow's last event (payment.completed) was taken by ${shop.webhook}`,
      'ok one signing secret, which QBitFlow signs with',
    ]);
    const wrong = await look({ QBITFLOW_WEBHOOK_SECRET: 'whsec_other,whsec_another' });
    expect(wrong.of('secret')).toEqual([`fail QBitFlow signs with another secret: ${COPY_SECRET}`]);
    const other = await look({ QBITFLOW_WEBHOOK_URL: `${shop.url}/other` });
    expect(other.of('endpoint')).toEqual([
      `warn QBitFlow sends to ${shop.webhook}, and not to ${shop.url}/other: register this one in its dashboard, or give the one that is (--url)`,
    ]);
  });

  test('it was refused', async () => {
    const { shop, look, trigger } = await sent('whsec_of_the_app');
    await trigger();
    expect((await look()).of('endpoint')).toEqual([
      `fail QBitFlow could not deliver its last event (payment.completed) to ${shop.webhook}: answered 401: mend what the line webhook says; it sends it again for three days`,
    ]);
  });
});

test('nothing given is nothing wrong', async () => {
  const { code, out, err } = await examine({
    env: { QBITFLOW_BASE_URL: api.env['QBITFLOW_BASE_URL'] },
  });
  expect([code, err, out.at(-1)]).toEqual([0, [], '5 skipped']);
});

test('a wrong call', async () => {
  const { code, out, err } = await examine({ args: ['--url', 'shop.example'] });
  expect([code, out]).toEqual([2, []]);
  expect(err).toEqual([
    'qbitflow doctor: --url is where QBitFlow sends webhooks, e.g. https://shop.example/qbitflow/webhook (qbitflow doctor --help)',
  ]);
});
