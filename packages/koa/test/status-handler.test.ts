import { connect, type Socket as Viewer } from 'node:net';
import { Router } from '@koa/router';
import type { Middleware } from 'koa';
import compress from 'koa-compress';
import { createQBitFlow, type StatusOptions } from '@qbitflow/core';
import { type FakeClock, fakeClock, fixtures, signDelivery } from '@qbitflow/core/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { qbitflowRouter, statusHandler } from '../src/index.js';
import { frameworks } from './support/frameworks.js';
import { serve } from './support/serve.js';

const SECRET = 'whsec_test_0123456789';
const PAYMENT = 'pay@01a0c0c7-5a6b-4c7d-8e9f-0a1b2c3d4e5f';
const PATH = `/status/${encodeURIComponent(PAYMENT)}`;

/** A kit whose time stands still, over an API that counts what it is asked. */
async function openKit() {
  const api = { status: 'created', asked: 0 };
  const origin = await serve((request, response) => {
    const isKnown = request.url?.includes(encodeURIComponent(PAYMENT)) === true;
    const isStatus = request.url?.endsWith('/status') === true;
    if (isStatus) api.asked += 1;
    response.writeHead(isKnown && isStatus ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status: api.status }));
  });
  const clock = fakeClock();
  const clients: unknown[] = [];
  const qbitflow = createQBitFlow({
    clientOf: ({ client }) => {
      clients.push(client);
      return client;
    },
    logger: false,
    apiKey: 'sk_test',
    baseUrl: `${origin}/v2`,
    webhookSecret: SECRET,
    clock,
  });
  onTestFinished(async () => {
    const closing = qbitflow.close();
    await clock.advance(60_000);
    await closing;
  });
  const pay = async () => {
    const body = fixtures.v2['payment.completed']({ data: { uuid: PAYMENT } });
    const signed = signDelivery({ version: 'v2', body, secret: SECRET, clock });
    await qbitflow.handleWebhook({
      method: 'POST',
      url: '/',
      headers: signed.headers,
      rawBody: signed.body,
    });
  };
  return { api, clients, clock, qbitflow, pay };
}

/** Opens a stream of events and keeps what arrives. */
async function listen(url: string) {
  const leaving = new AbortController();
  onTestFinished(() => leaving.abort());
  const response = await fetch(url, {
    headers: { accept: 'text/event-stream', 'accept-encoding': 'gzip, br' },
    signal: leaving.signal,
  });
  const seen = { text: '', ended: false };
  const decoder = new TextDecoder();
  const reading = (async () => {
    for await (const chunk of response.body ?? []) seen.text += decoder.decode(chunk);
    seen.ended = true;
  })();
  reading.catch(() => undefined);
  return { response, seen, leave: () => leaving.abort() };
}

describe.each(frameworks)('%s', (_name, Koa) => {
  async function openShop() {
    const kit = await openKit();
    const errors: unknown[] = [];
    const serveRoutes = async (router: Router, around?: Middleware) => {
      const app = new Koa({ keys: ['one'] });
      app.on('error', (error) => errors.push(error));
      app.use(compress({ threshold: 0 }));
      if (around !== undefined) app.use(around);
      app.use(router.routes());
      return serve(app.callback());
    };
    const open = async (options?: StatusOptions, around?: Middleware) =>
      serveRoutes(new Router().all('/status/:uuid', statusHandler(kit.qbitflow, options)), around);
    const openRouter = async () =>
      serveRoutes(new Router().use('/qbitflow', qbitflowRouter(kit.qbitflow).routes()));
    return { ...kit, open, openRouter, errors };
  }

  test('events arrive as they happen, through compression too, and end with the truth', async () => {
    const { clock, pay, open } = await openShop();
    const { response, seen } = await listen((await open()) + PATH);
    expect([
      response.status,
      response.headers.get('content-type'),
      response.headers.get('cache-control'),
      response.headers.get('x-accel-buffering'),
      response.headers.get('content-encoding'),
    ]).toEqual([200, 'text/event-stream; charset=utf-8', 'no-store, no-transform', 'no', null]);
    await expect.poll(() => seen.text).toContain('"step":"customer"');
    expect(seen.text).toMatch(/^retry: \d+\n\nevent: status\ndata: {/);

    await clock.advance(15_000);
    await expect.poll(() => seen.text).toContain(': still here\n\n');
    await pay();
    await expect.poll(() => seen.ended).toBe(true);
    expect(seen.text).toContain('"state":"paid"');
  });

  test('a client that goes away is let go of', async () => {
    const { api, clock, open } = await openShop();
    const url = (await open()) + PATH;
    const streams = await Promise.all([listen(url), listen(url), listen(url)]);
    for (const { seen } of streams) await expect.poll(() => seen.text).toContain('"step"');
    // A heartbeat each, and one watcher for all of them.
    await expect.poll(() => clock.waiting).toBe(4);
    expect(api.asked).toBe(1);

    for (const { leave } of streams) leave();
    await expect.poll(() => clock.waiting).toBe(0);
    await clock.advance(60_000);
    expect(api.asked).toBe(1);
  });

  test('a client is who the app says: the socket, or whom a proxy that it trusts names', async () => {
    const { clients, qbitflow } = await openShop();
    const headers = { 'x-forwarded-for': '203.0.113.9, 198.51.100.7' };
    for (const proxies of [0, 1]) {
      const app = new Koa();
      app.proxy = proxies > 0;
      app.maxIpsCount = proxies;
      app.use(new Router().all('/status/:uuid', statusHandler(qbitflow)).routes());
      await fetch((await serve(app.callback())) + PATH, { headers });
    }
    expect(clients).toEqual(['127.0.0.1', '198.51.100.7']);
  });

  test('who has heard the end is told to stay away', async () => {
    const { open } = await openShop();
    const headers = { accept: 'text/event-stream', 'last-event-id': 'final' };
    const { status, headers: got } = await fetch((await open()) + PATH, { headers });
    expect([status, got.get('content-length'), got.get('cache-control')]).toEqual([
      204,
      null,
      'no-store',
    ]);
  });

  test('close() ends the streams', async () => {
    const { clock, qbitflow, open } = await openShop();
    const { seen } = await listen((await open()) + PATH);
    await expect.poll(() => seen.text).toContain('"step"');
    const closing = qbitflow.close();
    await clock.advance(60_000);
    await closing;
    await expect.poll(() => seen.ended).toBe(true);
  });

  test('JSON by default, 405 for POST, 400 for no id, HEAD without a body', async () => {
    const { open } = await openShop();
    const url = await open();
    const json = await fetch(url + PATH);
    expect([json.status, await json.json()]).toMatchObject([200, { state: 'waiting' }]);
    expect((await fetch(url + PATH, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${url}/status/%7B%7BUUID%7D%7D`)).status).toBe(400);
    const head = await fetch(url + PATH, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  test('authorize decides who may listen', async () => {
    const { open } = await openShop();
    const url = await open({ authorize: ({ headers }) => headers['cookie'] === 'buyer=1' });
    const init = { headers: { accept: 'text/event-stream' } };
    const refused = await fetch(url + PATH, init);
    expect([refused.status, await refused.json()]).toMatchObject([404, { state: 'unknown' }]);
    const headers = { ...init.headers, cookie: 'buyer=1' };
    const allowed = await fetch(url + PATH, { headers });
    expect(allowed.status).toBe(200);
    await allowed.body?.cancel();
  });

  test('the router has it too', async () => {
    const { openRouter, pay } = await openShop();
    const { seen } = await listen(`${await openRouter()}/qbitflow${PATH}`);
    await expect.poll(() => seen.text).toContain('"step":"customer"');
    await pay();
    await expect.poll(() => seen.ended).toBe(true);
    expect(seen.text).toContain('"state":"paid"');
  });

  /** Waits until a viewer sees where the payment stands, and then until the kit has let go of it. */
  async function watchAndLeave(url: string, clock: FakeClock, leave: (viewer: Viewer) => void) {
    const viewer = connect(Number(new URL(url).port), '127.0.0.1').setEncoding('utf8');
    viewer.on('error', () => undefined);
    let text = '';
    viewer.on('data', (chunk: string) => (text += chunk));
    viewer.write(`GET ${PATH} HTTP/1.1\r\nhost: shop\r\naccept: text/event-stream\r\n\r\n`);
    await expect.poll(() => text).toContain('"step":"customer"');
    leave(viewer);
    await expect.poll(() => clock.waiting).toBe(0);
    return text;
  }

  test.each<[string, (viewer: Viewer) => unknown]>([
    ['closes its tab', (viewer) => viewer.destroy()],
    ['loses its network', (viewer) => viewer.resetAndDestroy()],
    ['hangs up', (viewer) => viewer.end()],
  ])('a client that %s is no error of the app', async (_how, leave) => {
    const { clock, errors, open } = await openShop();
    await watchAndLeave(await open(), clock, leave);
    expect(errors).toEqual([]);
  });

  test('what middleware sets after next() reaches the viewer: a rolling session, a response time', async () => {
    const { clock, errors, open } = await openShop();
    const url = await open({}, async (ctx, next) => {
      await next();
      ctx.set('x-response-time', '1ms');
      ctx.cookies.set('session', 'rolled', { signed: true });
    });
    const head = await watchAndLeave(url, clock, (viewer) => viewer.destroy());
    expect(head).toContain('x-response-time: 1ms\r\n');
    expect(head).toMatch(/^set-cookie: session=rolled; path=\/; httponly\r$/im);
    expect(errors).toEqual([]);
  });

  test("an error of the app's own after next() is reported, and nobody is watched for any more", async () => {
    const { clock, errors, open } = await openShop();
    const url = await open({}, async (_ctx, next) => {
      await next();
      throw new Error('the session store is away');
    });
    const { response, seen } = await listen(url + PATH);
    expect(response.status).toBe(500);
    await expect.poll(() => seen.ended).toBe(true);
    expect(errors).toMatchObject([{ message: 'the session store is away' }]);
    await expect.poll(() => clock.waiting).toBe(0);
  });
});
