import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import type { RequestListener, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, toNodeHandler, type QBitFlowOptions } from '@qbitflow/core';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { serve } from '../../packages/core/test/support/serve.js';
import {
  examine,
  freePort,
  openShop,
  proxyTo,
  SECRET,
  startApi,
  type Api,
  type Examination,
} from './doctor-shop.js';
import { appWithParser, emptyApp } from './express-apps.mjs';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});

/** Has the URL looked at by somebody with the right secret. */
async function webhookLines(url: string, { env, ...rest }: Examination = {}) {
  const examined = await examine({
    ...rest,
    env: { ...api.env, QBITFLOW_WEBHOOK_URL: url, ...env },
  });
  return { ...examined, lines: examined.of('webhook') };
}

const hosts = (text: string, url: string): string => text.replaceAll('HOST', new URL(url).host);
const answering =
  (status: number, headers: Record<string, string>, body = ''): RequestListener =>
  (_request, response) => {
    response.writeHead(status, headers).end(body);
  };
const HTML = { 'content-type': 'text/html; charset=utf-8' };
const JSON_TYPE = { 'content-type': 'application/json' };

test('a mounted kit is seen to take deliveries, and keeps nothing of it', async () => {
  const shop = await openShop();
  const { lines } = await webhookLines(shop.webhook);
  expect(lines).toEqual([`ok a signed test delivery came through ${shop.webhook} unchanged`]);
  expect((await shop.store.list({})).items).toEqual([]);
  expect(shop.seen).toEqual([]);
});

const PARSERS = 'docs/guides/existing-app.md';

test('a body parser in front of the route', async () => {
  const { kit } = await openShop();
  const url = await serve(appWithParser(kit));
  const { lines, code } = await webhookLines(`${url}/qbitflow/webhook`);
  expect([code, lines]).toEqual([
    1,
    [
      `fail 500: a body parser reads the body before the kit, and the signed bytes are gone: mount the route before express.json(), koa-body and the like, or put withWebhook() in front of the app (${PARSERS})`,
    ],
  ]);
});

test('a proxy that writes the body anew', async () => {
  const shop = await openShop();
  const proxy = await proxyTo(shop.url, (passed) => {
    passed.body = Buffer.from(JSON.stringify(JSON.parse(passed.body.toString())));
  });
  expect((await webhookLines(`${proxy}/webhook`)).lines).toEqual([
    `fail 401: something before the kit writes the body anew, and its bytes are no longer the signed ones: let the proxy or body parser pass the body on as it came, or put withWebhook() in front of the app (${PARSERS})`,
  ]);
});

test('a proxy that keeps the signature back', async () => {
  const shop = await openShop();
  const proxy = await proxyTo(shop.url, ({ headers }) => {
    delete headers['qbitflow-signature'];
  });
  expect((await webhookLines(`${proxy}/webhook`)).lines).toEqual([
    'fail 401: something before the kit keeps back the header QBitFlow-Signature: let the proxy or gateway pass it on as it is',
  ]);
});

const NO_SECRET =
  "fail 401: none of the kit's secrets made this signature, or a proxy keeps its header back: give the app the same QBITFLOW_WEBHOOK_SECRET as here and start it again; its log line invalid_signature says which it is (a proxy must let QBitFlow-Signature through)";

test('another secret, and a proxy that lets no header through', async () => {
  const other = await openShop({ webhookSecret: 'whsec_other' });
  expect((await webhookLines(other.webhook)).lines).toEqual([NO_SECRET]);
  const shop = await openShop();
  const proxy = await proxyTo(shop.url, ({ headers }) => {
    for (const name of Object.keys(headers)) if (/signature/.test(name)) delete headers[name];
  });
  expect((await webhookLines(`${proxy}/webhook`)).lines).toEqual([NO_SECRET]);
});

test('of several secrets any may be the one of the kit', async () => {
  const shop = await openShop();
  const env = { QBITFLOW_WEBHOOK_SECRET: `whsec_new, ${SECRET}` };
  const { lines, of } = await webhookLines(shop.webhook, { env });
  expect(of('secret')).toEqual(['ok 2 signing secrets']);
  expect(lines).toEqual([`ok a signed test delivery came through ${shop.webhook} unchanged`]);
});

/** The machine's clock, so many ms off. */
const shifted = (ms: number) => ({ ...systemClock, now: () => systemClock.now() + ms });

test('a clock there that is wrong', async () => {
  const clock = shifted(-1_000_000);
  const tellTime =
    (app: RequestListener): RequestListener =>
    (request, response) => {
      response.setHeader('date', new Date(clock.now()).toUTCString());
      app(request, response);
    };
  const shop = await openShop({ clock }, tellTime);
  const { lines } = await webhookLines(shop.webhook);
  expect(lines.map((line) => line.replace(/\b(?:999|1000|1001) s/, 'N s'))).toEqual([
    "fail 401: the clock of the machine there is N s behind QBitFlow's, and every delivery looks too old or too new: let it keep time (NTP; timedatectl set-ntp true)",
  ]);
});

test('a clock here that is wrong is no reason to find fault with the kit', async () => {
  const shop = await openShop();
  const { lines, of, code } = await webhookLines(shop.webhook, { clock: shifted(1_000_000) });
  expect(code).toBe(1);
  expect(of('clock').map((line) => line.replace(/\b(?:999|1000|1001) s/, 'N s'))).toEqual([
    "fail this machine's clock is N s ahead of the API's, and deliveries are refused from 300 s on: let the machine keep time (NTP; timedatectl set-ntp true)",
  ]);
  expect(lines).toEqual([`ok a signed test delivery came through ${shop.webhook} unchanged`]);
});

test('a kit whose clock is a little off is told of', async () => {
  const shop = await openShop({ clock: shifted(100_000) });
  const { of } = await webhookLines(shop.webhook);
  expect(of('kit')[0]?.replace(/\b(?:99|100|101) s/, 'N s')).toBe(
    'warn its clock is N s ahead: let the machine keep time: from 300 s on deliveries are refused',
  );
});

const LOGIN = 'exempt the path from the login';

test.each<[string, RequestListener, string]>([
  [
    'a login that redirects',
    answering(302, { location: '/login?next=%2Fwebhook' }),
    `302 to /login?next=%2Fwebhook, and QBitFlow follows no redirects: ${LOGIN}`,
  ],
  [
    'a slash at the end',
    answering(308, { location: '/webhook/' }),
    "308 to /webhook/, and QBitFlow follows no redirects: register http://HOST/webhook/ as the endpoint's address",
  ],
  [
    'another host',
    answering(301, { location: 'https://www.shop.example/' }),
    "301 to https://www.shop.example/, and QBitFlow follows no redirects: register the address it ends at as the endpoint's, or do not redirect POST",
  ],
  [
    'a redirect to nowhere',
    answering(301, {}),
    "301 to nowhere, and QBitFlow follows no redirects: register the address it ends at as the endpoint's, or do not redirect POST",
  ],
  [
    'a login page',
    answering(200, HTML, '<!doctype html><form>'),
    "200 with a page, which is not the kit's answer: a login page, a single-page app or a placeholder has this path: let POST through to the kit",
  ],
  [
    'an app that takes everything',
    answering(200, JSON_TYPE, '{"ok":true}'),
    '200, but by something else than the kit: mount webhookHandler() or qbitflowRouter() at this path, or correct the address',
  ],
  [
    'an empty answer',
    answering(204, {}),
    '204, but by something else than the kit: mount webhookHandler() or qbitflowRouter() at this path, or correct the address',
  ],
  [
    'a server that says what it was sent',
    (request, response) => void request.pipe(response),
    '200, but by something else than the kit: mount webhookHandler() or qbitflowRouter() at this path, or correct the address',
  ],
  [
    'nothing at this path',
    emptyApp(),
    "404: nothing is mounted at this path: qbitflowRouter() has POST /webhook below where it is mounted, e.g. app.use('/qbitflow', …): /qbitflow/webhook",
  ],
  [
    'pages only',
    answering(405, { allow: 'GET' }),
    '405, which takes no POST: mount webhookHandler() for POST at this path, or correct the address',
  ],
  [
    'a password',
    answering(401, { 'www-authenticate': 'Basic realm="staging"' }),
    '401 by a login before the kit (Basic): exempt the path from it: the signature is the login',
  ],
  [
    'a check against forged forms',
    answering(403, JSON_TYPE, '{"error":"invalid csrf token"}'),
    '403 by something before the kit (invalid csrf token): exempt the path from logins, CSRF checks, bot protection and firewall rules',
  ],
  [
    'a rate limit',
    answering(429, {}),
    '429 by a rate limit before the kit: exempt the path from it',
  ],
  [
    'a proxy without its app',
    answering(502, { ...HTML, server: 'nginx/1.24.0' }, '<html>'),
    '502 by a proxy (nginx/1.24.0) that gets no answer from the app: start the app, or correct where the proxy looks for it',
  ],
  [
    'an app that fails',
    answering(500, HTML, '<html>'),
    '500: the app failed: look into its log; a kit with webhookSecret: false answers so, for it takes no deliveries',
  ],
  [
    'a teapot that writes to the terminal',
    answering(418, {}, 'short\u001b[31m and\nstout'),
    "418, and says short [31m and stout: look into the app's log",
  ],
  [
    'a connection that is closed',
    (request) => void request.destroy(),
    "HOST closed the connection without an answer: look into the app's log; http:// to a port that speaks TLS does it too",
  ],
])('%s', async (_what, app, line) => {
  const url = `${await serve(app)}/webhook`;
  const { lines, code } = await webhookLines(url);
  expect([code, lines]).toEqual([1, [`fail ${hosts(line, url)}`]]);
});

test('where the routes are mounted, but not the webhook', async () => {
  const shop = await openShop();
  expect((await webhookLines(shop.url)).lines).toEqual([
    'fail 404 by the kit, which is mounted here: its webhook is below: …/webhook',
  ]);
});

test.each<[string, QBitFlowOptions, string]>([
  [
    'that takes no deliveries',
    { webhookSecret: false },
    'fail 500: the app failed: look into its log; a kit with webhookSecret: false answers so, for it takes no deliveries',
  ],
  [
    'that says 200 to everything',
    { webhookSecret: 'whsec_other', acknowledge: 'everything' },
    "fail 200, but the kit did not take it for a probe: with acknowledge: 'everything' it answers so to a wrong secret, too: look for invalid_signature in its log; a kit older than this command answers so as well: update it",
  ],
  [
    "of v1's signatures alone",
    { generations: ['v1'] },
    "fail 401: the kit there does not take v2's signatures: its option generations leaves v2 out: take it in, or set QBITFLOW_BASE_URL to the API that your endpoint is of",
  ],
])('a kit %s', async (_what, options, line) => {
  const shop = await openShop(options);
  expect((await webhookLines(shop.webhook)).lines).toEqual([line]);
});

test('a kit that asks an API which is away', async () => {
  const baseUrl = `http://127.0.0.1:${await freePort()}/v2`;
  const endpointUuid = '00000000-0000-4000-8000-000000000000';
  const remote = { webhookSecret: [], apiKey: 'sk_a', baseUrl, endpointUuid };
  const shop = await openShop(remote);
  expect((await webhookLines(shop.webhook)).lines).toEqual([
    'fail 503: the kit there asks the API about signatures and gets no answer: give its process QBITFLOW_WEBHOOK_SECRET: then it checks them itself',
  ]);
});

test('nothing there', async () => {
  const url = `http://127.0.0.1:${await freePort()}/webhook`;
  expect((await webhookLines(url)).lines).toEqual([
    hosts('fail nothing listens at HOST: start the app, or correct host and port', url),
  ]);
  expect((await webhookLines('http://shop.invalid/webhook')).lines).toEqual([
    'fail the name shop.invalid is not found: look for a slip of the pen, or set up its DNS',
  ]);
});

test('no answer in time', async () => {
  const waiting: ServerResponse[] = [];
  const url = await serve((_request, response) => void waiting.push(response));
  // Only what the command itself waits for comes sooner.
  const after: typeof systemClock.after = (ms, callback) => systemClock.after(ms / 50, callback);
  const clock = { ...systemClock, after };
  expect((await webhookLines(`${url}/webhook`, { clock })).lines).toEqual([
    'fail no answer within 10 s: a firewall may swallow what it does not let through, or something before the route waits for a body that was read already',
  ]);
});

test('certificates that nobody vouches for, and TLS where there is none', async () => {
  const shop = await openShop();
  const { port } = await serveWithTls(toNodeHandler(shop.kit));
  const url = `https://127.0.0.1:${port}/webhook`;
  expect((await webhookLines(url)).lines).toEqual([
    hosts(
      'fail nobody vouches for the certificate of HOST: use one of a public authority (Let’s Encrypt), with its intermediate certificates',
      url,
    ),
  ]);
  const plain = shop.webhook.replace('http:', 'https:');
  expect((await webhookLines(plain)).lines).toEqual([
    hosts(
      'fail HOST speaks no TLS: let the server or a proxy terminate TLS there, or correct the port',
      plain,
    ),
  ]);
});

async function serveWithTls(app: RequestListener): Promise<AddressInfo> {
  const folder = mkdtempSync(join(tmpdir(), 'qbitflow-tls-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const args = ['req', '-x509', ...curve, '-keyout', key, '-out', cert, '-days', '2', ...subject];
  const made = spawnSync('openssl', args, { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`openssl made no certificate: ${made.stderr}`);
  const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, app);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => void server.close());
  return server.address() as AddressInfo;
}

test('an address that only the own network knows, while QBitFlow is on the internet', async () => {
  const shop = await openShop();
  // The API by its real name, answered by the sandbox.
  const viaSandbox: typeof fetch = async (to, init) => {
    const url = typeof to === 'string' ? to.replace('https://api.qbitflow.app', api.url) : to;
    return fetch(url, init);
  };
  const { lines } = await webhookLines(shop.webhook, {
    env: { QBITFLOW_BASE_URL: undefined },
    fetch: viaSandbox,
  });
  expect(lines).toEqual([
    hosts(
      'fail QBitFlow cannot reach HOST, which only your own network knows: register a public address; on your own machine use @qbitflow/sandbox, or a tunnel',
      shop.webhook,
    ),
    `ok a signed test delivery came through ${shop.webhook} unchanged`,
  ]);
});

test('what is not given is skipped, and what is no address is said so', async () => {
  expect(
    (await examine({ env: { QBITFLOW_BASE_URL: api.env['QBITFLOW_BASE_URL'] } })).of('webhook'),
  ).toEqual(['skipped give --url https://shop.example/qbitflow/webhook, or QBITFLOW_WEBHOOK_URL']);
  const noSecret = { QBITFLOW_WEBHOOK_SECRET: undefined };
  expect((await webhookLines('http://127.0.0.1:1/webhook', { env: noSecret })).lines).toEqual([
    'skipped give QBITFLOW_WEBHOOK_SECRET: the test delivery is signed with it',
  ]);
  expect((await webhookLines('shop.example/webhook')).lines).toEqual([
    'fail QBITFLOW_WEBHOOK_URL is no http(s) URL: set it to an address such as https://shop.example/qbitflow/webhook',
  ]);
});

test('what the kit behind the URL says of itself', async () => {
  const shop = await openShop({ mode: 'live' });
  expect((await webhookLines(shop.webhook)).of('kit')).toEqual([
    "fail it takes live money only, and your key is a test key: what it brings is kept away from your handlers: give the kit there this key, or mode: 'test'",
    'warn it keeps deliveries in memory, which forgets what was not handled when the process ends: give createQBitFlow a store: sqliteStore, redisStore or postgresStore',
  ]);
  const durable = await openShop({
    mode: 'test',
    store: { ...shop.store, name: 'table', durable: true },
  });
  expect((await webhookLines(durable.webhook)).of('kit')).toEqual([
    'ok keeps deliveries in table, takes test money, and runs handlers after its answer',
  ]);
});

test('where customers come back to', async () => {
  const { url: elsewhere } = await openShop();
  const away = `http://127.0.0.1:${await freePort()}`;
  const none = await serve(emptyApp());
  const other = elsewhere.replace('127.0.0.1', 'localhost');
  const linesFor = async (publicUrl: string | undefined) => {
    const shop = await openShop({ publicUrl });
    const cure = `set publicUrl to where the kit's routes are mounted, as customers reach them: probably ${shop.url}`;
    return (await webhookLines(shop.webhook))
      .of('publicUrl')
      .map((line) => line.replace(cure, 'CURE'));
  };
  expect(await linesFor(undefined)).toEqual([
    'skipped the kit has none: checkouts then need a successUrl each',
  ]);
  expect(await linesFor(none)).toEqual([
    `fail customers come back to ${none}/success, which answers 404 and is no return page of the kit: CURE`,
  ]);
  expect(await linesFor(away)).toEqual([
    `fail customers come back to ${away}/success, which cannot be reached (ECONNREFUSED): CURE`,
  ]);
  expect(await linesFor(other)).toEqual([
    expect.stringMatching(/^warn customers come back to localhost:\d+, and webhooks come to 127/),
  ]);
  let mounted = '';
  const app: RequestListener = (request, response) => handle(request, response);
  mounted = await serve(app);
  const { kit } = await openShop({ publicUrl: mounted });
  const handle = toNodeHandler(kit);
  expect((await webhookLines(`${mounted}/webhook`)).of('publicUrl')).toEqual([
    `ok ${mounted} is where the routes are mounted`,
  ]);
});
