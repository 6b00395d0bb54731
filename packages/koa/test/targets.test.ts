import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { Router } from '@koa/router';
import { describe, expect, test } from 'vitest';
import { qbitflowRouter, webhookHandler } from '../src/index.js';
import { frameworks } from './support/frameworks.js';
import { serve } from './support/serve.js';
import { openShop, v2Delivery } from './support/shop.js';

/** The status line of the answer to a delivery with exactly this request target. */
async function answerTo(origin: string, target: string): Promise<string | undefined> {
  const { headers, body } = v2Delivery();
  const fields = { ...headers, host: 'shop.example', connection: 'close' };
  const lines = Object.entries({ ...fields, 'content-length': body.length });
  const head = [`POST ${target} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`)];
  const socket = connect(Number(new URL(origin).port), '127.0.0.1');
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  socket.write(body);
  return (await text(socket)).split('\r\n')[0];
}

describe.each(frameworks)('%s', (_name, Koa) => {
  test.each([
    'http://shop.example/qbitflow/webhook',
    '/QBITFLOW/webhook',
    '/qbitflow/Webhook',
    'HTTP://shop.example:80/qbitflow/webhook?from=proxy',
  ])('%s is the webhook', async (target) => {
    const { qbitflow } = await openShop();
    const router = new Router().use('/qbitflow', qbitflowRouter(qbitflow).routes());
    const app = new Koa().use(router.routes());
    expect(await answerTo(await serve(app.callback()), target)).toBe('HTTP/1.1 200 OK');
  });

  test('a request that an earlier middleware has paused is read', async () => {
    const { qbitflow } = await openShop();
    const app = new Koa().use(async (ctx, next) => {
      ctx.req.pause();
      await next();
    });
    app.use(webhookHandler(qbitflow));
    expect(await answerTo(await serve(app.callback()), '/')).toBe('HTTP/1.1 200 OK');
  });
});
