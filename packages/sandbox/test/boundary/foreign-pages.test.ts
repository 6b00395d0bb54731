import { request } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { startSandbox, type Sandbox } from '../../src/index.js';
import { followed } from '../support/live-client.js';
import { call, openPayment, openSandbox, openWorld } from '../support/world.js';

type Headers = Record<string, string>;

interface Answered {
  readonly status: number;
  readonly text: string;
}

/** Asks as a browser does that was told this name: fetch would not let a caller choose its `Host`. */
async function ask(sandbox: Sandbox, what: string, headers: Headers = {}): Promise<Answered> {
  const [method = 'GET', path = '/'] = what.split(' ');
  return new Promise((resolve, reject) => {
    const outgoing = request(sandbox.url + path, { method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    outgoing.on('error', reject).end();
  });
}

/** The status of an answer that may never end. */
async function begun(sandbox: Sandbox, what: string, headers: Headers): Promise<number> {
  const [method = 'GET', path = '/'] = what.split(' ');
  return new Promise((resolve, reject) => {
    const outgoing = request(sandbox.url + path, { method, headers, agent: false }, (response) => {
      resolve(response.statusCode ?? 0);
      outgoing.destroy();
    });
    outgoing.on('error', reject).end();
  });
}

const portOf = (sandbox: Sandbox): string => new URL(sandbox.url).port;

test.each([
  'GET /',
  'GET /sandbox/settings',
  'GET /deliveries',
  'GET /events',
  'GET /sandbox/events',
  'GET /sandbox/changes',
  'GET /v2/webhooks/events',
  'POST /sandbox/secret/rotate',
  'POST /sandbox/trigger',
  'POST /trigger',
  'POST /clock/day',
  'POST /switch/scenario/stale/on',
  'POST /sandbox/clock',
  'POST /sandbox/members',
  'POST /v2/transaction/session-checkout/new/payment',
])('%s: a name that was made to point here is not answered', async (what) => {
  const sandbox = await openSandbox();
  const { secret } = sandbox;
  const headers = { host: `evil.example:${portOf(sandbox)}`, 'x-api-key': sandbox.apiKey };
  const { status, text } = await ask(sandbox, what, headers);
  expect(status).toBe(403);
  expect(text).toContain('--allow-host');
  expect(text).not.toContain(secret);
  expect(sandbox.secret).toBe(secret);
});

test.each([
  ['localhost', 200],
  ['LOCALHOST', 200],
  ['localhost.', 200],
  ['shop.localhost', 200],
  ['127.0.0.1', 200],
  ['127.1', 200],
  ['127.200.0.1', 200],
  ['[::1]', 200],
  ['evil.example', 403],
  ['localhost.evil.example', 403],
  ['127.0.0.1.evil.example', 403],
  ['evil.example#localhost', 403],
  ['localhost@evil.example', 403],
  ['0.0.0.0', 403],
  ['192.168.0.9', 403],
  ['[fe80::1]', 403],
  ['', 403],
])('it answers to %s with %d', async (name, status) => {
  const sandbox = await openSandbox();
  expect(await ask(sandbox, 'GET /', { host: `${name}:${portOf(sandbox)}` })).toMatchObject({
    status,
  });
});

test('it answers under another port too: a container may publish it there', async () => {
  const sandbox = await openSandbox();
  expect((await ask(sandbox, 'GET /', { host: 'localhost:8080' })).status).toBe(200);
});

test('names it is given are its own, in any case', async () => {
  const sandbox = await openSandbox({ allowedHosts: ['QBitFlow.test', 'sandbox'] });
  for (const [host, status] of [
    ['qbitflow.TEST:4242', 200],
    ['sandbox', 200],
    ['sandbox.evil.example', 403],
  ] as const)
    expect((await ask(sandbox, 'GET /', { host })).status).toBe(status);
});

test('one that listens on every address is reached by all of them, and by no name', async () => {
  const sandbox = await startSandbox({ host: '0.0.0.0' });
  onTestFinished(() => sandbox.close());
  const local = { url: `http://127.0.0.1:${portOf(sandbox)}` } as Sandbox;
  for (const [host, status] of [
    ['192.168.0.9:4242', 200],
    ['[fe80::1]:4242', 200],
    ['localhost', 200],
    ['evil.example', 403],
  ] as const)
    expect((await ask(local, 'GET /', { host })).status).toBe(status);
});

test.each(['with:4242', 'a b', 'http://x', ''])('%j is no name', async (name) => {
  await expect(startSandbox({ allowedHosts: [name] })).rejects.toThrow('allowedHosts');
});

const own = (sandbox: Sandbox): string => sandbox.url;

/** `[who, headers, whether it is done]`, for a POST that any page can send without asking first. */
const callers: [string, (sandbox: Sandbox) => Headers, boolean][] = [
  ['a program', () => ({}), true],
  ["the sandbox's own page", (sandbox) => ({ origin: own(sandbox) }), true],
  [
    'its own page in a browser that hides where it comes from',
    () => ({ origin: 'null', 'sec-fetch-site': 'same-origin' }),
    true,
  ],
  ['a foreign page', () => ({ origin: 'https://evil.example' }), false],
  ['a foreign page that hides itself', () => ({ origin: 'null' }), false],
  [
    'a foreign page on this machine',
    (sandbox) => ({ origin: own(sandbox).replace(/\d+$/, '1') }),
    false,
  ],
  ['a page under another scheme and port', () => ({ origin: 'https://127.0.0.1' }), false],
  ['a foreign page, said by the browser alone', () => ({ 'sec-fetch-site': 'cross-site' }), false],
  ['a page of the same site', () => ({ 'sec-fetch-site': 'same-site' }), false],
  ['what is no origin', () => ({ origin: 'nonsense' }), false],
];

test.each(callers)('%s presses a button', async (_who, headersFor, done) => {
  const sandbox = await openSandbox();
  const uuid = encodeURIComponent(await openPayment(sandbox));
  const headers = { 'content-type': 'text/plain', ...headersFor(sandbox) };
  const paid = await ask(sandbox, `POST /sandbox/sessions/${uuid}/pay`, headers);
  expect(paid.status).toBe(done ? 200 : 403);
  expect(sandbox.sessions[0]?.status).toBe(done ? 'completed' : 'created');
  const { secret } = sandbox;
  await ask(sandbox, 'POST /sandbox/secret/rotate', headers);
  expect(sandbox.secret === secret).toBe(!done);
});

test.each(callers)(
  '%s switches, and presses what sessions can do',
  async (_who, headersFor, done) => {
    const sandbox = await openSandbox();
    const uuid = encodeURIComponent(await openPayment(sandbox));
    const headers = headersFor(sandbox);
    await ask(sandbox, 'POST /switch/scenario/stale/on', headers);
    await ask(sandbox, 'POST /switch/fault/slow', headers);
    await ask(sandbox, 'POST /switch/websocket/refuse', headers);
    const { body } = await call(sandbox, 'GET /sandbox/settings');
    expect(body).toMatchObject(
      done
        ? { scenarios: ['stale'], webSocket: 'refuse', apiFault: { delayMs: 3_000 } }
        : { scenarios: [], webSocket: 'on', apiFault: null },
    );
    await ask(sandbox, 'POST /clock/hour', headers);
    expect(sandbox.now - Date.now() > 3_000_000).toBe(done);
    await ask(sandbox, `POST /sessions/${uuid}/expire`, headers);
    expect(sandbox.sessions[0]?.status).toBe(done ? 'expired' : 'created');
  },
);

test.each(callers)('%s triggers a webhook', async (_who, headersFor, done) => {
  const { sandbox, receiver } = await openWorld();
  const headers = { 'content-type': 'text/plain', ...headersFor(sandbox) };
  const ways = [
    ['/sandbox/trigger', '{"type":"payment.completed"}'],
    ['/trigger', 'type=v2+payment.completed'],
  ] as const;
  for (const [path, body] of ways)
    await fetch(sandbox.url + path, { method: 'POST', redirect: 'manual', headers, body });
  await sandbox.idle();
  expect([sandbox.events.length, receiver.received.length]).toEqual(done ? [2, 2] : [0, 0]);
});

test.each(callers)('%s follows what happens', async (_who, headersFor, done) => {
  const sandbox = await openSandbox();
  const answer = await begun(sandbox, 'GET /sandbox/changes', headersFor(sandbox));
  expect(answer).toBe(done ? 200 : 403);
});

test.each(callers)('%s opens a WebSocket', async (_who, headersFor, done) => {
  const sandbox = await openSandbox();
  const uuid = await openPayment(sandbox);
  const url = `${sandbox.url.replace('http', 'ws')}/v1/transaction/status/ws?${followed(uuid)}`;
  const headers = { 'x-api-key': sandbox.apiKey, ...headersFor(sandbox) };
  expect(await open(url, headers)).toBe(done ? 'open' : 403);
});

test('a WebSocket to a name that was made to point here is refused', async () => {
  const sandbox = await openSandbox();
  const uuid = await openPayment(sandbox);
  const url = `${sandbox.url.replace('http', 'ws')}/v1/transaction/status/ws?${followed(uuid)}`;
  const headers = { 'x-api-key': sandbox.apiKey, host: `evil.example:${portOf(sandbox)}` };
  expect(await open(url, headers)).toBe(403);
});

test('a foreign page may look at what it could not read anyway', async () => {
  const sandbox = await openSandbox();
  const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
  expect((await ask(sandbox, 'GET /', headers)).status).toBe(200);
});

test('its own pages say where their forms come from', async () => {
  const sandbox = await openSandbox();
  const answer = await fetch(sandbox.url);
  expect(answer.headers.get('referrer-policy')).toBe('same-origin');
});

/** Resolves with `open`, or with the status that refused the upgrade. */
async function open(url: string, headers: Headers): Promise<'open' | number> {
  const socket = new WebSocket(url, { headers });
  onTestFinished(() => socket.terminate());
  socket.on('error', () => undefined);
  return new Promise((resolve) => {
    socket.once('open', () => resolve('open'));
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
  });
}
